import Engagement
import Synchronization
import TestSupport
import Testing

@testable import EngagementAPI

@Suite("Calls of the app with an obtained bearer token")
struct ApplicationAccessTests {
    /// API and token service behind one transport: the service gives out `token`, and the API takes signatures and that token.
    private final class Upstream: HTTPTransport {
        struct State {
            var token = "T1"
            /// What the token service answers instead of a token.
            var failure: Result<TransportResponse, TransportError>?
            /// What the API takes; nil takes the current token.
            var accepted: String?
            var asked = 0
            var authorizations: [String] = []
        }

        let state = Mutex(State())

        func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
        var asked: Int { state.withLock { $0.asked } }
        var calls: [String] { state.withLock { $0.authorizations } }

        func send(_ request: TransportRequest, deadline: UnixTime) async throws(TransportError) -> TransportResponse {
            let authorization = request.headers.first { $0.name == "Authorization" }?.value ?? ""
            let result: Result<TransportResponse, TransportError> = state.withLock { state in
                if request.url.hasSuffix("/oauth2/token") {
                    state.asked += 1
                    let body = #"{"token_type":"bearer","access_token":"\#(state.token)"}"#
                    return state.failure ?? .success(TransportResponse(status: 200, body: Array(body.utf8)))
                }
                state.authorizations.append(String(authorization.prefix { $0 != "," }.prefix(20)))
                let isGood =
                    authorization.hasPrefix("OAuth ") || authorization == "Bearer \(state.accepted ?? state.token)"
                return .success(
                    TransportResponse(status: isGood ? 200 : 401, body: isGood ? Array(sampleBody.utf8) : [])
                )
            }
            return try result.get()
        }
    }

    private struct Setting {
        let upstream = Upstream()
        let clock = ManualClock(seconds: Known.timestamp)
        let client: EngagementClient
        let application: ApplicationAccess

        init(governor: CallGovernor? = CallGovernor()) {
            client = EngagementClient(
                baseURL: "https://api.example",
                transport: upstream,
                retry: .never,
                clock: { [clock] in UnixTime(milliseconds: clock.milliseconds) },
                governor: governor
            )
            let source = BearerToken(
                url: "https://tokens.example/oauth2/token",
                consumer: Known.consumer,
                account: Known.account,
                transport: upstream
            )
            application = .obtained(source, otherwise: Known.appOnly)
        }

        /// The code of the error, or nil for an answer.
        func call(seconds: Int64 = 10) async -> EngagementAPIError.Code? {
            let deadline = UnixTime(milliseconds: clock.milliseconds + seconds * 1000)
            do throws(EngagementAPIError) {
                _ = try await client.perform(.sample, as: application, deadline: deadline)
                return nil
            } catch {
                return error.code
            }
        }
    }

    @Test("a token that was revoked costs a second attempt, which is told")
    func attempts() async throws {
        let setting = Setting()
        #expect(await setting.call() == nil)
        setting.upstream.set { $0.token = "T2" }
        let deadline = UnixTime(milliseconds: setting.clock.milliseconds + 10_000)
        let reply = try await setting.client.perform(.sample, as: setting.application, deadline: deadline)
        #expect(reply.attempts == 2)
        #expect(setting.upstream.calls == ["Bearer T1", "Bearer T1", "Bearer T2"])
    }

    @Test("the token is obtained for the first call and kept")
    func kept() async {
        let setting = Setting()
        #expect(await setting.call() == nil)
        #expect(await setting.call() == nil)
        #expect(setting.upstream.asked == 1)
        #expect(setting.upstream.calls == ["Bearer T1", "Bearer T1"])
        #expect(setting.application.credentials == Known.appOnly)
    }

    @Test(
        "while the service fails calls are signed, and it is asked again after a minute",
        arguments: [500, 503, 429, 404, 200, 0]
    )
    func signed(status: Int) async {
        let setting = Setting()
        setting.upstream.set {
            $0.failure =
                status == 0
                ? .failure(TransportError(.timedOut, "")) : .success(TransportResponse(status: status, body: []))
        }
        #expect(await setting.call() == nil)
        setting.clock.advance(seconds: 59)
        #expect(await setting.call() == nil)
        #expect(setting.upstream.asked == 1)
        #expect(setting.upstream.calls.allSatisfy { $0.hasPrefix("OAuth ") })
        setting.upstream.set { $0.failure = nil }
        setting.clock.advance(seconds: 1)
        #expect(await setting.call() == nil)
        #expect(setting.upstream.asked == 2)
        #expect(setting.upstream.calls.last == "Bearer T1")
    }

    @Test("a refused key is told, and the service is left alone for half a minute")
    func refused() async {
        let body = #"{"errors":[{"code":99,"message":"Unable to verify your credentials"}]}"#
        let refusal = TransportResponse(status: 403, body: Array(body.utf8))
        let setting = Setting()
        setting.upstream.set { $0.failure = .success(refusal) }
        #expect(await setting.call() == .tokenRefused(code: 99))
        #expect(await setting.call() == .tokenRefused(code: 99))
        #expect(setting.upstream.asked == 1)
        #expect(setting.upstream.calls == [])
        setting.clock.advance(seconds: 30)
        setting.upstream.set { $0.failure = nil }
        #expect(await setting.call() == nil)
    }

    @Test("a token that the API refuses is forgotten, and the call sent with a new one", arguments: [true, false])
    func renewed(isGoverned: Bool) async {
        let setting = Setting(governor: isGoverned ? CallGovernor() : nil)
        #expect(await setting.call() == nil)
        setting.upstream.set { $0.token = "T2" }
        #expect(await setting.call() == nil)
        #expect(setting.upstream.asked == 2)
        #expect(setting.upstream.calls == ["Bearer T1", "Bearer T1", "Bearer T2"])
    }

    @Test("a token that stays refused costs one request for half a minute")
    func hopeless() async {
        let setting = Setting()
        setting.upstream.set { $0.accepted = "another" }
        for _ in 0..<5 { #expect(await setting.call() == .unauthenticated) }
        // The service gave the same token again, which is not sent twice.
        #expect(setting.upstream.calls == ["Bearer T1"])
        #expect(setting.upstream.asked == 2)
        setting.clock.advance(seconds: 30)
        setting.upstream.set { $0.accepted = nil }
        #expect(await setting.call() == nil)
    }

    @Test("a new token is not dropped for the refusal of the old one")
    func raced() async throws {
        let upstream = Upstream()
        let source = BearerToken(consumer: Known.consumer, account: Known.account, transport: upstream)
        let deadline = UnixTime(seconds: 4_000_000_000)
        let old = try await source.value(deadline: deadline)
        upstream.set { $0.token = "T2" }
        await source.forget(old)
        #expect(try await source.value(deadline: deadline).reveal() == "T2")
        await source.forget(old)
        _ = try await source.value(deadline: deadline)
        #expect(upstream.asked == 2)
    }

    @Test("what the governor refuses asks for no token")
    func governed() async {
        let governor = CallGovernor(quota: QuotaPolicy(assumedPerMinute: 1))
        let setting = Setting(governor: governor)
        _ = governor.admit(Known.appOnly, .interactive, now: UnixTime(seconds: Known.timestamp))
        let reset = UnixTime(seconds: Known.timestamp + 60)
        #expect(await setting.call() == .rateLimited(resetAt: reset))
        #expect(setting.upstream.asked == 0)
    }

    @Test("a call whose time is over does not blame the service")
    func late() async {
        let setting = Setting()
        #expect(await setting.call(seconds: 0) == .timedOut)
        #expect(await setting.call() == nil)
        #expect(setting.upstream.calls == ["Bearer T1"])
    }

    @Test("credentials of the configuration are used as they are")
    func configured() async throws {
        let setting = Setting()
        setting.upstream.set { $0.accepted = "AAAAbearerAAAA" }
        let deadline = UnixTime(seconds: Known.timestamp + 10)
        _ = try await setting.client.perform(.sample, as: .credentials(Known.bearer), deadline: deadline)
        #expect(setting.upstream.calls == ["Bearer AAAAbearerAAA"])
        #expect(setting.upstream.asked == 0)
    }
}
