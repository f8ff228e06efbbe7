import Engagement
import Testing

@testable import EngagementAPI

/// Events at a governor and what it has to say to them, for tables. Times are seconds since the script began.
struct GovernorScript: Sendable, CustomTestStringConvertible {
    enum Step: Sendable {
        /// Turns the clock, also backwards.
        case at(Double)
        /// So many calls are admitted.
        case admits(Int, CallUrgency = .interactive, Credentials = Known.user)
        /// A call is refused until then.
        case refuses(Double, CallUrgency = .interactive, Credentials = Known.user, Refusal = .quota)
        /// A call lands with an answer or an error.
        case lands(Landing, Credentials = Known.user)
    }

    enum Refusal: Sendable { case quota, circuit, credentials }

    enum Landing: Sendable {
        /// A good answer; the numbers are those of the headers, `reset` in seconds since the script began.
        case answer(limit: Int? = nil, left: Int? = nil, reset: Double? = nil)
        /// The same of `x-per-second-…`.
        case answerPerSecond(limit: Int? = nil, left: Int? = nil, reset: Double? = nil)
        case error(EngagementAPIError.Code)
        /// An error with a status.
        case status(Int, EngagementAPIError.Code)
        /// A 429 that names a reset, or none.
        case tooMany(reset: Double? = nil)
    }

    let name: String
    var quota = QuotaPolicy()
    var breaker = BreakerPolicy()
    let steps: [Step]

    var testDescription: String { name }

    static let start = UnixTime(seconds: Known.timestamp)

    static func time(_ seconds: Double) -> UnixTime {
        UnixTime(milliseconds: start.milliseconds + Int64(seconds * 1000))
    }

    func run() {
        let governor = CallGovernor(quota: quota, breaker: breaker)
        var now = GovernorScript.start
        for (index, step) in steps.enumerated() {
            let place: Comment = "step \(index): \(step)"
            switch step {
            case .at(let seconds): now = GovernorScript.time(seconds)
            case .admits(let count, let urgency, let credentials):
                for _ in 0..<count {
                    #expect(governor.refusal(for: credentials, urgency, now: now) == nil, place)
                    #expect(governor.admit(credentials, urgency, now: now) == nil, place)
                }
            case .refuses(let until, let urgency, let credentials, let kind):
                let looked = governor.refusal(for: credentials, urgency, now: now)
                let refusal = governor.admit(credentials, urgency, now: now)
                #expect(looked == refusal, place)
                #expect(refusal?.until == GovernorScript.time(until), place)
                #expect(refusal?.error.code == kind.code(GovernorScript.time(until)), place)
                #expect(refusal?.error.account == credentials.account, place)
            case .lands(let landing, let credentials):
                governor.landed(credentials, error: landing.error, rateLimit: landing.rateLimit, now: now)
            }
        }
    }
}

extension GovernorScript.Refusal {
    fileprivate func code(_ until: UnixTime) -> EngagementAPIError.Code {
        switch self {
        case .quota: .rateLimited(resetAt: until)
        case .circuit: .circuitOpen(until: until)
        case .credentials: .unauthenticated
        }
    }
}

extension GovernorScript.Landing {
    fileprivate var error: EngagementAPIError? {
        switch self {
        case .answer, .answerPerSecond: nil
        case .error(let code): EngagementAPIError(code, "no luck")
        case .status(let status, let code): EngagementAPIError(code, "no luck", status: status)
        case .tooMany(let reset):
            EngagementAPIError(.rateLimited(resetAt: reset.map(GovernorScript.time)), "slow down", status: 429)
        }
    }

    fileprivate var rateLimit: RateLimit? {
        switch self {
        case .answer(nil, nil, nil): nil
        case .answer(let limit, let left, let reset):
            RateLimit(perMinute: .init(limit: limit, remaining: left, resetAt: reset.map(GovernorScript.time)))
        case .answerPerSecond(let limit, let left, let reset):
            RateLimit(perSecond: .init(limit: limit, remaining: left, resetAt: reset.map(GovernorScript.time)))
        case .error, .status, .tooMany: nil
        }
    }
}
