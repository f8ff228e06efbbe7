internal import Glibc
internal import Settings
internal import Synchronization

/// Appends exchanges to a recording, each with one write of its own, so that a process that dies leaves whole lines.
@safe
final class ExchangeRecorder: Sendable {
    private let path: String
    private let descriptor: Int32
    private let report: @Sendable (SandboxEvent) -> Void
    /// Whether the latest write failed. The lock also keeps lines apart.
    private let isFailing: Mutex<Bool>

    /// Opens a recording, or makes one that only its owner can read.
    ///
    /// - Throws: ``SettingsError`` with the file if it cannot be written.
    init(path: String, report: @escaping @Sendable (SandboxEvent) -> Void) throws(SettingsError) {
        descriptor = unsafe open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = "cannot be written: \(unsafe String(cString: strerror(errno)))"
            throw SettingsError(source: path, line: nil, key: "", reason: reason)
        }
        self.path = path
        self.report = report
        isFailing = Mutex(false)
        endLastLine()
    }

    deinit {
        _ = close(descriptor)
    }

    /// Appends an exchange. If that fails, it is told once, until it works again; serving goes on.
    func record(_ exchange: RecordedExchange) {
        let line = exchange.line + [UInt8(ascii: "\n")]
        isFailing.withLock { isFailing in
            guard let reason = append(line) else {
                isFailing = false
                return
            }
            if !isFailing { report(.recordingFailed(path: path, reason: reason)) }
            isFailing = true
        }
    }

    /// Writes a line as a whole or not at all; returns why not.
    private func append(_ line: [UInt8]) -> String? {
        let end = lseek(descriptor, 0, Int32(SEEK_END))
        var rest = line[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = unsafe String(cString: strerror(errno))
                // Half a line would spoil the recording.
                if end >= 0, rest.count < line.count { _ = ftruncate(descriptor, end) }
                return reason
            }
            rest = rest.dropFirst(count)
        }
        return nil
    }

    /// A process that was killed while writing may have left half a line: it must not swallow the next one.
    private func endLastLine() {
        let end = lseek(descriptor, 0, Int32(SEEK_END))
        var last: UInt8 = 0
        guard end > 0, unsafe pread(descriptor, &last, 1, end - 1) == 1, last != UInt8(ascii: "\n") else { return }
        _ = append([UInt8(ascii: "\n")])
    }
}
