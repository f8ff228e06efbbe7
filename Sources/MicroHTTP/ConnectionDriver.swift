internal import CMicroHTTPD
internal import Synchronization

/// Turns the callbacks for one connection into events of its current ``Exchange``, and the exchange's actions into
/// calls of libmicrohttpd. Only the connection's worker touches it.
///
/// It lives as long as the connection, so a connection costs one object however many requests it carries, and nothing
/// depends on being told the end of each request, also of those that libmicrohttpd refuses itself or whose header never
/// ends.
internal final class ConnectionDriver {
    private let context: ServerContext
    private let connection: ConnectionReference
    private var target = RequestTarget.none
    private var exchange: Exchange
    private var waiting: Suspension<HTTPResponse>?
    private var isInFlight = false
    private var upgrade: HTTPUpgrade?

    init(_ connection: ConnectionReference, context: ServerContext) {
        self.context = context
        self.connection = connection
        exchange = Exchange(limits: context.limits)
    }

    deinit {
        end()
    }

    /// A request line has arrived.
    func begin(_ target: RequestTarget) {
        end()
        self.target = target
        exchange = Exchange(limits: context.limits)
        isInFlight = true
        context.requestsInFlight.add(1, ordering: .relaxed)
    }

    /// The request is over: its response has been sent, or its connection is closed.
    func end() {
        guard isInFlight else { return }
        isInFlight = false
        context.requestsInFlight.subtract(1, ordering: .relaxed)
    }

    /// libmicrohttpd calls once when the header has arrived, once for each piece of the body, once when the request is
    /// complete, and again after each resumption.
    ///
    /// A response queued in the first call makes it close the connection, since the body might still be on its way. So
    /// a request without a body waits for its last call too, and only refusals are queued in the first.
    func advance(_ line: RequestLine, bytes: UnsafeRawBufferPointer) -> MHD_Result {
        if exchange.isNew {
            let head = connection.head(targetByteCount: target.byteCount, needsHost: line.needsHost)
            return perform(exchange.receive(head: head), line)
        }
        if bytes.count > 0 { return unsafe perform(exchange.receive(bytes), line) }
        if exchange.isWaiting {
            guard let waiting, let response = context.suspensions.take(from: waiting) else { return .YES }
            self.waiting = nil
            return perform(exchange.resume(with: response), line)
        }
        let action = exchange.finishReceiving()
        guard case .handle(let body) = action else { return perform(action, line) }
        let reply = context.handler.respond(
            to: HTTPRequest(method: line.method, target: target, body: body, on: connection)
        )
        return perform(exchange.receive(reply: reply), line)
    }

    private func perform(_ action: Exchange.Action, _ line: RequestLine) -> MHD_Result {
        switch action {
        case .receive: return .YES
        case .reply(let response): return queue(response, line)
        case .refuse(let status, let reason): return queue(context.handler.refusal(status, reason), line)
        case .suspend(let work):
            guard let suspension = context.suspensions.suspend(connection, fallback: context.stopping) else {
                return perform(exchange.resume(with: context.stopping), line)
            }
            waiting = suspension
            suspension.start(work)
            return .YES
        case .handle, .cut: return .NO
        }
    }

    private func queue(_ response: HTTPResponse, _ line: RequestLine) -> MHD_Result {
        let prepared: PreparedResponse?
        switch response.body {
        case .empty: prepared = PreparedResponse()
        case .bytes(let bytes): prepared = PreparedResponse(bytes)
        case .stream(let stream):
            let pump = StreamPump(stream, on: connection, suspensions: context.suspensions)
            prepared = PreparedResponse(pump, isForHead: line.method == .head)
        case .none(let end):
            if end == .reset { connection.reset() }
            return .NO
        case .upgrade(let upgrade):
            guard line.canUpgrade else { return queue(.needsHTTP11, line) }
            guard !context.isDraining.load(ordering: .relaxed) else { return queue(context.stopping, line) }
            self.upgrade = upgrade
            prepared = PreparedResponse(upgrade)
        }
        guard let prepared else { return .NO }
        for (name, value) in response.headers { prepared.add(name: name, value: value) }
        if upgrade == nil, context.isDraining.load(ordering: .relaxed) {
            prepared.add(name: "Connection", value: "close")
        }
        return prepared.queue(status: response.status, on: connection)
    }

    /// 101 has left: from now on the connection is no longer HTTP.
    func takeOver(_ handle: UpgradeHandle, early: [UInt8]) {
        guard let upgrade else { return handle.end() }
        self.upgrade = nil
        context.upgrades.begin(handle, early: early, upgrade)
    }
}

/// The parts of a request line that libmicrohttpd keeps. They lie in the connection's memory and are good for one
/// callback.
@safe
internal struct RequestLine {
    private let methodName: UnsafePointer<CChar>
    private let version: UnsafePointer<CChar>

    init(method: UnsafePointer<CChar>, version: UnsafePointer<CChar>) {
        unsafe methodName = unsafe method
        unsafe self.version = unsafe version
    }

    var method: HTTPMethod { unsafe HTTPMethod(cString: methodName) }

    /// Whether the request must say which host it is for (RFC 9112 §3.2): all must but those of HTTP/1.0.
    var needsHost: Bool { !isHTTP10 }

    /// Whether the connection can be upgraded (RFC 9110 §7.8): all but those of HTTP/1.0.
    var canUpgrade: Bool { !isHTTP10 }

    private var isHTTP10: Bool { unsafe UnsafeRawPointer(version).isTerminated("HTTP/1.0") }
}
