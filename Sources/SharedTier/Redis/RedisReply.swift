/// One command: its name and its arguments, which may be any bytes.
internal struct RedisCommand: Equatable, Sendable {
    let arguments: [[UInt8]]

    init(_ name: String, _ arguments: [[UInt8]] = []) {
        self.arguments = [Array(name.utf8)] + arguments
    }

    static let ping = RedisCommand("PING")
}

/// What a server answers to one command.
internal enum RedisReply: Equatable, Sendable {
    case none
    case integer(Int64)
    case bytes([UInt8])
    /// A short word such as `OK`.
    case status(String)
    /// The command was refused; the connection is good.
    case refusal(String)
    case list([RedisReply])

    var bytes: [UInt8]? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }

    var integer: Int64? {
        if case .integer(let integer) = self { integer } else { nil }
    }

    var list: [RedisReply]? {
        if case .list(let list) = self { list } else { nil }
    }

    var refusal: String? {
        if case .refusal(let reason) = self { reason } else { nil }
    }
}

/// Why there is no answer. After each of these but ``busy`` the connection is of no use any more.
internal enum RedisError: Error, Equatable, Sendable {
    /// There is no connection, or there is none any more.
    case disconnected(String)
    /// It took too long.
    case timedOut
    /// What came is no answer, or longer than anything that was asked for.
    case malformed(String)
    /// The server does not let us in, or is not ready yet.
    case refused(String)
    /// The commands were not sent, since those before them took all the time.
    case busy
}

extension RedisError: CustomStringConvertible {
    var description: String {
        switch self {
        case .disconnected(let reason): reason
        case .timedOut: "it did not answer in time"
        case .malformed(let reason): "its answer makes no sense: \(reason)"
        case .refused(let reason): "it refused: \(reason)"
        case .busy: "there was no time left"
        }
    }
}

extension String {
    /// What a server says, cut and without what could disturb a log.
    internal init(redisText bytes: some Collection<UInt8>) {
        self.init(decoding: bytes.prefix(160).map { (32..<127).contains($0) ? $0 : 63 }, as: UTF8.self)
    }
}
