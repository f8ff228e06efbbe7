public import Foundation
internal import Glibc

/// A real Redis or Valkey server of a test's own, on a Unix socket in a folder of its own, that can be killed, halted and
/// started again. It keeps nothing on disk: started again, it is empty.
public final class RedisServer {
    /// The server program; nil if there is none on this machine.
    public static let program: URL? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return ["redis-server", "valkey-server"].lazy.flatMap { name in folders.map { URL(filePath: "\($0)/\(name)") } }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    public static var isInstalled: Bool { program != nil }
    /// What a test that is left out says.
    public static let absence = "NOT TESTED: there is no redis-server on this machine; `make setup-tests` installs it"

    public struct Failure: Error {
        public let reason: String
    }

    private let folder: TemporaryFolder
    private let options: [String]
    private var process: Process?

    /// Starts a server and waits until it answers.
    ///
    /// - Parameter options: Of the command line, such as `["--requirepass", "secret"]`.
    public init(_ options: [String] = []) throws {
        folder = try TemporaryFolder()
        self.options = options
        try start()
    }

    deinit {
        kill()
    }

    public var socketPath: String { folder.path("redis") }

    public var url: String { "unix://\(socketPath)" }

    /// Starts it, if it is not running.
    public func start() throws {
        guard process == nil else { return }
        guard let program = RedisServer.program else { throw Failure(reason: RedisServer.absence) }
        let process = Process()
        process.executableURL = program
        process.arguments =
            ["--port", "0", "--unixsocket", socketPath, "--save", "", "--appendonly", "no", "--dir", folder.url.path]
            + options
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        guard eventually({ FileManager.default.fileExists(atPath: socketPath) }) else {
            throw Failure(reason: "the server does not listen")
        }
    }

    /// Ends it at once, as a crash would.
    public func kill() {
        guard let process else { return }
        _ = Glibc.kill(process.processIdentifier, SIGKILL)
        _ = eventually { !process.isRunning }
        self.process = nil
        try? FileManager.default.removeItem(atPath: socketPath)
    }

    /// Halts it: connections stay open, and nothing is answered.
    public func halt() { signal(SIGSTOP) }

    /// Lets it go on after ``halt()``.
    public func resume() { signal(SIGCONT) }

    private func signal(_ number: Int32) {
        if let process { _ = Glibc.kill(process.processIdentifier, number) }
    }
}
