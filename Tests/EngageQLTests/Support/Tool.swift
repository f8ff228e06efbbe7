import Foundation
import Glibc
import JSON
import TestSupport

/// `engageql` as a process, run in the package's folder as its users do. Blocking: for a thread of a test's own.
final class Tool {
    private let process = Process()
    private let folder: TemporaryFolder

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts the tool.
    ///
    /// - Parameters:
    ///   - input: What it reads from standard input.
    ///   - environment: Variables beside those of this process.
    init(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        process.executableURL = Tool.executable
        process.arguments = arguments
        process.currentDirectoryURL = Tool.packageFolder
        // Whoever runs the tests may have settings of their own.
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ENGAGEQL_") }
        process.environment = inherited.merging(environment) { $1 }
        process.standardInput = FileHandle(forReadingAtPath: try folder.write("stdin", input))
        process.standardOutput = try Tool.handle(folder.path("stdout"))
        process.standardError = try Tool.handle(folder.path("stderr"))
        try process.run()
    }

    deinit {
        if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
    }

    /// Starts `engageql serve --sandbox` on a free port and waits until it answers.
    static func serve(data: String, _ arguments: [String] = [], environment: [String: String] = [:]) throws -> Tool {
        let tool = try Tool(
            ["serve", "--sandbox", "--port", "0", "--data", data] + arguments,
            environment: environment
        )
        try tool.waitUntilListening()
        return tool
    }

    // MARK: - What it says

    var standardOutput: String { Tool.text(folder.path("stdout")) }
    var standardError: String { Tool.text(folder.path("stderr")) }

    /// The port in its first line, once that is there.
    @discardableResult
    func waitUntilListening() throws -> UInt16 {
        _ = eventually { self.standardOutput.contains("\n") || !self.process.isRunning }
        guard let port = Tool.port(in: standardOutput.split(separator: "\n").first ?? "") else {
            throw Failure(description: "does not listen: \(standardOutput) \(standardError)")
        }
        return port
    }

    var port: UInt16 { Tool.port(in: standardOutput.split(separator: "\n").first ?? "") ?? 0 }

    /// The port of the sandbox inside `serve --sandbox`, in its second line.
    var sandboxPort: UInt16 {
        _ = eventually { self.standardOutput.filter { $0 == "\n" }.count > 1 }
        return Tool.port(in: standardOutput.split(separator: "\n").dropFirst().first ?? "") ?? 0
    }

    /// `http://127.0.0.1:40123` in `listening on http://127.0.0.1:40123`.
    private static func port(in line: Substring) -> UInt16? {
        guard let address = line.firstRange(of: "http://127.0.0.1:") else { return nil }
        return UInt16(line[address.upperBound...].prefix { $0.isNumber })
    }

    // MARK: - Its end

    func signal(_ number: Int32) {
        Glibc.kill(process.processIdentifier, number)
    }

    enum End: Equatable {
        case exit(Int32)
        case signal(Int32)
        case running
    }

    /// Waits until it has ended.
    func end() -> End {
        guard eventually({ !self.process.isRunning }) else { return .running }
        return process.terminationReason == .exit
            ? .exit(process.terminationStatus) : .signal(process.terminationStatus)
    }

    // MARK: - Asking

    /// Sends a request on a connection of its own.
    static func send(
        _ method: String,
        _ path: String,
        port: UInt16,
        body: [UInt8] = []
    ) throws -> RawClient.Response {
        let client = try RawClient(port: port)
        let head =
            "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.count)\r\n\r\n"
        client.send(Array(head.utf8) + body)
        return try client.readResponse()
    }

    func get(_ path: String) throws -> RawClient.Response { try Tool.send("GET", path, port: port) }

    /// Posts a GraphQL request and returns its response.
    func ask(_ query: String) throws -> JSONValue { try Tool.ask(query, port: port) }

    static func ask(_ query: String, port: UInt16) throws -> JSONValue {
        let escaped = query.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
        let response = try send("POST", "/graphql", port: port, body: Array("{\"query\":\"\(escaped)\"}".utf8))
        return try JSONValue(parsing: response.body)
    }

    // MARK: - Places

    /// Where `Package.swift` lies.
    static let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The tool is built beside the tests.
    static let executable: URL = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "engageql")
    }()

    private static func handle(_ path: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return try FileHandle(forWritingTo: URL(filePath: path))
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}

extension TemporaryFolder {
    /// Writes a file into the folder and returns its path.
    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: path(name)))
        return path(name)
    }
}
