import Engagement
import EngagementSandbox
import Gzip
import JSON
import Synchronization
import TestSupport
import Testing

/// A sandbox without a socket, with a clock that stands still, and short ways to call it.
final class Bench: Sendable {
    let endpoint: SandboxEndpoint
    let clock: ManualClock

    private let nonces = Atomic(0)

    /// Who calls.
    enum Identity {
        case user(Signer)
        case bearer
        case nobody

        static let acme = Identity.user(.acme)
        static let globex = Identity.user(.globex)
        static let application = Identity.user(.application)
    }

    struct Answer {
        let status: Int
        let headers: [(name: String, value: String)]
        let json: JSONValue

        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

        var errors: [String] { json["errors"]?.array?.compactMap(\.string) ?? [] }
    }

    init(at time: String = "2024-10-01T12:20:00Z", _ adjust: (inout SandboxConfiguration) -> Void = { _ in }) throws {
        let clock = ManualClock(milliseconds: try #require(UnixTime(iso8601: time)).milliseconds)
        self.clock = clock
        var configuration = SandboxConfiguration()
        configuration.clock = { UnixTime(milliseconds: clock.milliseconds) }
        adjust(&configuration)
        endpoint = try SandboxEndpoint(configuration)
    }

    var now: UnixTime { endpoint.now }

    /// A request that is right in every respect but for what `adjust` does to it.
    func request(
        _ endpoint: Endpoint,
        _ body: String,
        as identity: Identity = .acme,
        _ adjust: (inout SandboxRequest) -> Void = { _ in }
    ) -> SandboxRequest {
        var request = SandboxRequest(
            path: endpoint.path,
            headers: [
                ("Host", "sandbox.test:8089"), ("Accept-Encoding", "gzip"), ("Content-Type", "application/json"),
            ],
            body: Array(body.utf8)
        )
        switch identity {
        case .user(let signer):
            let nonce = "nonce\(nonces.add(1, ordering: .relaxed).newValue)"
            let url = "http://sandbox.test:8089\(endpoint.path)"
            request.headers.append(("Authorization", signer.header(url, timestamp: now.seconds, nonce: nonce)))
        case .bearer:
            request.headers.append(("Authorization", "Bearer SANDBOXBEARERTOKEN"))
        case .nobody:
            break
        }
        adjust(&request)
        return request
    }

    func send(_ request: SandboxRequest) throws -> Answer {
        let reply = endpoint.respond(to: request)
        let isGzip = reply.headers.contains { $0.name == "Content-Encoding" && $0.value == "gzip" }
        let body = isGzip ? try Gzip.decompress(reply.body, limit: 1 << 24) : reply.body
        return Answer(status: reply.status, headers: reply.headers, json: try JSONValue(parsing: body))
    }

    func call(_ endpoint: Endpoint, _ body: String, as identity: Identity = .acme) throws -> Answer {
        try send(request(endpoint, body, as: identity))
    }
}

/// A request body. `groupings` are written as `name: [dimensions]`.
func body(
    _ tweets: [TweetID],
    _ types: [String],
    groupings: [(String, [String])] = [("g", ["tweet.id", "engagement.type"])],
    start: String? = nil,
    end: String? = nil
) -> String {
    let ids = tweets.map { "\"\($0)\"" }.joined(separator: ",")
    let names = types.map { "\"\($0)\"" }.joined(separator: ",")
    let groups = groupings.map { name, groupBy in
        "\"\(name)\":{\"group_by\":[\(groupBy.map { "\"\($0)\"" }.joined(separator: ","))]}"
    }
    let window = [("start", start), ("end", end)].compactMap { key, value in value.map { ",\"\(key)\":\"\($0)\"" } }
    return """
        {"tweet_ids":[\(ids)],"engagement_types":[\(names)],"groupings":{\(groups.joined(separator: ","))}\(window.joined())}
        """
}

extension JSONValue {
    /// The same value with the members of every object and the texts of every list in order: neither order has a meaning.
    var sorted: JSONValue {
        switch self {
        case .object(let members):
            .object(members.map { Member($0.name, $0.value.sorted) }.sorted { $0.name < $1.name })
        case .array(let elements):
            .array(elements.map(\.sorted).sorted { $0.string ?? "" < $1.string ?? "" })
        default: self
        }
    }
}

/// A Tweet of the default account, posted so many hours before the moment.
func tweet(hours: Int64, before now: UnixTime, sequence: UInt64 = 0) -> TweetID {
    SandboxWorld.tweetID(postedAt: now.advanced(bySeconds: -hours * 3600), sequence: sequence)
}
