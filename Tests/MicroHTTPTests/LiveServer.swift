import Bytes
import MicroHTTP
import Synchronization
import TestSupport

/// A handler that is a closure.
struct ClosureHandler: HTTPHandler {
    let body: @Sendable (borrowing HTTPRequest) -> HTTPReply

    func respond(to request: borrowing HTTPRequest) -> HTTPReply { body(request) }
}

/// Answers with the method, the path and the body of the request.
let echo = ClosureHandler { request in
    .now(
        HTTPResponse(
            status: 200,
            headers: [("X-Method", request.method.name), ("X-Path", request.path)],
            body: .bytes(ByteString(request.body))
        )
    )
}

/// A server for the time of `body`, which runs on a thread of its own: it blocks, and must not take the threads that
/// later replies run on.
@discardableResult
func withServer<Result: Sendable>(
    _ configuration: HTTPServerConfiguration = HTTPServerConfiguration(workers: 2),
    _ handler: ClosureHandler = echo,
    _ body: @escaping @Sendable (HTTPServer) throws -> Result
) async throws -> Result {
    let server = try HTTPServer(configuration, handler: handler)
    defer { server.stop() }
    return try await onThread { try body(server) }
}

/// A door that later work waits behind until a test opens it.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var waitingCount: Int { state.withLock { $0.waiting.count } }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// A stream of these parts, one a call.
func stream(_ parts: [HTTPBodyStream.Part], length: Int? = nil) -> HTTPBodyStream {
    let rest = Mutex(parts[...])
    return HTTPBodyStream(length: length) { rest.withLock { $0.popFirst() } ?? .end }
}

/// A number that many threads count up.
final class Counter: Sendable {
    private let number = Atomic(0)

    var value: Int { number.load(ordering: .relaxed) }

    /// The number after adding one.
    @discardableResult
    func increment() -> Int { number.add(1, ordering: .relaxed).newValue }
}
