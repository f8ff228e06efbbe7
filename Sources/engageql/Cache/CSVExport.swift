import Engagement
import Glibc
import MetricCache

/// Numbers as CSV (RFC 4180), with lines that end in CR LF.
final class CSVExport: NumberExport {
    private let file: PartialFile?
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    private static let bufferBytes = 1 << 16
    private static let header =
        "account,tweetId,family,grain,start,metric,state,count,fetchedAt,isOutdated\r\n"

    /// - Parameter path: - for standard output.
    init(_ path: String, replaces: Bool) throws(Failure) {
        if path == "-" {
            file = nil
            descriptor = STDOUT_FILENO
        } else {
            let file = try PartialFile(path, replaces: replaces)
            self.file = file
            descriptor = unsafe open(file.path, O_WRONLY | O_CLOEXEC)
        }
        buffer += CSVExport.header.utf8
    }

    func append(_ numbers: [StoredNumber]) throws(Failure) {
        for number in numbers {
            let fields = [
                CSVExport.escaped(number.scope.account?.rawValue ?? ""), "\(number.tweet)", number.family,
                number.grain ?? "", number.start ?? "", number.type.wireName, "\(number.state)",
                number.state == .counted ? "\(number.count)" : "", number.fetchedAt.iso8601,
                number.isOutdated ? "1" : "0",
            ]
            buffer += (fields.joined(separator: ",") + "\r\n").utf8
            if buffer.count >= CSVExport.bufferBytes { try write() }
        }
    }

    func finish() throws(Failure) {
        try write()
        guard let file else { return }
        guard close(descriptor) == 0 else { throw failure }
        try file.finish()
    }

    func abandon() { file?.abandon() }

    private func write() throws(Failure) {
        var offset = 0
        while offset < buffer.count {
            let written = unsafe buffer[offset...].withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw failure }
            offset += written
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private var failure: Failure {
        Failure(.cannotCreate, "\(file?.name ?? "standard output") cannot be written: \(PartialFile.errorText)")
    }

    /// A field in quotation marks if it has to be.
    private static func escaped(_ field: String) -> String {
        guard field.contains(where: { ",\"\r\n".contains($0) || $0.isNewline }) else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
