import Engagement
import Testing

@testable import EngagementAPI

@Suite("Calls within a quota")
struct QuotaTests {
    static let knownQuotas: [GovernorScript] = [
        GovernorScript(
            name: "what is left, less what is in flight, may be called; then nothing until the reset",
            steps: [
                .admits(1), .lands(.answer(limit: 10, left: 3, reset: 40)), .admits(3), .refuses(40),
                .lands(.answer(limit: 10, left: 2, reset: 40)), .refuses(40),
                .at(39.999), .refuses(40), .at(40), .admits(8),
            ]
        ),
        GovernorScript(
            name: "after the reset the whole limit is there, and calls of before hold their places until they land",
            steps: [
                .admits(1), .lands(.answer(limit: 4, left: 3, reset: 10)), .admits(2), .at(10), .admits(2),
                .refuses(11),
                .lands(.answer(limit: 4, left: 2, reset: 10)), .admits(1),
                .lands(.answer(limit: 4, left: 1, reset: 10)), .admits(1), .refuses(70),
            ]
        ),
        GovernorScript(
            name: "answers out of order: the smallest counts",
            steps: [
                .admits(3), .lands(.answer(limit: 10, left: 7, reset: 50)),
                .lands(.answer(limit: 10, left: 9, reset: 50)),
                .lands(.answer(limit: 10, left: 8, reset: 50)), .admits(7), .refuses(50),
            ]
        ),
        GovernorScript(
            name: "an answer that says nothing has taken one",
            steps: [
                .admits(1), .lands(.answer(limit: 10, left: 3, reset: 50)), .admits(2), .lands(.answer()),
                .lands(.answer()),
                .admits(1), .refuses(50),
            ]
        ),
        GovernorScript(
            name: "a call that found no connection has taken none",
            steps: [
                .admits(1), .lands(.answer(limit: 10, left: 1, reset: 50)), .admits(1), .refuses(50),
                .lands(.error(.connectionFailed)), .admits(1),
            ]
        ),
        GovernorScript(
            name: "a header that is missing is not zero",
            steps: [
                .admits(1), .lands(.answer(limit: 3)), .admits(1), .lands(.answer(limit: 3)), .admits(1),
                .lands(.answer(reset: 50)), .refuses(60), .at(60), .admits(3),
            ]
        ),
        GovernorScript(
            name: "without a reset the window ends a minute after it was first seen",
            steps: [
                .at(5), .admits(1), .at(7), .lands(.answer(limit: 2, left: 1)), .at(20), .admits(1), .refuses(67),
                .lands(.answer(limit: 2, left: 0)), .at(66), .refuses(67), .at(67), .admits(2),
            ]
        ),
        GovernorScript(
            name: "without a reset more left in an answer to a later call is a new window",
            steps: [
                .admits(1), .lands(.answer(limit: 9, left: 2)), .at(30), .admits(1), .lands(.answer(limit: 9, left: 8)),
                .admits(8), .refuses(90),
            ]
        ),
        GovernorScript(
            name: "without a reset more left in an answer that may be of an earlier call is none",
            steps: [
                .admits(2), .lands(.answer(limit: 9, left: 1)), .lands(.answer(limit: 9, left: 8)), .admits(1),
                .refuses(60),
            ]
        ),
        GovernorScript(
            name: "an answer of the window before does not touch this one",
            steps: [
                .admits(2), .lands(.answer(limit: 5, left: 1, reset: 10)), .at(11),
                .lands(.answer(limit: 5, left: 0, reset: 10)),
                .admits(5), .refuses(71),
            ]
        ),
        GovernorScript(
            name: "a later reset is a new window, also before ours has ended",
            steps: [
                .admits(2), .lands(.answer(limit: 5, left: 1, reset: 10)), .at(9),
                .lands(.answer(limit: 5, left: 4, reset: 70)),
                .admits(4), .refuses(70),
            ]
        ),
        GovernorScript(
            name: "a limit that was raised holds at once, not from the next window on",
            steps: [
                .admits(1), .lands(.answer(limit: 2, left: 1, reset: 40)), .at(40), .admits(1),
                .lands(.answer(limit: 9, left: 8, reset: 100)), .admits(8), .refuses(100),
            ]
        ),
        GovernorScript(
            name: "resets that differ by the latency are one",
            steps: [
                .admits(3), .lands(.answer(limit: 5, left: 2, reset: 50)),
                .lands(.answer(limit: 5, left: 4, reset: 52)),
                .lands(.answer(limit: 5, left: 3, reset: 49)), .admits(2), .refuses(52),
            ]
        ),
        GovernorScript(
            name: "a limit of none is no limit that could ever be kept",
            steps: [
                .admits(1), .lands(.answer(limit: 0, left: 0, reset: 20)), .refuses(20), .at(20), .admits(1),
            ]
        ),
        GovernorScript(
            name: "seconds are windows too",
            steps: [
                .admits(1), .lands(.answerPerSecond(limit: 2, left: 1, reset: 1)), .admits(1), .refuses(1), .at(1),
                .lands(.answerPerSecond(limit: 2, left: 0, reset: 1)), .admits(2), .refuses(2),
            ]
        ),
        GovernorScript(
            name: "an absurd reset, and a clock that was set back, stop nobody for longer than 15 minutes",
            steps: [
                .admits(1), .lands(.answer(limit: 5, left: 0, reset: 86_400)), .refuses(900),
                .at(-7200), .refuses(-6300), .at(-6400), .refuses(-6300), .at(-6300), .admits(5),
            ]
        ),
    ]

    @Test("a known quota", arguments: knownQuotas)
    func known(script: GovernorScript) { script.run() }

    static let reserves: [GovernorScript] = [
        GovernorScript(
            name: "half of a minute is not for background calls, a fifth only for interactive ones",
            steps: [
                .admits(1), .lands(.answer(limit: 10, left: 7, reset: 50)), .admits(2, .background),
                .refuses(50, .background),
                .admits(3, .export), .refuses(50, .export), .refuses(50, .background), .admits(2), .refuses(50),
            ]
        ),
        GovernorScript(
            name: "of a small limit at least one call is interactive",
            steps: [
                .admits(1), .lands(.answer(limit: 3, left: 2, reset: 50)), .admits(1, .export), .refuses(50, .export),
                .admits(1), .refuses(50),
            ]
        ),
        GovernorScript(
            name: "a limit of one is everybody's",
            steps: [
                .admits(1), .lands(.answer(limit: 1, left: 0, reset: 50)), .refuses(50), .at(50),
                .admits(1, .background),
            ]
        ),
        GovernorScript(
            name: "shares of none reserve nothing",
            quota: QuotaPolicy(reservedPercentForInteractive: 0, reservedPercentFromBackground: 0),
            steps: [.admits(1), .lands(.answer(limit: 9, left: 4, reset: 50)), .admits(4, .background), .refuses(50)]
        ),
        GovernorScript(
            name: "pacing has the same shares",
            quota: QuotaPolicy(assumedPerMinute: 10),
            steps: [
                .admits(5, .background), .refuses(60, .background), .at(10), .admits(3, .export), .refuses(60, .export),
                .admits(2), .refuses(60), .at(60), .admits(3, .export), .refuses(70, .export), .admits(2), .refuses(70),
                .refuses(120, .background),
            ]
        ),
    ]

    @Test("reserves", arguments: reserves)
    func reserved(script: GovernorScript) { script.run() }

    static let pauses: [GovernorScript] = [
        GovernorScript(
            name: "an unknown quota is paced by count",
            quota: QuotaPolicy(assumedPerMinute: 2),
            steps: [
                .admits(1), .at(30), .admits(1), .refuses(60), .lands(.answer()), .refuses(60), .at(60), .admits(1),
                .refuses(90), .at(90), .admits(1),
            ]
        ),
        GovernorScript(
            name: "a paced pool is not stopped by a clock that was set back",
            quota: QuotaPolicy(assumedPerMinute: 1),
            steps: [.admits(1), .at(-9000), .refuses(-8940), .at(-8940), .admits(1)]
        ),
        GovernorScript(
            name: "a 429 pauses until its reset",
            steps: [
                .admits(3), .lands(.tooMany(reset: 25)), .refuses(25), .lands(.tooMany(reset: 5)), .refuses(25),
                .at(25), .admits(1),
            ]
        ),
        GovernorScript(
            name: "a 429 without a reset pauses as known clients do",
            quota: QuotaPolicy(pauseMilliseconds: 7000),
            steps: [.admits(1), .lands(.tooMany()), .refuses(7), .at(7), .admits(1)]
        ),
        GovernorScript(
            name: "a 429 that comes after its reset pauses for a second",
            steps: [.admits(1), .at(31), .lands(.tooMany(reset: 30)), .refuses(32), .at(32), .admits(1)]
        ),
        GovernorScript(
            name: "a 429 never opens the circuit",
            breaker: BreakerPolicy(failures: 1),
            steps: [.admits(1), .lands(.tooMany(reset: 1)), .refuses(1), .at(1), .admits(1)]
        ),
        GovernorScript(
            name: "accounts and app are separate pools",
            steps: [
                .admits(1), .lands(.tooMany(reset: 9)), .refuses(9), .admits(1, .interactive, Known.appOnly),
                .admits(1, .interactive, other), .lands(.tooMany(reset: 20), Known.appOnly),
                .refuses(20, .interactive, Known.appOnly), .admits(1, .interactive, other),
            ]
        ),
        GovernorScript(
            name: "2-legged calls and bearer tokens of an app are one pool, by account and by key",
            steps: [
                .admits(1, .interactive, Known.bearer), .lands(.tooMany(reset: 9), Known.bearer),
                .refuses(9, .interactive, Known.appOnly), .refuses(9, .interactive, otherOfTheApp),
            ]
        ),
        GovernorScript(
            name: "refused credentials are not tried for half a minute; others of the pool are",
            steps: [
                .admits(1), .lands(.error(.unauthenticated)), .refuses(30, .interactive, Known.user, .credentials),
                .admits(1, .interactive, renewed), .at(29), .refuses(30, .interactive, Known.user, .credentials),
                .at(30),
                .admits(1),
            ]
        ),
        GovernorScript(
            name: "an answer to the same credentials proves that they are good",
            steps: [
                .admits(2), .lands(.error(.unauthenticated)), .refuses(30, .interactive, Known.user, .credentials),
                .lands(.answer()), .admits(1),
            ]
        ),
    ]

    private static let other = Credentials.user(
        account: AccountName("beta"),
        consumer: Known.consumer,
        token: Known.token
    )
    private static let otherOfTheApp = Credentials.appOnly(account: AccountName("beta"), consumer: Known.consumer)
    private static let renewed = Credentials.user(
        account: Known.account,
        consumer: Known.consumer,
        token: AccessToken(token: Secret("new"), secret: Secret("new"))
    )

    @Test("pacing, pauses and pools", arguments: pauses)
    func paused(script: GovernorScript) { script.run() }

    @Test("what is known of a quota, for callers and gauges")
    func states() throws {
        let governor = CallGovernor()
        let now = GovernorScript.start
        #expect(governor.quota(of: Known.user, now: now) == nil)
        _ = governor.admit(Known.user, .interactive, now: now)
        _ = governor.admit(Known.user, .interactive, now: now)
        let reset = GovernorScript.time(40)
        let quota = RateLimit.Quota(limit: 10, remaining: 8, resetAt: reset)
        governor.landed(Known.user, error: nil, rateLimit: RateLimit(perMinute: quota), now: now)
        #expect(governor.quota(of: Known.user, now: now) == RateLimit.Quota(limit: 10, remaining: 7, resetAt: reset))
        let state = try #require(governor.states.first)
        #expect(governor.states.count == 1)
        #expect(state.account == Known.account)
        #expect(state.isUserContext)
        #expect([state.limit, state.remaining, state.inFlight] == [10, 7, 1])
        #expect(state.resetAt == reset)
        #expect(governor.circuit == .closed(failures: 0))
        // In the next window, of which nothing has been said.
        #expect(governor.quota(of: Known.user, now: reset) == RateLimit.Quota(limit: 10, remaining: 9, resetAt: nil))
        // In a pause.
        let error = EngagementAPIError(.rateLimited(resetAt: GovernorScript.time(90)), "")
        governor.landed(Known.user, error: error, rateLimit: nil, now: reset)
        #expect(
            governor.quota(of: Known.user, now: reset)
                == RateLimit.Quota(limit: 10, remaining: 0, resetAt: GovernorScript.time(90))
        )
        #expect(governor.states.first?.pausedUntil == GovernorScript.time(90))
    }
}
