import Engagement
import EngagementSandbox
import Testing

/// The published and cross-checked signatures of dossier §10, V2, verify; the smallest change to any of them does not.
@Suite struct OAuth1VectorTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let scheme: String
        let host: String
        let endpoint: Endpoint
        let signature: String
        var token: String? = "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"
        var bodyHash: String?

        var testDescription: String { "\(scheme)://\(host) \(endpoint) \(signature)" }
    }

    static let vectors = [
        Vector("data-api.twitter.com", .totals, "/pMYbW9O1cKhdPGpgGyscSuMVoU="),
        Vector("data-api.twitter.com", .last28Hours, "kZEbRFRLIbtZJrxjB7Uq0t2Tsdk="),
        Vector("data-api.twitter.com", .historical, "/15qDT8P3vPWvN3+zkqvtZaamSs="),
        Vector("data-api.x.com", .totals, "oETXxUmB7d/+eFImVyDWymiE1SA="),
        Vector("data-api.x.com", .last28Hours, "GTtmf6rDZX5N7ZVTbT5tgjNLuAk="),
        Vector("data-api.x.com", .historical, "wMDWTxItiz8IcPWaBNp8HzO4Gw8="),
        Vector(scheme: "http", host: "127.0.0.1:8080", endpoint: .totals, signature: "UhK6MOM2EXJ6rCrCgh8scFbwi48="),
        Vector("DATA-API.twitter.com:443", .totals, "/pMYbW9O1cKhdPGpgGyscSuMVoU="),
        Vector("data-api.twitter.com", .totals, "9zv9uOdXKDNqYsgMVfwfdnwXL8U=", token: nil),
        Vector("data-api.twitter.com", .totals, "HNkp03TtNpNEr3nf/wRMzRUuoNc=", token: ""),
        Vector(
            "data-api.twitter.com",
            .totals,
            "23E/YP1i6zQwFLqTaCWrQnELysk=",
            bodyHash: "FgUVIvVfvLd81qZEtYNPCcpFkUs="
        ),
    ]

    private static let body = """
        {"tweet_ids":["1060976163948904448"],"engagement_types":["impressions"],"groupings":{"g":{"group_by":["tweet.id",\
        "engagement.type"]}}}
        """

    @Test("A signature of the dossier is accepted", arguments: vectors)
    func vectorVerifies(_ vector: Vector) throws {
        let answer = try bench().send(request(vector))
        // Without user context there are no impressions: the signature was right, the metric is refused.
        let hasUser = vector.token?.isEmpty == false
        #expect(answer.status == (hasUser ? 200 : 403), "\(answer.errors)")
    }

    @Test("A signature is refused for another host, path, query or body hash", arguments: vectors)
    func changedRequestFails(_ vector: Vector) throws {
        let bench = try bench()
        var host = request(vector)
        host.headers[0].value = "elsewhere.test"
        #expect(try bench.send(host).status == 401)
        var query = request(vector)
        query.query = "a=b"
        #expect(try bench.send(query).status == 401)
        var path = request(vector)
        path.path = vector.endpoint == .totals ? Endpoint.historical.path : Endpoint.totals.path
        #expect(try bench.send(path).status == 401)
        if vector.bodyHash != nil {
            var body = request(vector)
            body.body.append(0x20)
            #expect(try bench.send(body).status == 401)
        }
        // None of them has used up the nonce.
        #expect(try bench.send(request(vector)).status != 401)
    }

    private func bench() throws -> Bench {
        try Bench(at: "2011-10-14T20:09:18Z") { configuration in
            // The fixture Tweet is younger than the vectors' timestamp: the future does not matter to listed Tweets.
            configuration.timestampToleranceSeconds = 0
            configuration.world = SandboxWorld(
                accounts: [
                    SandboxAccount(
                        name: AccountName("vector"),
                        userID: "370773112",
                        token: "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
                        tokenSecret: "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"
                    )
                ],
                applications: [
                    SandboxApplication(
                        name: "vector",
                        consumerKey: "xvz1evFS4wEEPTGEFPHBog",
                        consumerSecret: "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
                        bearerToken: "unused"
                    )
                ],
                tweets: []
            )
        }
    }

    private func request(_ vector: Vector) -> SandboxRequest {
        var parameters = [
            ("oauth_consumer_key", "xvz1evFS4wEEPTGEFPHBog"),
            ("oauth_nonce", "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"),
            ("oauth_signature", percentEncoded(vector.signature)),
            ("oauth_signature_method", "HMAC-SHA1"), ("oauth_timestamp", "1318622958"), ("oauth_version", "1.0"),
        ]
        if let token = vector.token { parameters.append(("oauth_token", token)) }
        if let hash = vector.bodyHash { parameters.append(("oauth_body_hash", percentEncoded(hash))) }
        let header = "OAuth " + parameters.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ", ")
        // 28hr and historical take the same body; the window of historical is its default.
        return SandboxRequest(
            scheme: vector.scheme,
            path: vector.endpoint.path,
            headers: [
                ("Host", vector.host), ("Accept-Encoding", "gzip, deflate"), ("Content-Type", "application/json"),
                ("Authorization", header),
            ],
            body: Array(OAuth1VectorTests.body.utf8)
        )
    }

    /// Base64 has only these three that must be escaped.
    private func percentEncoded(_ base64: String) -> String {
        base64.map { ["+": "%2B", "/": "%2F", "=": "%3D"][$0] ?? String($0) }.joined()
    }
}

extension OAuth1VectorTests.Vector {
    init(_ host: String, _ endpoint: Endpoint, _ signature: String, token: String?) {
        self.init(scheme: "https", host: host, endpoint: endpoint, signature: signature, token: token)
    }

    init(_ host: String, _ endpoint: Endpoint, _ signature: String, bodyHash: String? = nil) {
        self.init(scheme: "https", host: host, endpoint: endpoint, signature: signature, bodyHash: bodyHash)
    }
}
