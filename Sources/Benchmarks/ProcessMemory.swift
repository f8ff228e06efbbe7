import Foundation

/// What Linux says of this process's resident memory (`proc(5)`, `/proc/pid/status`), in mebibytes.
struct ProcessMemory: Codable, Sendable {
    /// `VmRSS`: now.
    let resident: Double
    /// `VmHWM`: at the most, since the process began.
    let highWaterMark: Double

    /// Reads it now; zeros where there is no such file.
    static func now() -> ProcessMemory {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        func mebibytes(_ key: String) -> Double {
            guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("\(key):") }) else { return 0 }
            let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? 0
            return kibibytes / 1024
        }
        return ProcessMemory(resident: mebibytes("VmRSS"), highWaterMark: mebibytes("VmHWM"))
    }
}
