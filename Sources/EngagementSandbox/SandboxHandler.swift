internal import Bytes
internal import MicroHTTP
internal import Synchronization

/// Carries requests and replies between HTTP and ``SandboxEndpoint``; slow and broken deliveries happen here.
struct SandboxHandler: HTTPHandler {
    let endpoint: SandboxEndpoint

    func respond(to request: borrowing HTTPRequest) -> HTTPReply {
        let reply = endpoint.respond(
            to: SandboxRequest(
                method: request.method.name,
                scheme: request.header("X-Forwarded-Proto") ?? "http",
                path: request.path,
                query: request.rawQuery ?? "",
                headers: request.headers,
                body: request.body
            )
        )
        let response =
            reply.delivery.isHungUp
            ? HTTPResponse.none(reply.delivery.isReset ? .reset : .close)
            : HTTPResponse(status: reply.status, headers: reply.headers, body: SandboxHandler.body(of: reply))
        let delay = reply.delivery.delayMilliseconds
        guard delay > 0 else { return .now(response) }
        return .later {
            try? await Task.sleep(for: .milliseconds(delay))
            return response
        }
    }

    private static func body(of reply: SandboxReply) -> HTTPBody {
        if let length = reply.delivery.cutAfter { return .stream(cut(reply, after: length)) }
        if let pause = reply.delivery.dripMilliseconds { return .stream(drip(reply.body, pauseMilliseconds: pause)) }
        return reply.body.isEmpty ? .empty : .bytes(ByteString(reply.body))
    }

    /// The first bytes and then the end of the connection, short of the length that was promised.
    private static func cut(_ reply: SandboxReply, after length: Int) -> HTTPBodyStream {
        let hasBegun = Atomic(false)
        return HTTPBodyStream(length: reply.body.count) {
            guard !hasBegun.exchange(true, ordering: .relaxed) else { return reply.delivery.isReset ? .reset : .abort }
            return .bytes(ByteString(Array(reply.body.prefix(length))))
        }
    }

    /// Ten pieces with pauses between.
    private static func drip(_ body: [UInt8], pauseMilliseconds: Int) -> HTTPBodyStream {
        let size = max(1, (body.count + 9) / 10)
        let sent = Atomic(0)
        return HTTPBodyStream(length: body.count) {
            let start = sent.load(ordering: .relaxed)
            guard start < body.count else { return .end }
            if start > 0 { try? await Task.sleep(for: .milliseconds(pauseMilliseconds)) }
            let end = min(body.count, start + size)
            sent.store(end, ordering: .relaxed)
            return .bytes(ByteString(Array(body[start..<end])))
        }
    }
}
