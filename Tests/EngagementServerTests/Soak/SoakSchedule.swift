import Engagement
import EngagementSandbox
import JSON
import TestSupport

/// What befalls the API and the clock while callers ask. Each step draws one event.
struct SoakSchedule: Sendable {
    /// Whether events may take time: answers that come late or never, and quotas that have to be waited for.
    let takesTime: Bool

    enum Event: Sendable {
        case faults(FaultPlan)
        case quota(perMinute: Int, perSecond: Int, QuotaHeaders)
        case switches(JSONValue)
        case clock(seconds: Int64)
        case restart
    }

    func event(using generator: inout SeededGenerator) -> Event {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0..<10: return .faults(faults(using: &generator))
        case 10..<13: return .faults(FaultPlan())
        case 13: return .restart
        case 14, 15: return .switches(switches(using: &generator))
        case 16 where takesTime: return quota(using: &generator)
        case 17 where takesTime:
            return .clock(seconds: -Int64.random(in: 1...SoakClock.longestStepBack, using: &generator))
        default:
            let seconds: [Int64] = [1, 20, 70, 400, 2400, 7300, 90_000, 3 * 86_400]
            return .clock(seconds: seconds.randomElement(using: &generator) ?? 1)
        }
    }

    private func faults(using generator: inout SeededGenerator) -> FaultPlan {
        let milliseconds = Int.random(in: 1...3000, using: &generator)
        let all = Fault.all(milliseconds: milliseconds, tweets: Int.random(in: 1...5, using: &generator))
        let faults = takesTime ? all : all.filter { !SoakSchedule.slow.contains($0.name) }
        let targets: [FaultTarget?] = [nil, nil, .totals, .last28Hours, .historical, .token]
        let rules = (0..<Int.random(in: 1...3, using: &generator)).compactMap { _ -> FaultPlan.Rule? in
            guard let fault = faults.randomElement(using: &generator) else { return nil }
            let target = fault == .refusedToken ? .token : targets.randomElement(using: &generator) ?? nil
            let times = Int.random(in: 1...12, using: &generator)
            return FaultPlan.Rule(fault, times: times, endpoint: target, seconds: 30)
        }
        return FaultPlan(rules)
    }

    /// What makes whoever waits wait: not for a clock that stands still.
    private static let slow: Set<String> = [
        "429", "429-reset", "429-retry-after", "420", "delay", "drip", "stall",
    ]

    private func quota(using generator: inout SeededGenerator) -> Event {
        .quota(
            perMinute: [0, 2, 20, 300, 1_000_000].randomElement(using: &generator) ?? 300,
            perSecond: [0, 0, 1, 5].randomElement(using: &generator) ?? 0,
            QuotaHeaders.allCases.randomElement(using: &generator) ?? .all
        )
    }

    private func switches(using generator: inout SeededGenerator) -> JSONValue {
        let choices: [(key: String, values: [JSONValue])] = [
            ("counts", [.string("bare"), .string("strings")]),
            ("forbiddenWording", [.string("by-author"), .string("tweets")]),
            ("forbiddenStatus", [.integer(401), .integer(403)]),
            ("unsupportedMetrics", [.string("zero"), .string("drop-tweet"), .string("omit")]),
            ("allUnavailable", [.integer(200), .integer(400)]),
            ("protectedTweets", [.string("fail-the-call"), .string("unavailable")]),
            ("errorsOfPartialAnswers", [.boolean(false), .boolean(true)]),
            ("windowOnTotals", [.boolean(true), .boolean(false)]),
            ("last28HoursBuckets", [.integer(28), .integer(29)]),
            ("last28HoursEnd", [.string("now"), .string("bucket")]),
            ("userTokensOnForeignTotals", [.string("public-metrics"), .string("forbidden")]),
        ]
        let members = choices.shuffled(using: &generator).prefix(2).map { choice in
            JSONValue.Member(choice.key, choice.values.randomElement(using: &generator) ?? .null)
        }
        return .object(Array(members))
    }

    /// The switches as they were before any event.
    static let usualSwitches = JSONValue.object([
        .init("counts", .string("strings")), .init("forbiddenWording", .string("tweets")),
        .init("forbiddenStatus", .integer(403)), .init("unsupportedMetrics", .string("omit")),
        .init("allUnavailable", .integer(400)), .init("protectedTweets", .string("unavailable")),
        .init("errorsOfPartialAnswers", .boolean(true)), .init("windowOnTotals", .boolean(false)),
        .init("last28HoursBuckets", .integer(29)), .init("last28HoursEnd", .string("bucket")),
        .init("userTokensOnForeignTotals", .string("forbidden")),
    ])
}
