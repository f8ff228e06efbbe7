import Engagement
import Testing

@testable import EngagementAPI

@Suite("Rate limit headers of dossier §8")
struct RateLimitTests {
    static let now = UnixTime(seconds: 1_700_000_000)

    private func rateLimit(_ headers: [String: String]) -> RateLimit? {
        RateLimit(
            TransportResponse(status: 200, headers: headers.map { HTTPHeader($0.key, $0.value) }),
            now: RateLimitTests.now
        )
    }

    @Test("missing headers are unknown, not empty")
    func missing() {
        #expect(rateLimit([:]) == nil)
        #expect(rateLimit(["x-per-minute-remaining": "many"]) == nil)
        let limit = rateLimit(["x-per-second-limit": "2"])
        #expect(limit?.perSecond == RateLimit.Quota(limit: 2))
        #expect(limit?.perMinute == nil)
    }

    @Test(
        "a reset is read as seconds, milliseconds or seconds from now",
        arguments: [
            ("1700000030", 1_700_000_030_000 as Int64?), ("1700000030500", 1_700_000_030_500),
            ("30", 1_700_000_030_000),
            ("-1", nil), ("99999999999999999", nil), ("soon", nil), ("", nil), ("9223372036854775807", nil),
        ]
    )
    func resets(text: String, milliseconds: Int64?) {
        #expect(rateLimit(["x-per-minute-reset": text])?.perMinute?.resetAt?.milliseconds == milliseconds)
    }

    @Test("the reset that counts is that of the quota that is empty")
    func emptyQuota() {
        let limit = RateLimit(
            perMinute: .init(remaining: 5, resetAt: UnixTime(seconds: 60)),
            perSecond: .init(remaining: 0, resetAt: UnixTime(seconds: 2))
        )
        #expect(limit.resetAt == UnixTime(seconds: 2))
        #expect(RateLimit(perMinute: .init(resetAt: UnixTime(seconds: 60))).resetAt == UnixTime(seconds: 60))
        #expect(RateLimit(perMinute: .init(remaining: 0)).resetAt == nil)
    }
}
