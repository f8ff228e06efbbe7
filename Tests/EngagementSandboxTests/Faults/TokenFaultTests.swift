import Digests
import Engagement
import EngagementSandbox
import JSON
import Settings
import Testing

/// Faults of the token service (dossier §7, last table).
@Suite struct TokenFaultTests {
    private let request = SandboxRequest(
        path: "/oauth2/token",
        headers: [
            ("Authorization", "Basic \(Base64.encode(Array("SandboxConsumerKey:SandboxConsumerSecret".utf8)))"),
            ("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"),
        ],
        body: Array("grant_type=client_credentials".utf8)
    )

    @Test("A rule has to name the token service to befall it, and spares the API then")
    func target() throws {
        let bench = try Bench { $0.faults = FaultPlan([.init(.serviceUnavailable, endpoint: .token)]) }
        let likes = body([TweetID(rawValue: 1_785_265_636_840_173_569)], ["favorites"])
        #expect(try bench.call(.totals, likes).status == 200)
        #expect(try bench.send(request).status == 503)
        bench.endpoint.setFaults(FaultPlan([.init(.serviceUnavailable)]))
        #expect(try bench.send(request).status == 200)
        #expect(try bench.call(.totals, likes).status == 503)
        #expect(bench.endpoint.tokenCalls == 2)
    }

    @Test("403 is the known object with code 99")
    func forbidden() throws {
        let bench = try Bench { $0.faults = FaultPlan([.init(.forbidden, endpoint: .token)]) }
        let answer = try bench.send(request)
        #expect(answer.status == 403)
        #expect(
            text(answer.json)
                == #"{"errors":[{"code":99,"label":"authenticity_token_error","message":"Unable to verify your credentials"}]}"#
        )
    }

    @Test("rubbish is no JSON")
    func rubbish() throws {
        let bench = try Bench { $0.faults = FaultPlan([.init(.rubbish, endpoint: .token)]) }
        #expect(throws: JSONError.self) { try bench.send(request) }
    }

    @Test("refused-token is a token that looks right, and that the API does not know")
    func refusedToken() throws {
        let bench = try Bench { $0.faults = FaultPlan([.init(.refusedToken, times: 1, endpoint: .token)]) }
        let token = try #require(try bench.send(request).json["access_token"]?.string)
        let call = bench.request(
            .totals,
            body([TweetID(rawValue: 1_785_265_636_840_173_569)], ["favorites"]),
            as: .nobody
        ) { $0.headers.append(("Authorization", "Bearer \(token)")) }
        let answer = try bench.send(call)
        #expect(answer.status == 401)
        #expect(answer.errors == ["Your account could not be authenticated. Reason: Access token not found"])
        #expect(try bench.send(request).json["access_token"]?.string == "SANDBOXBEARERTOKEN")
    }

    @Test(
        "What cannot befall its target is refused",
        arguments: [
            ("{fault: 403-tweets, endpoint: token}", "f:1: faults[0]: cannot befall the token service"),
            ("{fault: refused-token}", "f:1: faults[0]: befalls the token service only"),
            ("{fault: refused-token, endpoint: totals}", "f:1: faults[0]: befalls the token service only"),
        ]
    )
    func impossible(_ rule: String, _ reason: String) {
        let error = #expect(throws: SettingsError.self) {
            try SandboxConfiguration(yaml: "faults: [\(rule)]", source: "f")
        }
        #expect(error?.description.hasPrefix(reason) == true, "\(error?.description ?? "")")
    }
}
