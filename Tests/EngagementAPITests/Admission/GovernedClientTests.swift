import Engagement
import TestSupport
import Testing

@testable import EngagementAPI

@Suite("The client under a governor")
struct GovernedClientTests {
    private static let ok: Result<TransportResponse, TransportError> = .success(
        TransportResponse(status: 200, body: Array(sampleBody.utf8))
    )

    private static func status(_ status: Int, _ headers: [HTTPHeader] = []) -> Result<TransportResponse, TransportError>
    {
        .success(TransportResponse(status: status, headers: headers, body: []))
    }

    private static func left(_ left: Int, of limit: Int, status: Int = 200) -> Result<TransportResponse, TransportError>
    {
        let headers = [
            HTTPHeader("x-per-minute-limit", String(limit)), HTTPHeader("x-per-minute-remaining", String(left)),
            HTTPHeader("x-per-minute-reset", String(Known.timestamp + 40)),
        ]
        let body = status == 200 ? Array(sampleBody.utf8) : []
        return .success(TransportResponse(status: status, headers: headers, body: body))
    }

    private static let reset = UnixTime(seconds: Known.timestamp + 40)

    private func bench(
        _ answers: [Result<TransportResponse, TransportError>],
        _ governor: CallGovernor = CallGovernor(),
        retry: RetryPolicy = RetryPolicy()
    ) -> Bench {
        Bench(ScriptedTransport(answers), retry: retry, governor: governor)
    }

    @Test("a reply or an error tells how many times the call was sent")
    func attempts() async throws {
        let busy = GovernedClientTests.status(503)
        #expect(await bench([GovernedClientTests.ok]).outcome().value?.attempts == 1)
        #expect(await bench([busy, busy, GovernedClientTests.ok]).outcome().value?.attempts == 3)
        let policy = RetryPolicy(maximumAttempts: 4)
        #expect(await bench([busy], retry: policy).outcome().error?.attempts == 4)
        #expect(await bench([GovernedClientTests.status(401)]).outcome().error?.attempts == 1)
        // The breaker opens after the second failure: there is no third.
        let governor = CallGovernor(breaker: BreakerPolicy(failures: 2))
        let broken = bench([busy], governor)
        #expect(await broken.outcome().error?.attempts == 2)
        #expect(await broken.outcome().error?.attempts == 0)
        #expect(broken.transport.requests.count == 2)
    }

    @Test("the governor learns from every answer, and what it refuses is not sent")
    func refused() async throws {
        let bench = bench([GovernedClientTests.left(1, of: 10), GovernedClientTests.left(0, of: 10)])
        #expect(await bench.outcome().value != nil)
        #expect(await bench.outcome(urgency: .export).error?.code == .rateLimited(resetAt: GovernedClientTests.reset))
        #expect(await bench.outcome().value != nil)
        let error = try #require(await bench.outcome().error)
        #expect(error.code == .rateLimited(resetAt: GovernedClientTests.reset))
        #expect(error.account == Known.account)
        #expect(error.isRetryable)
        #expect(error.rateLimit?.perMinute?.remaining == 0)
        #expect(bench.transport.requests.count == 2)
        #expect(bench.delays.all == [])
    }

    @Test("a 429 is not tried again but thrown, with the reset that the governor knows")
    func tooMany() async throws {
        let told = bench([GovernedClientTests.left(0, of: 10, status: 429)])
        let error = try #require(await told.outcome().error)
        #expect(error.code == .rateLimited(resetAt: GovernedClientTests.reset))
        #expect(error.status == 429)
        let after = bench([GovernedClientTests.status(429, [HTTPHeader("Retry-After", "3")])])
        #expect(
            await after.outcome().error?.code == .rateLimited(resetAt: UnixTime(seconds: Known.timestamp + 3))
        )
        let silent = bench([GovernedClientTests.status(429), GovernedClientTests.ok])
        let pause = EngagementAPIError.Code.rateLimited(resetAt: UnixTime(seconds: Known.timestamp + 10))
        #expect(await silent.outcome().error?.code == pause)
        #expect(await silent.outcome().error?.code == pause)
        #expect(silent.transport.requests.count == 1)
        #expect(silent.delays.all == [])
        silent.clock.advance(seconds: 10)
        #expect(await silent.outcome().value != nil)
    }

    @Test("other failures are tried again, each attempt admitted")
    func retried() async {
        let governor = CallGovernor(quota: QuotaPolicy(assumedPerMinute: 3))
        let bench = bench([GovernedClientTests.status(500)], governor)
        // Three attempts, then the quota: that says when to come back.
        #expect(
            await bench.outcome().error?.code == .rateLimited(resetAt: UnixTime(seconds: Known.timestamp + 60))
        )
        #expect(bench.transport.requests.count == 3)
        #expect(governor.states.map(\.inFlight) == [0])
    }

    @Test("an attempt that the open circuit refuses leaves the error of the one before")
    func opened() async throws {
        let bench = bench(
            [GovernedClientTests.status(503)],
            CallGovernor(breaker: BreakerPolicy(failures: 2, firstPauseMilliseconds: 5000))
        )
        #expect(await bench.outcome().error?.code == .overloaded)
        #expect(bench.transport.requests.count == 2)
        let error = try #require(await bench.outcome().error)
        // It opened when the second attempt had failed, after one delay of 250 ms, and a second one of 500 ms has passed.
        #expect(error.code == .circuitOpen(until: UnixTime(milliseconds: Known.timestamp * 1000 + 5250)))
        #expect(bench.transport.requests.count == 2)
    }

    @Test("a token that was refused is not sent again for half a minute")
    func unauthenticated() async throws {
        let bench = bench([GovernedClientTests.status(401), GovernedClientTests.ok])
        #expect(await bench.outcome().error?.code == .unauthenticated)
        let again = try #require(await bench.outcome().error)
        #expect(again.code == .unauthenticated)
        #expect(again.account == Known.account)
        #expect(bench.transport.requests.count == 1)
        #expect(await bench.outcome(as: Known.appOnly).value != nil)
        bench.clock.advance(seconds: 30)
        #expect(await bench.outcome().value != nil)
    }

    @Test("what never gets to be sent takes no call")
    func untaken() async {
        let governor = CallGovernor()
        let bench = bench([GovernedClientTests.ok], governor)
        #expect(await bench.outcome(seconds: 0).error?.code == .timedOut)
        let cancelled = Task { await bench.outcome() }
        cancelled.cancel()
        _ = await cancelled.value
        #expect(governor.states.allSatisfy { $0.inFlight == 0 })
    }

    @Test("every way that an attempt can end gives its place back")
    func landed() async {
        let endings: [Result<TransportResponse, TransportError>] =
            [200, 301, 400, 401, 403, 404, 406, 418, 429, 500].map { GovernedClientTests.status($0) }
            + [.cancelled, .timedOut, .tlsFailed, .invalidRequest, .responseTooLarge].map {
                .failure(TransportError($0, ""))
            }
        for ending in endings {
            let governor = CallGovernor()
            _ = await bench([ending], governor, retry: .never).outcome()
            #expect(governor.states.map(\.inFlight) == [0])
        }
    }
}
