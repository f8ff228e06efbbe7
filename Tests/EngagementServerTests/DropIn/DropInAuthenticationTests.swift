import Digests
import Engagement
import EngagementAPI
import EngagementSandbox
import EngagementServer
import JSON
import TestSupport
import Testing

/// Who is let in, and what those are told who are not.
@Suite
struct DropInAuthenticationTests {
    static let unknownType = ["Your account could not be authenticated. Reason: Unknown Authorization Type"]
    static let notFound = ["Your account could not be authenticated. Reason: Access token not found"]

    private static let body = """
        {"tweet_ids":["1060976163948904448"],"engagement_types":["impressions"],"groupings":{"g":{"group_by":["tweet.id",\
        "engagement.type"]}}}
        """

    // MARK: - Dossier §10, V2

    struct Vector: Sendable, CustomTestStringConvertible {
        let host: String
        let endpoint: Endpoint
        let signature: String
        var token: String? = "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"
        var bodyHash: String?

        var testDescription: String { "\(host) \(endpoint) \(signature)" }

        init(_ host: String, _ endpoint: Endpoint, _ signature: String) {
            self.host = host
            self.endpoint = endpoint
            self.signature = signature
        }

        func with(token: String?) -> Vector {
            var vector = self
            vector.token = token
            return vector
        }

        func with(bodyHash: String) -> Vector {
            var vector = self
            vector.bodyHash = bodyHash
            return vector
        }

        /// The `Authorization` header, with `signature` or another one.
        func header(signature: String? = nil, nonce: String = "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg") -> String {
            var parameters = [
                ("oauth_consumer_key", "xvz1evFS4wEEPTGEFPHBog"), ("oauth_nonce", nonce),
                ("oauth_signature", signature ?? self.signature), ("oauth_signature_method", "HMAC-SHA1"),
                ("oauth_timestamp", "1318622958"), ("oauth_version", "1.0"),
            ]
            if let token { parameters.append(("oauth_token", token)) }
            if let bodyHash { parameters.append(("oauth_body_hash", bodyHash)) }
            // Base64 has only these three that must be escaped.
            let escape = { (text: String) in
                text.map { ["+": "%2B", "/": "%2F", "=": "%3D"][$0] ?? String($0) }.joined()
            }
            return "OAuth " + parameters.map { "\($0.0)=\"\(escape($0.1))\"" }.joined(separator: ", ")
        }
    }

    static let vectors = [
        Vector("https://data-api.twitter.com", .totals, "/pMYbW9O1cKhdPGpgGyscSuMVoU="),
        Vector("https://data-api.twitter.com", .last28Hours, "kZEbRFRLIbtZJrxjB7Uq0t2Tsdk="),
        Vector("https://data-api.twitter.com", .historical, "/15qDT8P3vPWvN3+zkqvtZaamSs="),
        Vector("https://data-api.x.com", .totals, "oETXxUmB7d/+eFImVyDWymiE1SA="),
        Vector("https://data-api.x.com", .last28Hours, "GTtmf6rDZX5N7ZVTbT5tgjNLuAk="),
        Vector("https://data-api.x.com", .historical, "wMDWTxItiz8IcPWaBNp8HzO4Gw8="),
        Vector("http://127.0.0.1:8080", .totals, "UhK6MOM2EXJ6rCrCgh8scFbwi48="),
        Vector("https://DATA-API.twitter.com:443", .totals, "/pMYbW9O1cKhdPGpgGyscSuMVoU="),
        Vector("https://data-api.twitter.com", .totals, "9zv9uOdXKDNqYsgMVfwfdnwXL8U=").with(token: nil),
        Vector("https://data-api.twitter.com", .totals, "HNkp03TtNpNEr3nf/wRMzRUuoNc=").with(token: ""),
        Vector("https://data-api.twitter.com", .totals, "23E/YP1i6zQwFLqTaCWrQnELysk=")
            .with(bodyHash: "FgUVIvVfvLd81qZEtYNPCcpFkUs="),
    ]

    @Test("A signature of the dossier is accepted for the host it was made for, once", arguments: vectors)
    func vectorVerifies(_ vector: Vector) async throws {
        let bed = try vectorBed(hosts: [vector.host])
        // Nothing of this uses up the nonce.
        #expect(try await send(vector, bed, path: "\(vector.endpoint.path)?a=b").errors == Self.notFound)
        let other: Endpoint = vector.endpoint == .totals ? .historical : .totals
        #expect(try await send(vector, bed, path: other.path).errors == Self.notFound)
        #expect(try await send(vector, bed, header: vector.header(nonce: "another")).errors == Self.notFound)
        #expect(try await send(vector, bed, header: vector.header(signature: "AAAA")).errors == Self.notFound)
        if vector.bodyHash != nil {
            #expect(try await send(vector, bed, body: Self.body + " ").errors == Self.notFound)
        }

        let accepted = try await send(vector, bed)
        if vector.token?.isEmpty == false {
            // The vectors are of 2011, when historical had nothing to tell: the sandbox refuses what we then ask it.
            #expect(accepted.status == (vector.endpoint == .historical ? 503 : 200))
        } else {
            // The signature was right; without a user there are no impressions.
            #expect(accepted.status == 403)
            #expect(accepted.errors == ["Forbidden to access metrics: impressions"])
        }
        #expect(try await send(vector, bed).errors == Self.notFound)
    }

    @Test("A signature for a host that is not configured is refused")
    func otherHost() async throws {
        let bed = try vectorBed(hosts: ["https://data-api.x.com"])
        #expect(try await send(Self.vectors[0], bed).status == 401)
        #expect(try await send(Self.vectors[3], bed).status == 200)
    }

    private func vectorBed(hosts: [String]) throws -> TestBed {
        let token = "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"
        let secret = "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"
        let key = "xvz1evFS4wEEPTGEFPHBog"
        let keySecret = "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw"
        return try TestBed(at: UnixTime(seconds: 1_318_622_958)) { server, sandbox in
            server.dropIn.acceptedHosts = hosts
            server.dropIn.timestampToleranceSeconds = 0
            sandbox.world = SandboxWorld(
                accounts: [
                    SandboxAccount(name: AccountName("vector"), userID: "370773112", token: token, tokenSecret: secret)
                ],
                applications: [
                    SandboxApplication(
                        name: "vector",
                        consumerKey: key,
                        consumerSecret: keySecret,
                        bearerToken: "unused"
                    )
                ],
                tweets: []
            )
        }
    }

    private func send(
        _ vector: Vector,
        _ bed: TestBed,
        header: String? = nil,
        path: String? = nil,
        body: String = DropInAuthenticationTests.body
    ) async throws -> DropInClient.Answer {
        try await DropInClient.send(
            "POST",
            path ?? vector.endpoint.path,
            body,
            port: bed.server.port,
            authorization: header ?? vector.header()
        )
    }

    // MARK: - Signatures of our own

    private static let tweet = TweetID(rawValue: 1_260_294_888_811_347_969)
    private static let call = requestBody([tweet], [.favorites])

    @Test("Whatever is wrong with a signature, the answer is the same")
    func wrongSignatures() async throws {
        let bed = try TestBed()
        let now = bed.sandbox.now.seconds
        let path = Endpoint.totals.path
        func headers(_ client: DropInClient, time: Int64? = nil, extra: [String: String] = [:]) -> String {
            client.authorization(path, time: time ?? now, extra: extra)
        }
        let hash = Base64.encode(SHA1.hash(Array("another body".utf8)))
        let wrong = [
            headers(DropInClient(consumerKey: "unknown")),
            headers(DropInClient(consumerSecret: "wrong")),
            headers(DropInClient(token: "unknown")),
            headers(DropInClient(tokenSecret: "wrong")),
            // Each half is somebody's.
            headers(DropInClient(tokenSecret: DropInClient.globex.tokenSecret)),
            headers(DropInClient(token: nil)),
            headers(DropInClient(signedHost: "https://test")),
            headers(DropInClient(signedHost: "http://elsewhere")),
            headers(.acme, time: now - 301),
            headers(.acme, time: now + 301),
            headers(.acme, time: .max),
            headers(.acme, time: .min),
            headers(.acme, extra: ["oauth_timestamp": "yesterday"]),
            headers(.acme, extra: ["oauth_version": "2.0"]),
            headers(.acme, extra: ["oauth_signature_method": "PLAINTEXT"]),
            headers(.acme, extra: ["oauth_nonce": ""]),
            headers(.acme, extra: ["oauth_body_hash": hash]),
            headers(.acme) + ", oauth_token=\"1\"",
            headers(.acme) + ",",
            headers(.acme) + ", x",
            headers(.acme).replacing("oauth_nonce", with: "oauth_nunce"),
            headers(.acme).replacing("oauth_nonce=\"", with: "oauth_nonce=\"%4"),
            "OAuth", "OAuth ", "OAuth =\"\"", "OAuth a=\"", "OAuth a=\"%zz\"", "OAuth \"", "OAuth ,,,",
            "Bearer ", "Bearer SANDBOXBEARERTOKEN",
        ]
        for header in wrong {
            let answer = try await DropInClient.send(
                "POST",
                path,
                Self.call,
                port: bed.server.port,
                authorization: header
            )
            #expect(answer.status == 401 && answer.errors == Self.notFound, "\(header)")
        }
        #expect(bed.sandbox.calls.isEmpty)
    }

    @Test("What may be written differently is accepted")
    func rightSignatures() async throws {
        let bed = try TestBed()
        let now = bed.sandbox.now.seconds
        let path = Endpoint.totals.path
        let acme = DropInClient.acme
        let right = [
            acme.authorization(path, time: now - 300),
            acme.authorization(path, time: now + 300),
            acme.authorization(path, time: now).replacing("OAuth ", with: "oauth realm=\"a, b\","),
            acme.authorization(path, time: now).replacing(", ", with: ","),
            acme.authorization(
                path,
                time: now,
                extra: ["oauth_body_hash": Base64.encode(SHA1.hash(Array(Self.call.utf8)))]
            ),
            acme.authorization(path, time: now, nonce: "é +&%\""),
            DropInClient(token: "", tokenSecret: "").authorization(path, time: now),
        ]
        for header in right {
            let answer = try await DropInClient.send(
                "POST",
                path,
                Self.call,
                port: bed.server.port,
                authorization: header
            )
            #expect(answer.status == 200, "\(header): \(answer.errors)")
        }
    }

    @Test("A nonce is taken once, but another caller or another second may have the same")
    func replay() async throws {
        let bed = try TestBed()
        let now = bed.sandbox.now.seconds
        func status(_ client: DropInClient, _ time: Int64) async throws -> Int {
            let header = client.authorization(Endpoint.totals.path, time: time, nonce: "n")
            return try await DropInClient.send(
                "POST",
                Endpoint.totals.path,
                Self.call,
                port: bed.server.port,
                authorization: header
            ).status
        }
        #expect(try await status(.acme, now) == 200)
        #expect(try await status(.acme, now) == 401)
        #expect(try await status(.acme, now + 1) == 200)
        #expect(try await status(.application, now) == 200)
        #expect(try await status(.acme, now) == 401)
        bed.clock.advance(seconds: 300)
        #expect(try await status(.acme, now) == 401)
        bed.clock.advance(seconds: 1)
        #expect(try await status(.acme, now) == 401)
        #expect(try await status(.acme, now + 301) == 200)
    }

    @Test("Nonces beyond what is remembered push out the oldest second, which is then refused")
    func nonceMemoryIsBounded() async throws {
        let bed = try TestBed { server, _ in server.dropIn.rememberedNonces = 3 }
        let now = bed.sandbox.now.seconds
        let old = DropInClient.acme.authorization(Endpoint.totals.path, time: now - 10)
        func status(_ header: String) async throws -> Int {
            try await DropInClient.send(
                "POST",
                Endpoint.totals.path,
                Self.call,
                port: bed.server.port,
                authorization: header
            ).status
        }
        #expect(try await status(old) == 200)
        for second in 0..<3 {
            #expect(
                try await status(DropInClient.acme.authorization(Endpoint.totals.path, time: now + Int64(second)))
                    == 200
            )
        }
        #expect(try await status(old) == 401)
        #expect(try await status(DropInClient.acme.authorization(Endpoint.totals.path, time: now - 10)) == 401)
        #expect(try await status(DropInClient.acme.authorization(Endpoint.totals.path, time: now + 3)) == 200)
    }

    // MARK: - Without a signature

    @Test("A scheme that the API does not know is told so", arguments: [nil, "", "Basic YTpi", "Digest x", "token"])
    func otherSchemes(_ header: String?) async throws {
        let bed = try TestBed()
        let answer = try await DropInClient.send(
            "POST",
            Endpoint.totals.path,
            Self.call,
            port: bed.server.port,
            authorization: header
        )
        #expect(answer.status == 401)
        #expect(answer.errors == Self.unknownType)
    }

    @Test("The app's bearer token gives public metrics of totals, and nothing else")
    func bearer() async throws {
        let bed = try TestBed { server, sandbox in
            server.accounts = TestBed.accounts(sandbox.world)
            server.accounts[0].bearer = Secret("SANDBOXBEARERTOKEN")
        }
        #expect(try await bed.dropIn(.totals, Self.call, as: .bearer).status == 200)
        let all = requestBody([Self.tweet], [.impressions, .favorites, .engagements, .urlClicks])
        let answer = try await bed.dropIn(.totals, all, as: .bearer)
        #expect(answer.status == 403)
        #expect(answer.errors == ["Forbidden to access metrics: engagements, impressions, url_clicks"])
        #expect(try await bed.dropIn(.historical, Self.call, as: .bearer).errors == Self.unknownType)
        let twoLegged = try await bed.dropIn(.historical, Self.call, as: .application)
        #expect(twoLegged.status == 403)
        #expect(twoLegged.errors == ["Forbidden to access metrics: favorites"])
        #expect(
            try await bed.dropIn(.totals, Self.call, as: DropInClient(bearer: "SANDBOXBEARERTOKEM")).errors
                == Self.notFound
        )
    }

    @Test("Programs on this machine may do without, if that is configured; web pages and proxies may not")
    func unsigned() async throws {
        let bed = try TestBed { server, _ in server.dropIn.unsigned = true }
        func status(_ extra: [(name: String, value: String)]) async throws -> Int {
            try await DropInClient.send(
                "POST",
                Endpoint.totals.path,
                requestBody([Self.tweet], [.impressions]),
                port: bed.server.port,
                authorization: nil,
                headers: DropInClient.headers + extra
            ).status
        }
        #expect(try await status([]) == 200)
        #expect(try await status([(name: "Origin", value: "http://evil.test")]) == 401)
        #expect(try await status([(name: "X-Forwarded-For", value: "192.0.2.1")]) == 401)
        #expect(try await status([(name: "Forwarded", value: "for=192.0.2.1")]) == 401)
        #expect(try await status([(name: "Authorization", value: "Basic YTpi")]) == 401)
    }
}
