/// One request's life, from its header to the end of its response, as a value.
///
/// Every method is something that has happened; what it returns is what has to be done about it. Nothing here calls C,
/// so every path is walked in tests without a socket.
///
/// ```
/// head ──▶ body ──▶ handling ──▶ replied
///   │        │          └──▶ waiting ──▶ replied
///   │        └──▶ discarding ──▶ replied (413)
///   └──▶ replied at once (400, 413, 414, 431, 501)
/// ```
internal struct Exchange {
    /// What a server accepts of a request.
    struct Limits: Equatable {
        var maximumHeaderBytes: Int
        var maximumBodyBytes: Int

        /// How much of a body that is too large is read and thrown away before the connection is cut. Cutting at once
        /// would often destroy the 413 before the client has read it: closing a socket that has unread bytes resets it.
        var maximumDiscardedBytes = 16 * 1024 * 1024
    }

    /// What the header says about the shape of the request.
    struct Head: Equatable {
        /// How many bytes the request line and the header fields have together.
        var byteCount = 0
        /// How many of them are the target's.
        var targetByteCount = 0
        /// The announced length of the body.
        var contentLength: UInt64?
        /// Whether the length of the body can be understood in more than one way.
        var isAmbiguous = false
        /// Whether the host is missing or is told twice.
        var lacksHost = false
        /// Whether the body has a transfer coding.
        var isCoded = false
        /// Whether that coding is another than `chunked`.
        var hasUnknownCoding = false
        /// Whether the client waits for a go-ahead before it sends the body.
        var expectsContinue = false
    }

    /// What has to be done now.
    enum Action {
        /// Let the client send on.
        case receive
        /// Give the request, which is complete, to the handler, with this body.
        case handle(body: [UInt8])
        /// Send this.
        case reply(HTTPResponse)
        /// Say that the request is not accepted, and why.
        case refuse(Int, String)
        /// Suspend the connection and start this work.
        case suspend(@Sendable () async -> HTTPResponse)
        /// Close the connection without a word.
        case cut
    }

    private enum Stage: Equatable {
        case head
        case body
        case discarding(byteCount: Int)
        case handling
        case waiting
        case replied
    }

    private let limits: Limits
    private var stage = Stage.head
    private var body: [UInt8] = []

    /// Memory is set aside for an announced body up to this many bytes; beyond it, it grows with what really comes.
    private static let maximumReservedBytes = 256 * 1024

    init(limits: Limits) {
        self.limits = limits
    }

    /// Whether the header is still to come.
    var isNew: Bool { stage == .head }

    /// Whether work is under way that will answer later.
    var isWaiting: Bool { stage == .waiting }

    // MARK: - What happens

    /// The header has arrived. A reply now ends the connection after it, since the body has not been read.
    mutating func receive(head: Head) -> Action {
        if head.targetByteCount > limits.maximumHeaderBytes { return refuse(414, "The request target is too long.") }
        if head.byteCount > limits.maximumHeaderBytes { return refuse(431, "The header fields are too large.") }
        // Whoever stands in front of this server may read such a request as another number of requests than it is here
        // (request smuggling, RFC 9112 §6.3 and §11.2).
        if head.isAmbiguous { return refuse(400, "The header tells the length of the body in two ways.") }
        if head.lacksHost { return refuse(400, "A request names its host, once.") }
        // RFC 9112 §6.1.
        if head.hasUnknownCoding { return refuse(501, "The only transfer coding that is understood is chunked.") }
        stage = .body
        if let length = head.contentLength, !head.isCoded {
            if length > UInt64(limits.maximumBodyBytes) {
                let isWorthDiscarding = length <= UInt64(limits.maximumDiscardedBytes) && !head.expectsContinue
                guard isWorthDiscarding else { return refuseBody() }
                stage = .discarding(byteCount: 0)
            } else if length > 0 {
                body.reserveCapacity(min(Int(length), Exchange.maximumReservedBytes))
            }
        }
        return .receive
    }

    /// A piece of the body has arrived.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) -> Action {
        switch stage {
        case .body:
            if bytes.count <= limits.maximumBodyBytes - body.count {
                unsafe body.append(contentsOf: bytes)
            } else {
                stage = .discarding(byteCount: body.count + bytes.count)
                body = []
            }
            return .receive
        case .discarding(let byteCount):
            let discarded = byteCount + bytes.count
            stage = .discarding(byteCount: discarded)
            return discarded > max(limits.maximumDiscardedBytes, limits.maximumBodyBytes) ? .cut : .receive
        case .head, .handling, .waiting, .replied:
            return .cut
        }
    }

    /// The request is complete.
    mutating func finishReceiving() -> Action {
        switch stage {
        case .body:
            stage = .handling
            let body = self.body
            self.body = []
            return .handle(body: body)
        case .discarding: return refuseBody()
        case .head, .handling, .waiting, .replied: return .cut
        }
    }

    /// The handler has returned.
    mutating func receive(reply: HTTPReply) -> Action {
        switch reply {
        case .now(let response):
            stage = .replied
            return .reply(response)
        case .later(let work):
            stage = .waiting
            return .suspend(work)
        }
    }

    /// The work has ended, or could not be started because the server is stopping.
    mutating func resume(with response: HTTPResponse) -> Action {
        guard stage == .waiting else { return .cut }
        stage = .replied
        return .reply(response)
    }

    // MARK: - Refusals

    private mutating func refuseBody() -> Action {
        refuse(413, "The body is larger than \(limits.maximumBodyBytes) bytes.")
    }

    private mutating func refuse(_ status: Int, _ reason: String) -> Action {
        stage = .replied
        body = []
        return .refuse(status, reason)
    }
}
