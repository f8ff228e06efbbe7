import Digests
import Engagement
import Testing

@testable import EngagementAPI

@Suite("Bearer tokens by key and secret")
struct BearerTokenTests {
    static let deadline = UnixTime(seconds: 4_000_000_000)
    static let granted = #"{"token_type":"bearer","access_token":"AAAA%2FAAA"}"#

    private func source(_ transport: ScriptedTransport) -> BearerToken {
        BearerToken(
            url: "https://api.example/oauth2/token",
            consumer: Known.consumer,
            account: Known.account,
            transport: transport
        )
    }

    private func outcome(_ source: BearerToken) async -> Result<Secret, EngagementAPIError> {
        do throws(EngagementAPIError) {
            return .success(try await source.value(deadline: BearerTokenTests.deadline))
        } catch {
            return .failure(error)
        }
    }

    @Test("the Basic header is that of dossier §9.1")
    func basic() {
        let consumer = ConsumerKey(
            key: "xvz1evFS4wEEPTGEFPHBog",
            secret: Secret("L8qq9PZyRg6ieKGEKhZolGC0vJWLw8iEJ88DRdyOg")
        )
        #expect(
            BearerToken.basicAuthorization(of: consumer)
                == "Basic eHZ6MWV2RlM0d0VFUFRHRUZQSEJvZzpMOHFxOVBaeVJnNmllS0dFS2hab2xHQzB2SldMdzhpRUo4OERSZHlPZw=="
        )
    }

    @Test("a token is asked for once and then remembered")
    func remembered() async throws {
        let transport = ScriptedTransport(status: 200, BearerTokenTests.granted)
        let source = source(transport)
        #expect(await outcome(source).value?.reveal() == "AAAA%2FAAA")
        #expect(await outcome(source).value?.reveal() == "AAAA%2FAAA")
        let request = try #require(transport.requests.first)
        #expect(transport.requests.count == 1)
        #expect(String(decoding: request.body, as: UTF8.self) == "grant_type=client_credentials")
        #expect(
            request.headers.contains(HTTPHeader("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"))
        )
        await source.forget()
        _ = await outcome(source)
        #expect(transport.requests.count == 2)
    }

    @Test("a refusal is typed with the service's number and not remembered")
    func refused() async throws {
        let transport = ScriptedTransport([
            .success(
                TransportResponse(
                    status: 403,
                    body: Array(
                        #"{"errors":[{"code":99,"label":"authenticity_token_error","message":"Unable to verify your credentials"}]}"#
                            .utf8
                    )
                )
            ),
            .success(TransportResponse(status: 200, body: Array(BearerTokenTests.granted.utf8))),
        ])
        let source = source(transport)
        let error = try #require(await outcome(source).error)
        #expect(error.code == .tokenRefused(code: 99))
        #expect(error.reason == "Unable to verify your credentials")
        #expect(error.status == 403)
        #expect(error.account == Known.account)
        #expect(!error.isRetryable)
        #expect(await outcome(source).value != nil)
    }

    @Test(
        "a reply without a bearer token is invalid",
        arguments: [
            "", "[]", "{}", "<html>", #"{"token_type":"mac","access_token":"x"}"#,
            #"{"token_type":"bearer","access_token":""}"#,
        ]
    )
    func invalid(body: String) async {
        #expect(await outcome(source(ScriptedTransport(status: 200, body))).error?.code == .invalidResponse)
    }

    @Test("a failing service is transient")
    func failing() async throws {
        let error = try #require(await outcome(source(ScriptedTransport(status: 503, ""))).error)
        #expect(error.code == .overloaded)
        #expect(error.isRetryable)
    }
}
