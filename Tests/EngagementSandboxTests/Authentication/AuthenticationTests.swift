import Digests
import Engagement
import EngagementSandbox
import JSON
import Testing

/// Who is let in, and with which words the others are turned away (dossier §7, §9).
@Suite struct AuthenticationTests {
    private static let unknownType = "Your account could not be authenticated. Reason: Unknown Authorization Type"
    private static let tokenNotFound = "Your account could not be authenticated. Reason: Access token not found"
    private let likes = body([TweetID(rawValue: 1_785_265_636_840_173_569)], ["favorites"])

    @Test("User tokens, an application and its bearer token may all read public totals")
    func everyModeReadsPublicTotals() throws {
        let bench = try Bench()
        for identity in [Bench.Identity.acme, .application, .bearer] {
            #expect(try bench.call(.totals, likes, as: identity).status == 200)
        }
        #expect(bench.endpoint.calls.map(\.authentication) == [.user, .application, .bearer])
        #expect(bench.endpoint.calls.map(\.account) == [AccountName("acme"), nil, nil])
    }

    @Test("Without a known scheme, and with a bearer token on a series, the authorization type is unknown")
    func unknownSchemes() throws {
        let bench = try Bench()
        #expect(try bench.call(.totals, likes, as: .nobody).errors == [AuthenticationTests.unknownType])
        for header in ["Basic YTpi", "Digest x", "OAuthx y", ""] {
            let request = bench.request(.totals, likes, as: .nobody) { $0.headers.append(("Authorization", header)) }
            let answer = try bench.send(request)
            #expect(answer.status == 401)
            #expect(answer.errors == [AuthenticationTests.unknownType])
        }
        #expect(try bench.call(.last28Hours, likes, as: .bearer).errors == [AuthenticationTests.unknownType])
    }

    @Test("An unknown token, consumer or bearer token is not found")
    func unknownCredentials() throws {
        let bench = try Bench()
        let signers = [Signer(consumerKey: "nobody"), Signer(token: "1-nobody")]
        for signer in signers {
            let answer = try bench.call(.totals, likes, as: .user(signer))
            #expect(answer.status == 401)
            #expect(answer.errors == [AuthenticationTests.tokenNotFound])
        }
        let request = bench.request(.totals, likes, as: .nobody) { $0.headers.append(("Authorization", "Bearer no")) }
        #expect(try bench.send(request).errors == [AuthenticationTests.tokenNotFound])
    }

    @Test("A wrong secret fails, and the log tells the base string that was expected")
    func wrongSecretFails() throws {
        let bench = try Bench()
        for signer in [Signer(consumerSecret: "wrong"), Signer(tokenSecret: "wrong")] {
            #expect(try bench.call(.totals, likes, as: .user(signer)).status == 401)
        }
        let explanation = try #require(bench.endpoint.calls.last?.explanation)
        #expect(explanation.contains("POST&http%3A%2F%2Fsandbox.test%3A8089%2Finsights%2Fengagement%2Ftotals&oauth_"))
    }

    @Test("A timestamp may be off by the tolerance and no more", arguments: [-301, -300, 0, 300, 301])
    func timestampTolerance(_ offset: Int64) throws {
        let bench = try Bench()
        let url = "http://sandbox.test:8089\(Endpoint.totals.path)"
        let header = Signer.acme.header(url, timestamp: bench.now.seconds + offset, nonce: "n")
        let request = bench.request(.totals, likes, as: .nobody) { $0.headers.append(("Authorization", header)) }
        #expect(try bench.send(request).status == (abs(offset) <= 300 ? 200 : 401))
    }

    @Test("A nonce works once for a consumer, a token and a timestamp")
    func nonceIsUsedOnce() throws {
        let bench = try Bench()
        let url = "http://sandbox.test:8089\(Endpoint.totals.path)"
        func status(_ signer: Signer, at time: Int64) throws -> Int {
            let header = signer.header(url, timestamp: time, nonce: "n")
            return try bench.send(
                bench.request(.totals, likes, as: .nobody) { $0.headers.append(("Authorization", header)) }
            ).status
        }
        let first = bench.now.seconds
        #expect(try status(.acme, at: first) == 200)
        #expect(try status(.acme, at: first) == 401)
        #expect(try status(.application, at: first) == 200)
        #expect(try status(.acme, at: first + 1) == 200)
    }

    @Test(
        "A malformed OAuth field is refused without a crash",
        arguments: [
            "OAuth", "OAuth ", "OAuth x", "OAuth oauth_nonce=abc", "OAuth oauth_nonce=\"%\"",
            "OAuth oauth_nonce=\"%zz\"",
            "OAuth oauth_nonce=\"\"", "OAuth a=\"1\", a=\"1\"", "OAuth ,,,", "OAuth =\"\"", "OAuth a=\"",
            "OAuth a=\"%FF\"",
        ]
    )
    func malformedHeader(_ header: String) throws {
        let bench = try Bench()
        let request = bench.request(.totals, likes, as: .nobody) { $0.headers.append(("Authorization", header)) }
        #expect(try bench.send(request).status == 401)
    }

    @Test("An application that is not allow-listed is refused with the known sentence")
    func notAllowListed() throws {
        let bench = try Bench()
        let signer = Signer(consumerKey: "SandboxNotEnrolledKey", consumerSecret: "SandboxNotEnrolledSecret")
        let answer = try bench.call(.totals, likes, as: .user(signer))
        #expect(answer.status == 403)
        #expect(answer.errors.first?.lowercased().contains("your application id is not authorized.") == true)
    }

    @Test("The token service gives the bearer token for the right key and secret")
    func tokenService() throws {
        let bench = try Bench()
        func ask(_ credentials: String, grant: String = "grant_type=client_credentials") throws -> Bench.Answer {
            try bench.send(
                SandboxRequest(
                    path: "/oauth2/token",
                    headers: [
                        ("Authorization", "Basic \(Base64.encode(Array(credentials.utf8)))"),
                        ("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"),
                    ],
                    body: Array(grant.utf8)
                )
            )
        }
        let token = try ask("SandboxConsumerKey:SandboxConsumerSecret")
        #expect(token.status == 200)
        #expect(token.json["token_type"]?.string == "bearer")
        #expect(token.json["access_token"]?.string == "SANDBOXBEARERTOKEN")
        let refused = try ask("SandboxConsumerKey:wrong")
        #expect(refused.status == 403)
        #expect(refused.json["errors"]?[0]?["code"]?.integer == 99)
        #expect(refused.json["errors"]?[0]?["label"]?.string == "authenticity_token_error")
        #expect(refused.json["errors"]?[0]?["message"]?.string == "Unable to verify your credentials")
        #expect(try ask("SandboxConsumerKey:SandboxConsumerSecret", grant: "").status == 403)
    }
}
