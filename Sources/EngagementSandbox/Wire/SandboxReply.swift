/// What the sandbox sends back: finished bytes and how they travel.
public struct SandboxReply: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    /// As sent: gzipped, and spoilt if a fault says so.
    public var body: [UInt8]
    /// How the body travels.
    public var delivery = Delivery()

    /// How a reply travels.
    public struct Delivery: Equatable, Sendable {
        /// How long to wait before anything is sent.
        public var delayMilliseconds = 0
        /// Whether the connection closes in place of an answer.
        public var isHungUp = false
        /// After how many bytes of the body the connection is cut.
        public var cutAfter: Int?
        /// Whether what ends the connection early is a reset (RST), not an orderly end (FIN).
        public var isReset = false
        /// How long to wait between any two pieces of the body; nil sends it at once.
        public var dripMilliseconds: Int?

        /// Whether all of the reply arrives at last.
        var isWhole: Bool { !isHungUp && cutAfter == nil }
    }

    /// Replaces a header field that is there; nil takes it away.
    mutating func replaceHeader(_ name: String, with value: String?) {
        headers.removeAll { $0.name.lowercased() == name.lowercased() }
        if let value { headers.append((name, value)) }
    }

    /// No reply: the connection closes.
    static let none: SandboxReply = {
        var reply = SandboxReply(status: 0, headers: [], body: [])
        reply.delivery.isHungUp = true
        return reply
    }()

    public init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
