internal import Bytes
internal import GraphQL
internal import MicroHTTP

/// The notation of server-sent events (HTML Standard §9.2) with the events of GraphQL over SSE, distinct connections: `next` with a
/// response as data, and `complete`.
internal enum EventStream {
    static let mediaType = "text/event-stream; charset=utf-8"

    /// No cache keeps them, and no proxy collects them before it passes them on.
    static let headers = [
        (name: "Content-Type", value: mediaType), CacheControl.noStore, (name: "X-Accel-Buffering", value: "no"),
    ]

    /// A comment: what a client reads and passes over.
    static let comment = ByteString(":\n\n")

    static let complete = ByteString("event: complete\ndata:\n\n")

    /// - Parameter response: In one line, as our responses are.
    static func next(_ response: ByteString, id: String?) -> ByteString {
        var buffer = ByteBuffer(capacity: response.count + 64)
        if let id { appendID(id, to: &buffer) }
        buffer.append("event: next\ndata: ")
        buffer.append(response)
        buffer.append("\n\n")
        return buffer.freeze()
    }

    /// Sets the last event id of a client without an event.
    static func place(id: String) -> ByteString {
        var buffer = ByteBuffer(capacity: id.utf8.count + 8)
        appendID(id, to: &buffer)
        buffer.append("\n")
        return buffer.freeze()
    }

    /// One response and the end: an operation that is no subscription, or one that was refused.
    static func single(_ response: ByteString) -> HTTPResponse {
        var buffer = ByteBuffer(capacity: response.count + 64)
        buffer.append(next(response, id: nil))
        buffer.append(complete)
        return HTTPResponse(status: 200, headers: headers, body: .bytes(buffer.freeze()))
    }

    /// The same of a response that was to be sent as a whole.
    static func single(_ response: HTTPResponse) -> HTTPResponse {
        guard case .bytes(let bytes) = response.body else { return response }
        return single(bytes)
    }

    /// A request that was refused before anything ran: what is wrong with a document is an event, since browsers show nothing of a
    /// response with another status.
    static func refusal(_ errors: [GraphQLError]) -> HTTPResponse {
        var buffer = ByteBuffer()
        buffer.append(requestErrors: errors)
        return single(buffer.freeze())
    }

    private static func appendID(_ id: String, to buffer: inout ByteBuffer) {
        buffer.append("id: ")
        buffer.append(id)
        buffer.append("\n")
    }
}

/// The body of a subscription: begun at once, so that the client sees that it is open, and written as fast as the client reads.
internal actor EventStreamBody {
    private let ticket: LiveTicket
    private var hasBegun = false
    private var isOver = false

    init(_ ticket: LiveTicket) {
        self.ticket = ticket
    }

    func next() async -> HTTPBodyStream.Part {
        if isOver { return .end }
        guard hasBegun else {
            hasBegun = true
            return .bytes(EventStream.comment)
        }
        switch await ticket.mailbox.next() {
        case .next(let response, let id): return .bytes(EventStream.next(response, id: id))
        case .place(let id): return .bytes(EventStream.place(id: id))
        case .beat: return .bytes(EventStream.comment)
        case .complete:
            isOver = true
            return .bytes(EventStream.complete)
        }
    }
}
