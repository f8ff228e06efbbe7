import Digests
import Engagement
import EngagementSandbox
import EngagementServer
import Foundation
import Gzip
import JSON
import TestSupport

/// A client of the Engagement API, which does not know what it talks to: it signs as RFC 5849 says, written out for the tests
/// alone, asks for gzip and unpacks whatever comes.
struct DropInClient {
    var consumerKey = "SandboxConsumerKey"
    var consumerSecret = "SandboxConsumerSecret"
    /// Nil leaves `oauth_token` out.
    var token: String? = "1000001-SandboxTokenOfAcme"
    var tokenSecret = "SandboxTokenSecretOfAcme"
    /// In place of a signature.
    var bearer: String?
    /// Scheme and host that are signed; the host is what ``TestBed`` sends.
    var signedHost = "http://test"

    static let acme = DropInClient()
    static let globex = DropInClient(token: "1000002-SandboxTokenOfGlobex", tokenSecret: "SandboxTokenSecretOfGlobex")
    static let application = DropInClient(token: nil, tokenSecret: "")
    static let bearer = DropInClient(bearer: "SANDBOXBEARERTOKEN")

    static func named(_ name: String) -> DropInClient {
        switch name {
        case "bearer": bearer
        case "application": application
        case "globex": globex
        default: acme
        }
    }

    struct Answer {
        let status: Int
        let json: JSONValue
        let headers: [(name: String, value: String)]

        var errors: [String] { (json["errors"]?.array ?? []).compactMap(\.string) }

        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
    }

    /// Posts `body` to an endpoint at `port`.
    func call(_ endpoint: Endpoint, _ body: String, port: UInt16, now: UnixTime) async throws -> Answer {
        let header = authorization(endpoint.path, time: now.seconds)
        return try await DropInClient.send("POST", endpoint.path, body, port: port, authorization: header)
    }

    /// Sends a request as it is said.
    static func send(
        _ method: String,
        _ path: String,
        _ body: String,
        port: UInt16,
        authorization: String?,
        headers: [(name: String, value: String)] = DropInClient.headers
    ) async throws -> Answer {
        let all = headers + (authorization.map { [(name: "Authorization", value: $0)] } ?? [])
        let response = try await TestBed.send(method, path, port: port, headers: all, body: Array(body.utf8))
        guard method != "HEAD" else { return Answer(status: response.status, json: .null, headers: response.headers) }
        // As real clients do it: without looking at Content-Encoding.
        let content = try unpacked(response.body)
        return Answer(status: response.status, json: try JSONValue(parsing: content), headers: response.headers)
    }

    static func unpacked(_ body: [UInt8]) throws -> [UInt8] { try Gzip.decompress(body, limit: 1 << 26) }

    static let headers = [
        (name: "Content-Type", value: "application/json"), (name: "Accept-Encoding", value: "gzip, deflate"),
    ]

    // MARK: - Signing

    /// The value of `Authorization` for a POST.
    func authorization(
        _ path: String,
        time: Int64,
        nonce: String = UUID().uuidString,
        extra: [String: String] = [:]
    ) -> String {
        if let bearer { return "Bearer \(bearer)" }
        var parameters = [
            "oauth_consumer_key": consumerKey, "oauth_nonce": nonce, "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": "\(time)", "oauth_version": "1.0",
        ]
        if let token { parameters["oauth_token"] = token }
        parameters.merge(extra) { $1 }
        let pairs = parameters.map { "\(escape($0.key))=\(escape($0.value))" }.sorted().joined(separator: "&")
        let base = "POST&\(escape(signedHost + path))&\(escape(pairs))"
        let key = "\(escape(consumerSecret))&\(escape(tokenSecret))"
        parameters["oauth_signature"] = Base64.encode(
            HMACSHA1.authenticationCode(for: Array(base.utf8), key: Array(key.utf8))
        )
        return "OAuth " + parameters.map { "\(escape($0.key))=\"\(escape($0.value))\"" }.joined(separator: ", ")
    }
}

private func escape(_ text: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    return text.utf8.map { byte in
        plain.contains(byte)
            ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
}

extension TestBed {
    /// The answer of the server.
    func dropIn(
        _ endpoint: Endpoint,
        _ body: String,
        as client: DropInClient = .acme
    ) async throws -> DropInClient.Answer {
        try await client.call(endpoint, body, port: server.port, now: sandbox.now)
    }

    /// The answer of the sandbox itself.
    func direct(
        _ endpoint: Endpoint,
        _ body: String,
        as client: DropInClient = .acme
    ) async throws -> DropInClient.Answer {
        try await client.call(endpoint, body, port: sandbox.port, now: sandbox.now)
    }
}

/// The text of a request body.
func requestBody(
    _ tweets: [TweetID],
    _ types: [EngagementType],
    _ groupings: [(label: String, groupBy: [String])] = [("g", ["tweet.id", "engagement.type"])],
    start: String? = nil,
    end: String? = nil
) -> String {
    let members: [JSONValue.Member] = [
        .init("tweet_ids", .array(tweets.map { .string($0.description) })),
        .init("engagement_types", .array(types.map { .string($0.wireName) })),
        .init(
            "groupings",
            .object(
                groupings.map {
                    .init($0.label, .object([.init("group_by", .array($0.groupBy.map(JSONValue.string)))]))
                }
            )
        ),
    ]
    let window = [("start", start), ("end", end)].compactMap { key, value in
        value.map { JSONValue.Member(key, .string($0)) }
    }
    return JSONValue.object(members + window).text
}

extension JSONValue {
    /// With the elements of arrays in the order of their texts: the API's lists of ids have no order.
    var withSortedArrays: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.withSortedArrays).sorted { $0.text < $1.text })
        case .object(let members): .object(members.map { .init($0.name, $0.value.withSortedArrays) })
        default: self
        }
    }
}
