import Engagement
import Testing

@testable import EngagementAPI

@Suite("The circuit breaker")
struct CircuitBreakerTests {
    private static let three = BreakerPolicy(
        failures: 3,
        firstPauseMilliseconds: 5000,
        longestPauseMilliseconds: 20_000
    )
    private static let one = BreakerPolicy(failures: 1, firstPauseMilliseconds: 5000, longestPauseMilliseconds: 20_000)
    private static let app = Known.appOnly

    private static func failures(_ count: Int, _ code: EngagementAPIError.Code = .serverError) -> [GovernorScript.Step]
    {
        (0..<count).flatMap { _ in [.admits(1), .lands(.error(code))] as [GovernorScript.Step] }
    }

    static let scripts: [GovernorScript] = [
        GovernorScript(
            name: "failures in a row open it, for every pool",
            breaker: three,
            steps: failures(3) + [
                .refuses(5, .interactive, Known.user, .circuit), .refuses(5, .background, app, .circuit),
                .at(4.999), .refuses(5, .interactive, Known.user, .circuit),
            ]
        ),
        GovernorScript(
            name: "an answer in between starts the count again",
            breaker: three,
            steps: failures(2) + [.admits(1), .lands(.answer())] + failures(2) + [.admits(1)]
        ),
        GovernorScript(
            name: "a probe that succeeds closes it",
            breaker: three,
            steps: failures(3) + [
                .at(5), .admits(1), .refuses(6, .interactive, Known.user, .circuit), .lands(.answer()), .admits(9),
            ]
        ),
        GovernorScript(
            name: "a probe that fails doubles the pause, up to the longest; a success forgets it",
            breaker: one,
            steps: failures(1) + [
                .at(5), .admits(1), .lands(.error(.timedOut)), .refuses(15, .interactive, Known.user, .circuit),
                .at(15), .admits(1), .lands(.error(.timedOut)), .refuses(35, .interactive, Known.user, .circuit),
                .at(35), .admits(1), .lands(.error(.timedOut)), .refuses(55, .interactive, Known.user, .circuit),
                .at(55), .admits(1), .lands(.answer()),
            ] + failures(1) + [.refuses(60, .interactive, Known.user, .circuit)]
        ),
        GovernorScript(
            name: "a cancelled probe gives its place to the next call",
            breaker: one,
            steps: failures(1) + [
                .at(5), .admits(1), .refuses(6, .interactive, app, .circuit), .lands(.error(.cancelled)),
                .admits(1, .interactive, app), .refuses(6, .interactive, Known.user, .circuit), .lands(.answer(), app),
                .admits(2),
            ]
        ),
        GovernorScript(
            name: "a probe that is never heard of gives its place back in the end",
            breaker: one,
            steps: failures(1) + [
                .at(5), .admits(1), .at(24.9), .refuses(25.9, .interactive, Known.user, .circuit), .at(25), .admits(1),
                .refuses(26, .interactive, Known.user, .circuit),
            ]
        ),
        GovernorScript(
            name: "calls in flight when it opens do not count, neither then nor after it closed",
            breaker: one,
            steps: [
                .admits(4), .lands(.error(.timedOut)), .at(1), .lands(.error(.timedOut)),
                .refuses(5, .interactive, Known.user, .circuit), .at(5), .admits(1, .interactive, app),
                .lands(.error(.timedOut)), .refuses(6, .interactive, app, .circuit), .lands(.answer(), app),
                .lands(.error(.timedOut)), .admits(1),
            ]
        ),
        GovernorScript(
            name: "a failure beside a probe of the same pool is taken for the older call's",
            breaker: one,
            steps: [
                .admits(2), .lands(.error(.timedOut)), .at(5), .admits(1), .lands(.error(.timedOut)),
                .refuses(6, .interactive, Known.user, .circuit), .lands(.error(.timedOut)),
                .refuses(15, .interactive, Known.user, .circuit),
            ]
        ),
        GovernorScript(
            name: "an answer of a call from before does not close it",
            breaker: one,
            steps: [
                .admits(2), .lands(.error(.timedOut)), .lands(.answer()),
                .refuses(5, .interactive, Known.user, .circuit),
            ]
        ),
        GovernorScript(
            name: "what the quota refuses does not take the probe's place",
            breaker: one,
            steps: [
                .admits(1), .lands(.tooMany(reset: 30)), .admits(1, .interactive, app),
                .lands(.error(.serverError), app),
                .at(5), .refuses(30), .admits(1, .interactive, app), .refuses(30), .lands(.answer(), app),
                .admits(1, .interactive, app),
            ]
        ),
        GovernorScript(
            name: "a clock that was set back makes no pause longer",
            breaker: one,
            steps: failures(1) + [
                .at(-5000), .refuses(-4995, .interactive, Known.user, .circuit), .at(-4995), .admits(1),
            ]
        ),
    ]

    @Test("tables", arguments: scripts)
    func script(script: GovernorScript) { script.run() }

    static let illnesses: [GovernorScript.Landing] = [
        .status(500, .serverError), .status(502, .badGateway), .status(503, .overloaded), .error(.connectionFailed),
        .error(.connectionLost), .error(.timedOut), .error(.tlsFailed), .error(.invalidResponse),
    ]
    static let well: [GovernorScript.Landing] = [
        .answer(), .status(400, .badRequest), .status(400, .tweetsUnavailable), .status(403, .forbidden),
        .status(403, .forbiddenTweets([])), .status(404, .notFound), .status(406, .notAcceptable),
        .status(200, .invalidResponse), .status(301, .redirected), .error(.responseTooLarge),
    ]
    static let silent: [GovernorScript.Landing] = [.error(.cancelled), .error(.invalidCall)]

    @Test("what is ill health opens it", arguments: illnesses.indices)
    func ill(index: Int) {
        let landing = CircuitBreakerTests.illnesses[index]
        GovernorScript(
            name: "\(landing)",
            breaker: CircuitBreakerTests.one,
            steps: [.admits(1), .lands(landing), .refuses(5, .interactive, CircuitBreakerTests.app, .circuit)]
        ).run()
    }

    @Test("what is health ends a row of failures; what says nothing neither ends nor lengthens it")
    func others() {
        for landing in CircuitBreakerTests.well {
            GovernorScript(
                name: "\(landing)",
                breaker: CircuitBreakerTests.three,
                steps: CircuitBreakerTests.failures(2) + [.admits(1), .lands(landing)] + CircuitBreakerTests.failures(2)
                    + [.admits(1)]
            ).run()
        }
        for landing in CircuitBreakerTests.silent {
            GovernorScript(
                name: "\(landing)",
                breaker: CircuitBreakerTests.three,
                steps: CircuitBreakerTests.failures(2) + [.admits(2), .lands(landing), .lands(landing), .admits(1)]
                    + [.lands(.error(.serverError)), .refuses(5, .interactive, Known.user, .circuit)]
            ).run()
        }
    }

    @Test("the refusal says for how long and why, and that it passes")
    func words() throws {
        let governor = CallGovernor(breaker: CircuitBreakerTests.one)
        _ = governor.admit(Known.user, .interactive, now: GovernorScript.start)
        let error = EngagementAPIError(.overloaded, "the API is overloaded or down", status: 503)
        governor.landed(Known.user, error: error, rateLimit: nil, now: GovernorScript.start)
        let refusal = try #require(governor.refusal(for: Known.user, .interactive, now: GovernorScript.time(0.5)))
        #expect(refusal.error.isRetryable)
        #expect(refusal.error.reason.contains("for 5 s"))
        #expect(refusal.error.reason.contains("status 503: the API is overloaded or down"))
        #expect(governor.circuit == .open(until: GovernorScript.time(5)))
    }
}
