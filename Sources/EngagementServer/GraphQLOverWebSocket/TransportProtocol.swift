internal import Bytes
internal import JSON

/// What one client of `graphql-transport-ws` may do next, as a value: messages go in, and what is to be done about them comes out.
internal struct TransportProtocol {
    /// The name under which it is negotiated.
    static let name = "graphql-transport-ws"

    enum Action {
        case none
        /// The client has said hello: say it too.
        case acknowledge
        case send(ByteString)
        /// Begin the operation, of which nobody knows yet whether it can be had.
        case start(id: String, GraphQLRequest)
        /// The client wants no more of it.
        case stop(id: String)
        case close(SocketClosure)
    }

    /// Whether the client has said hello.
    private(set) var isAcknowledged = false
    /// The operations that are neither complete nor refused.
    private var open: Set<String> = []

    /// A text has arrived.
    mutating func receive(_ text: [UInt8]) -> Action {
        let message: ClientMessage
        do {
            message = try ClientMessage(text)
        } catch let error as MalformedRequest {
            return .close(.invalid(error.message))
        } catch {
            return .close(.invalid("The message is not JSON: \(error)."))
        }
        switch message {
        case .connectionInit:
            if isAcknowledged { return .close(.tooManyInitialisations) }
            isAcknowledged = true
            return .acknowledge
        case .ping(let payload): return .send(ServerMessage.pong(payload))
        case .pong: return .none
        case .subscribe(let id, let request):
            guard isAcknowledged else { return .close(.unauthorized) }
            guard open.insert(id).inserted else { return .close(.subscriberExists(id)) }
            return .start(id: id, request)
        case .complete(let id):
            // Both sides may complete an operation at the same time: then the id is not known any more.
            return open.remove(id) == nil ? .none : .stop(id: id)
        }
    }

    /// The server has ended an operation, whose id may be used again.
    mutating func end(_ id: String) { open.remove(id) }
}

/// Why a socket is closed, with the codes of `graphql-transport-ws` and of RFC 6455 §7.4.1.
internal struct SocketClosure: Error, Equatable {
    let code: UInt16
    let reason: String

    /// The reason says what is wrong, as far as it fits.
    static func invalid(_ reason: String) -> SocketClosure { SocketClosure(code: 4400, reason: reason) }

    static func subscriberExists(_ id: String) -> SocketClosure {
        SocketClosure(code: 4409, reason: "Subscriber for \(id) already exists")
    }

    static let unauthorized = SocketClosure(code: 4401, reason: "Unauthorized")
    static let initialisationTimeout = SocketClosure(code: 4408, reason: "Connection initialisation timeout")
    static let tooManyInitialisations = SocketClosure(code: 4429, reason: "Too many initialisation requests")
    static let internalError = SocketClosure(code: 4500, reason: "Internal server error")
    static let goingAway = SocketClosure(code: 1001, reason: "The server is stopping")
    static let flood = SocketClosure(code: 1008, reason: "Too many messages (live.messages)")
}
