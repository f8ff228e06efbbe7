import Engagement
import Testing

@testable import EngagementServer

@Suite("The limits of a key")
struct KeyLimitTests {
    private let start = UnixTime(seconds: 1_800_000_000)

    @Test("A minute's requests at once, then one whenever its time has passed")
    func rate() {
        let limit = RateLimit(perMinute: 4)
        for _ in 0..<4 { #expect(limit.take(now: start) == nil) }
        #expect(limit.take(now: start) == 15)
        #expect(limit.take(now: start.advanced(bySeconds: 5)) == 10)
        #expect(limit.take(now: start.advanced(bySeconds: 15)) == nil)
        #expect(limit.take(now: start.advanced(bySeconds: 16)) == 14)
        // After an hour there is a minute's worth, not an hour's.
        let later = start.advanced(bySeconds: 3600)
        for _ in 0..<4 { #expect(limit.take(now: later) == nil) }
        #expect(limit.take(now: later) == 15)
    }

    @Test("Whoever keeps to the rate is never refused, and over an hour nobody gets more", arguments: [1, 7, 60, 1000])
    func longRun(_ perMinute: Int) {
        let limit = RateLimit(perMinute: perMinute)
        for index in 0..<perMinute * 3 {
            let time = UnixTime(milliseconds: start.milliseconds + Int64(index) * (60_000 / Int64(perMinute) + 1))
            #expect(limit.take(now: time) == nil)
        }
        let greedy = RateLimit(perMinute: perMinute)
        var admitted = 0
        for tenth in 0..<36_000 {
            let time = UnixTime(milliseconds: start.milliseconds + Int64(tenth) * 100)
            for _ in 0..<3 where greedy.take(now: time) == nil { admitted += 1 }
        }
        #expect(admitted <= perMinute * 61)
        #expect(admitted >= min(perMinute * 59, 36_000 * 3))
    }

    @Test("A clock that is set back shuts nobody out for longer than a minute")
    func clock() {
        let limit = RateLimit(perMinute: 2)
        let late = start.advanced(bySeconds: 86_400)
        for _ in 0..<2 { #expect(limit.take(now: late) == nil) }
        #expect((limit.take(now: start) ?? 0) <= 60)
        #expect(limit.take(now: start.advanced(bySeconds: 60)) == nil)
    }

    @Test("Calls are counted for 24 hours, by the hour")
    func calls() {
        let hour = UnixTime(seconds: start.seconds / 3600 * 3600)
        let budget = CallBudget(perDay: 3)
        let (first, third) = (hour.advanced(bySeconds: 10), hour.advanced(bySeconds: 7200))
        #expect(budget.take(now: first) == nil)
        budget.settle(2, takenAt: first)
        // A request that is let in may make several calls.
        #expect(budget.take(now: third) == nil)
        budget.settle(4, takenAt: third)
        // Without the two of the first hour there would be four still: those of the third have to go.
        #expect(budget.take(now: hour.advanced(bySeconds: 7300)) == Int64(26 * 3600 - 7300))
        #expect(budget.take(now: hour.advanced(bySeconds: 26 * 3600 - 1)) == 1)
        #expect(budget.take(now: hour.advanced(bySeconds: 26 * 3600)) == nil)
        // Those that are under way count, also before anybody knows how many they will be; and not if there were none.
        let other = CallBudget(perDay: 2)
        #expect(other.take(now: hour) == nil)
        #expect(other.take(now: hour) == nil)
        #expect(other.take(now: hour) == Int64(24 * 3600))
        other.settle(0, takenAt: hour)
        #expect(other.take(now: hour) == nil)
        // Without any there is nothing but the cache.
        #expect(CallBudget(perDay: 0).take(now: hour) != nil)
    }

    /// A `Host`, and whether a server without keys answers to it.
    private static let hosts: [(host: String?, isAllowed: Bool)] = [
        (nil, true), ("localhost", true), ("localhost:8080", true), ("LocalHost", true), ("127.0.0.1", true),
        ("127.0.0.1:8080", true), ("127.1.2.3", true), ("[::1]", true), ("[::1]:8080", true), ("numbers.lan", true),
        ("Numbers.lan:80", true),
        ("evil.example", false), ("evil.example:8080", false), ("localhost.evil.example", false),
        ("127.evil.example", false),
        ("127.0.0.1.evil.example", false), ("127.0.0.1@evil.example", false), ("128.0.0.1", false),
        ("127.0.0.1a", false),
        ("127.0.0", false), ("127.0.0.0001", false), ("", false), ("[::2]", false), ("10.0.0.1", false),
        ("0.0.0.0", false),
        ("localhost:80a", false), ("numbers.lan.evil.example", false),
    ]

    @Test("A name of this machine, or one that was configured")
    func hosts() {
        let rule = HostRule(["numbers.LAN"])
        for (host, isAllowed) in Self.hosts { #expect(rule.allows(host) == isAllowed, "\(host ?? "none")") }
    }
}
