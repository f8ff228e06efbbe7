internal import MicroHTTP
internal import Synchronization
internal import WebSocket

/// All clients of `graphql-transport-ws`, whoever they are.
internal final class SocketHub: Sendable {
    private let settings: LiveConfiguration
    private let state = Mutex(State())
    private let operations = Atomic(0)

    /// What a client has to take while something is on its way. The slowest of mobile networks carry some times as much.
    private static let leastBytesPerSecond = 1024

    private struct State {
        /// Those that are open or about to be.
        var places = 0
        var sockets: [ObjectIdentifier: GraphQLSocket] = [:]
        var isClosed = false
        var beating: Task<Void, Never>?
    }

    init(_ settings: LiveConfiguration) {
        self.settings = settings
    }

    /// How many sockets there are.
    var count: Int { state.withLock { $0.sockets.count } }

    /// How many operations have been asked for.
    var operationCount: Int { operations.load(ordering: .relaxed) }

    // MARK: - Opening

    /// Answers a request that wants a WebSocket.
    ///
    /// - Parameter caller: Whoever has sent it.
    func reply(to request: borrowing HTTPRequest, _ caller: SocketCaller) -> HTTPReply {
        let handshake: WebSocketHandshake
        do throws(WebSocketHandshake.Refusal) {
            handshake = try WebSocketHandshake(request, subprotocols: [TransportProtocol.name])
        } catch {
            return .now(SocketHub.refusal(error))
        }
        let place: SocketPlace
        do throws(HubRefusal) {
            place = try reserve()
        } catch {
            return .now(refusal(error))
        }
        return .now(
            .upgrade(to: "websocket", headers: handshake.headers) { [self] connection in
                await serve(connection, caller)
                place.giveUp()
            }
        )
    }

    private func serve(_ connection: UpgradedConnection, _ caller: SocketCaller) async {
        let limits = WebSocketLimits(
            messageBytes: settings.maximumMessageBytes,
            framesPerBeat: settings.maximumMessages,
            leastBytesPerBeat: settings.keepAliveSeconds * SocketHub.leastBytesPerSecond,
            floodCode: SocketClosure.flood.code,
            floodReason: SocketClosure.flood.reason,
            sleep: settings.sleep
        )
        let socket = GraphQLSocket(WebSocketConnection(connection, limits: limits), caller, settings) { [self] in
            operations.add(1, ordering: .relaxed)
        }
        let isOpen = state.withLock { state in
            if state.isClosed { return false }
            state.sockets[ObjectIdentifier(socket)] = socket
            if state.beating == nil { state.beating = Task { [weak self] in await self?.beat() } }
            return true
        }
        if !isOpen { await socket.close(.goingAway) }
        await socket.serve()
        leave(socket)
    }

    private func leave(_ socket: GraphQLSocket) {
        let idle: Task<Void, Never>? = state.withLock { state in
            state.sockets[ObjectIdentifier(socket)] = nil
            guard state.sockets.isEmpty else { return nil }
            defer { state.beating = nil }
            return state.beating
        }
        idle?.cancel()
    }

    private enum HubRefusal: Error {
        case off
        case closing
        case full
    }

    private func reserve() throws(HubRefusal) -> SocketPlace {
        guard settings.maximumSockets > 0 else { throw .off }
        try state.withLock { state throws(HubRefusal) in
            if state.isClosed { throw .closing }
            guard state.places < settings.maximumSockets else { throw .full }
            state.places += 1
        }
        return SocketPlace { [weak self] in self?.state.withLock { $0.places -= 1 } }
    }

    // MARK: - Life

    private func beat() async {
        while !Task.isCancelled {
            guard (try? await settings.sleep(Int64(settings.keepAliveSeconds) * 1000)) != nil else { return }
            // Each in a task of its own: one that does not read holds up no other.
            for socket in state.withLock({ Array($0.sockets.values) }) { Task { await socket.beat() } }
        }
    }

    /// Closes all sockets in good order, and opens no new ones. To be called before subscriptions are ended: a client that is told
    /// that the server goes away comes back, one whose subscription is complete does not.
    func close() {
        let (sockets, beating) = state.withLock { state in
            state.isClosed = true
            return (Array(state.sockets.values), state.beating)
        }
        beating?.cancel()
        for socket in sockets {
            socket.endOperations()
            Task { await socket.close(.goingAway) }
        }
    }

    // MARK: - Refusals

    private static func refusal(_ refusal: WebSocketHandshake.Refusal) -> HTTPResponse {
        switch refusal {
        case .version:
            ErrorResponse.json(
                426,
                "The version of WebSocket is 13 (Sec-WebSocket-Version).",
                headers: WebSocketHandshake.versionHeaders
            )
        case .malformed(let reason): ErrorResponse.json(400, reason)
        case .subprotocol(let offered):
            ErrorResponse.json(
                400,
                """
                WebSockets speak \(TransportProtocol.name) here: name it in Sec-WebSocket-Protocol\
                \(offered.contains("graphql-ws") ? "; graphql-ws is the older protocol, which is not spoken" : "").
                """,
                code: "UNKNOWN_SUBPROTOCOL"
            )
        }
    }

    private func refusal(_ refusal: HubRefusal) -> HTTPResponse {
        switch refusal {
        case .off: ErrorResponse.json(400, "WebSockets are switched off (live.sockets).", code: "NO_WEBSOCKETS")
        case .closing:
            ErrorResponse.json(
                503,
                "The server is stopping.",
                code: "STOPPING",
                headers: [(name: "Retry-After", value: "5")]
            )
        case .full:
            ErrorResponse.json(
                503,
                "There are \(settings.maximumSockets) WebSockets already, as many as live.sockets allows.",
                code: "TOO_MANY_SOCKETS",
                headers: [(name: "Retry-After", value: "30")]
            )
        }
    }
}

/// Whoever has opened a socket, as its handshake says: what answers him, and whether he may change something.
internal struct SocketCaller: Sendable {
    let service: GraphQLService
    let mutations: MutationRule
    /// The key that he has shown, if he needs one: each operation counts as a request with it.
    let key: KeyHolder?
}

/// A place among the sockets, given up when its socket is over, or when nobody holds it any more: a client may leave before the
/// answer to its handshake has left.
private final class SocketPlace: Sendable {
    private let leave: Mutex<(@Sendable () -> Void)?>

    init(_ leave: @escaping @Sendable () -> Void) { self.leave = Mutex(leave) }

    deinit { giveUp() }

    func giveUp() {
        let leave = leave.withLock { $0.take() }
        leave?()
    }
}
