import Engagement
import Testing

@testable import EngagementAPI

@Suite("Secrets are never printed")
struct SecretTests {
    private func printed(_ value: some Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value) \(String(reflecting: value)) \(String(describing: Optional(value))) \([value]) \(dumped)"
    }

    private func expectNoSecret(_ text: String) {
        for secret in Known.everySecret { #expect(!text.contains(secret)) }
    }

    @Test("a secret prints as a placeholder, however it is printed")
    func secret() {
        let secret = Secret("hunter2")
        #expect(!printed(secret).contains("hunter2"))
        #expect("\(secret)" == "<secret>")
        #expect(Mirror(reflecting: secret).children.isEmpty)
        #expect(secret.reveal() == "hunter2")
    }

    @Test("credentials of every kind print without secrets", arguments: [Known.user, Known.appOnly, Known.bearer])
    func credentials(credentials: Credentials) {
        expectNoSecret(printed(credentials))
        #expect(printed(credentials).contains("acme"))
    }

    @Test("a request prints without its authorization", arguments: [Known.user, Known.bearer])
    func request(credentials: Credentials) async throws {
        let bench = Bench(ScriptedTransport(status: 200, sampleBody))
        _ = await bench.outcome(as: credentials)
        let request = try #require(bench.transport.requests.first)
        expectNoSecret(printed(request))
        #expect(printed(request).contains("Authorization: <secret>"))
    }

    @Test("a server that repeats a secret does not get it into an error or event")
    func echo() async throws {
        for (credentials, secret) in [(Known.bearer, Known.everySecret[3]), (Known.user, Known.everySecret[1])] {
            let body = #"{"errors":["Reason: \#(secret) is not known"]}"#
            let bench = Bench(ScriptedTransport(status: 401, body))
            let error = try #require(await bench.outcome(as: credentials).error)
            #expect(error.reason == "Reason: <secret> is not known")
            expectNoSecret(printed(error))
            expectNoSecret(printed(bench.events.all))
        }
    }

    @Test("a body that is no JSON is not repeated")
    func htmlEcho() async throws {
        let bench = Bench(ScriptedTransport(status: 502, "<html>\(Known.everySecret[0])</html>"))
        let error = try #require(await bench.outcome().error)
        #expect(error.code == .badGateway)
        expectNoSecret(printed(error))
    }
}
