public import Engagement
internal import Gzip
public import JSON

/// One call of the API with its answer, as a line of a recording.
///
/// A recording is a text of one JSON object a line (`.jsonl`), in the order in which the calls were answered. The sandbox and
/// the client write the same lines, so that what the real API said once can be replayed without it.
///
/// ```json
/// {"time":"2026-11-20T12:30:00Z","method":"POST","path":"/insights/engagement/totals","authorization":"bearer",
///  "request":{"tweet_ids":["1"],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}},
///  "status":200,"headers":{"content-type":"application/json","content-encoding":"gzip","x-per-minute-remaining":"9"},
///  "body":{"g":{"1":"26"}}}
/// ```
///
/// | Key | Value |
/// |---|---|
/// | `time` | when it was answered, to the second, UTC |
/// | `method`, `path` | of the request line, without the query |
/// | `authorization` | `user` (OAuth 1.0a with a token), `application` (without one), `bearer`, `none` |
/// | `request` | the body as JSON, or as a string if it is none |
/// | `status` | the number |
/// | `headers` | of the answer, names in lower case: `content-type`, `content-encoding`, `retry-after`, `x-per-*`; no others |
/// | `body` | the unpacked body of the answer, as JSON |
/// | `text` | in its place, if it is text but no JSON: the unpacked text |
/// | `base64` | in its place, if it is neither, or if it does not unpack: the bytes as they were sent |
/// | `failure` | in place of all of the answer, if a client got none: in which way, such as `connectionLost` |
///
/// The `Authorization` field, tokens and signatures are in none of them. Only calls of the API's endpoints are recorded: what the
/// token service answers is a secret. The sandbox leaves out an exchange whose answer never came whole; a client tells of its
/// ``failure``.
public struct RecordedExchange: Equatable, Sendable {
    public var time: UnixTime
    public var method: String
    public var path: String
    public var authorization: AuthenticationKind
    public var request: JSONValue
    /// 0 if there was no answer.
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: Body
    /// Why there was no answer, in the client's words; nil if there was one.
    public var failure: String?

    /// The body of the answer.
    public enum Body: Equatable, Sendable {
        case json(JSONValue)
        case text(String)
        /// As sent.
        case bytes([UInt8])
    }

    public static func == (left: RecordedExchange, right: RecordedExchange) -> Bool {
        left.line == right.line
    }
}

// MARK: - From the wire

extension RecordedExchange {
    init(_ request: SandboxRequest, _ reply: SandboxReply, at time: UnixTime) {
        self.time = UnixTime(seconds: time.seconds)
        method = request.method
        path = request.path
        authorization = AuthorizationHeader(request.header("Authorization")).kind
        self.request = RecordedExchange.request(request.body)
        status = reply.status
        headers = reply.headers.map { ($0.name.lowercased(), $0.value) }.filter { RecordedExchange.isKept($0.name) }
        body = RecordedExchange.body(reply.body, isPacked: headers.contains { $0 == ("content-encoding", "gzip") })
    }

    /// What stands for a request's body: its JSON, or the text that it is instead.
    static func request(_ bytes: [UInt8]) -> JSONValue {
        (try? JSONValue(parsing: bytes)) ?? .string(String(decoding: bytes, as: UTF8.self))
    }

    private static func isKept(_ name: String) -> Bool {
        ["content-type", "content-encoding", "retry-after"].contains(name) || name.hasPrefix("x-per-")
    }

    private static func body(_ sent: [UInt8], isPacked: Bool) -> Body {
        guard let plain = isPacked ? try? Gzip.decompress(sent, limit: maximumBodyBytes) : sent else {
            return .bytes(sent)
        }
        if let value = try? JSONValue(parsing: plain) { return .json(value) }
        return String(validating: plain, as: UTF8.self).map(Body.text) ?? .bytes(sent)
    }

    /// The largest body that is unpacked; larger ones are kept as they were sent.
    private static let maximumBodyBytes = 64 * 1024 * 1024
}

extension AuthorizationHeader {
    /// What a call was signed as, whether rightly or not.
    var kind: AuthenticationKind {
        switch self {
        case .oauth1(let parameters):
            parameters.contains { $0.name == "oauth_token" && !$0.value.isEmpty } ? .user : .application
        case .bearer: .bearer
        case .basic, .unknown, .malformed: .none
        }
    }
}

// MARK: - To the wire

extension RecordedExchange {
    /// Whether it says nothing of the API: the client gave up for reasons of its own.
    var isAbandoned: Bool { failure.map { ["cancelled", "shutDown", "invalidRequest"].contains($0) } ?? false }

    /// The answer again, to be packed if it was.
    var answer: PlainReply {
        switch body {
        case .json(let value): answer(value.bytes)
        case .text(let text): answer(Array(text.utf8))
        case .bytes(let sent): PlainReply(status: status, headers: headers, body: sent, isPackable: false)
        }
    }

    private func answer(_ plain: [UInt8]) -> PlainReply {
        let others = headers.filter { $0 != ("content-encoding", "gzip") }
        return PlainReply(status: status, headers: others, body: plain, isPackable: others.count < headers.count)
    }
}
