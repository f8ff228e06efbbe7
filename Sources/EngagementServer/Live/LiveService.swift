internal import GraphQL
internal import JSON
internal import MicroHTTP

/// Answers subscriptions with streams of events.
internal struct LiveService: Sendable {
    let hub: LiveHub

    func reply(_ operation: Operation, key: [UInt8], _ wish: EventStreamWish) -> HTTPReply {
        do throws(LiveRefusal) {
            let ticket = try hub.subscribe(operation, key: key, lastEventID: wish.lastEventID)
            let body = EventStreamBody(ticket)
            let stream = HTTPBodyStream { await body.next() }
            return .now(HTTPResponse(status: 200, headers: EventStream.headers, body: .stream(stream)))
        } catch {
            return .now(LiveService.refusal(error))
        }
    }

    /// What is wrong with a document is an event, since browsers show nothing of a response with another status. What would be wrong
    /// again at each new try has a status that keeps them from trying; what passes has one that does not.
    private static func refusal(_ refusal: LiveRefusal) -> HTTPResponse {
        switch refusal {
        case .invalid(let errors): EventStream.single(LiveLook.failure(errors))
        case .foreignEventID:
            ErrorResponse.json(
                400,
                "Last-Event-ID is none of this subscription's: without it the subscription begins anew.",
                code: "UNKNOWN_EVENT_ID"
            )
        case .tooMany(let maximum):
            ErrorResponse.json(
                503,
                "There are \(maximum) subscriptions already, as many as live.subscriptions allows.",
                code: "TOO_MANY_SUBSCRIPTIONS",
                headers: [(name: "Retry-After", value: "30")]
            )
        case .closing: ErrorResponse.json(503, "The server is stopping.", headers: [(name: "Retry-After", value: "5")])
        }
    }
}

extension GraphQLError {
    /// What a subscription is answered where there is no stream.
    internal static let needsEventStream = GraphQLError(
        "A subscription is answered with a stream of events: send Accept: text/event-stream.",
        extensions: [.init("code", .string("NEEDS_EVENT_STREAM"))]
    )
}
