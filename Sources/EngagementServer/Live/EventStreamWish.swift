internal import MicroHTTP

/// What a request says that accepts `text/event-stream`.
internal struct EventStreamWish: Sendable {
    /// Whether it wants nothing else, also for what has one response.
    let isOnly: Bool
    /// Where the client was.
    let lastEventID: String?

    /// Nil unless the type is named: whoever accepts anything gets a response. Many clients name it beside others in every request;
    /// then only subscriptions are answered with it.
    init?(_ request: borrowing HTTPRequest) {
        // Of what clients of GraphQL accept besides, nothing has this letter: most requests need no more than this look.
        guard request.method != .head, let accept = request.header("accept"),
            accept.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "v") })
        else { return nil }
        let ranges = MediaRange.list(accept)
        let quality = ranges.quality(of: "text", "event-stream")
        guard quality > 0, ranges.contains(where: { $0.type == "text" && $0.subtype == "event-stream" }) else {
            return nil
        }
        isOnly =
            quality > ranges.quality(of: "application", "json")
            && quality > ranges.quality(of: "application", "graphql-response+json")
        lastEventID = request.header("last-event-id").flatMap { $0.isEmpty ? nil : $0 }
    }
}
