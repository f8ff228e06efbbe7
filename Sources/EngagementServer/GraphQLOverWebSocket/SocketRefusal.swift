internal import GraphQL
internal import JSON

/// Why an operation of a socket does not begin, as its client is told.
internal struct SocketRefusal: Error {
    let errors: [GraphQLError]

    init(_ errors: [GraphQLError]) {
        self.errors = errors
    }

    init(_ refusal: DocumentRefusal, _ mutations: MutationRule) {
        errors = refusal.errors.isEmpty ? [mutations.error] : refusal.errors
    }

    init(_ refusal: AccessRefusal) {
        errors = [SocketRefusal.error(refusal.message, refusal.code.rawValue)]
    }

    init(_ refusal: LiveRefusal) {
        errors =
            switch refusal {
            case .invalid(let errors): errors
            case .foreignEventID:
                [
                    SocketRefusal.error(
                        "lastEventId is none of this subscription's: with an empty one the subscription begins anew.",
                        "UNKNOWN_EVENT_ID"
                    )
                ]
            case .tooMany(let maximum):
                [
                    SocketRefusal.error(
                        "There are \(maximum) subscriptions already, as many as live.subscriptions allows.",
                        "TOO_MANY_SUBSCRIPTIONS"
                    )
                ]
            case .closing: [SocketRefusal.error("The server is stopping.", "STOPPING")]
            }
    }

    /// A client has as many operations under way as it may.
    init(tooManyOperations maximum: Int) {
        errors = [
            SocketRefusal.error(
                "\(maximum) operations are under way on this connection, as many as live.operations allows.",
                "TOO_MANY_OPERATIONS"
            )
        ]
    }

    private static func error(_ message: String, _ code: String) -> GraphQLError {
        GraphQLError(message, extensions: [.init("code", .string(code))])
    }
}
