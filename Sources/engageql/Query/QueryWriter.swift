import Glibc

/// Where rows go: standard output, or a file that gets its name when it is complete.
struct QueryWriter {
    private let file: PartialFile?
    private let descriptor: Int32

    /// - Parameter path: Nil for standard output. A file that is there is replaced.
    init(_ path: String?) throws(Failure) {
        guard let path else {
            file = nil
            descriptor = STDOUT_FILENO
            return
        }
        let file = try PartialFile(path, replaces: true)
        self.file = file
        descriptor = unsafe open(file.path, O_WRONLY | O_CLOEXEC)
    }

    func write(_ bytes: [UInt8]) throws(Failure) {
        var offset = 0
        while offset < bytes.count {
            let written = unsafe bytes[offset...].withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw failure }
            offset += written
        }
    }

    func write(_ text: String) throws(Failure) { try write(Array(text.utf8)) }

    func finish() throws(Failure) {
        guard let file else { return }
        guard close(descriptor) == 0 else { throw failure }
        try file.finish()
    }

    func abandon() { file?.abandon() }

    private var failure: Failure {
        Failure(.cannotCreate, "\(file?.name ?? "standard output") cannot be written: \(PartialFile.errorText)")
    }
}
