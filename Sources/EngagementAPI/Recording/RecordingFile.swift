internal import Glibc

/// A file that lines are appended to, each as a whole or not at all, and each handed to the system at once.
internal final class RecordingFile: Sendable {
    private let path: String
    private let descriptor: Int32

    /// Opens the file, or makes it. Nobody but its owner can read it afterwards: it holds private numbers.
    internal init(path: String) throws(RecordingError) {
        self.path = path
        descriptor = unsafe Glibc.open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw RecordingError(path: path, reason: RecordingFile.lastReason) }
        // A file that was there already. The rights of a device or pipe are not ours to change.
        var status = stat()
        let isFile = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        guard !isFile || fchmod(descriptor, 0o600) == 0 else {
            throw RecordingError(path: path, reason: RecordingFile.lastReason)
        }
        try endLastLine()
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Appends `line` and its end. Not to be called by two threads at once.
    internal func append(_ line: [UInt8]) throws(RecordingError) {
        let line = line + [UInt8(ascii: "\n")]
        let start = lseek(descriptor, 0, SEEK_END)
        var rest = line[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = RecordingFile.lastReason
                // Half a line would spoil the one behind it.
                if start >= 0, rest.count < line.count { _ = ftruncate(descriptor, start) }
                throw RecordingError(path: path, reason: reason)
            }
            rest = rest.dropFirst(count)
        }
    }

    /// A process that died while it wrote may have left half a line.
    private func endLastLine() throws(RecordingError) {
        let end = lseek(descriptor, 0, SEEK_END)
        var last: UInt8 = 0
        guard end > 0, unsafe pread(descriptor, &last, 1, end - 1) == 1, last != UInt8(ascii: "\n") else { return }
        try append([])
    }

    private static var lastReason: String { unsafe String(cString: strerror(errno)) }
}
