import Engagement
import Testing

@testable import EngagementServer

@Suite("Times as seen from now")
struct RelativeTimeTests {
    /// A text, and what it means on 2026-11-20 at 12:30:15.5 UTC; nil if it is no such time.
    static let texts: [(text: String, time: String?)] = [
        ("now", "2026-11-20T12:30:15Z"), ("today", "2026-11-20T00:00:00Z"), ("-7d", "2026-11-13T12:30:15Z"),
        ("-24h", "2026-11-19T12:30:15Z"), ("-2w", "2026-11-06T12:30:15Z"), ("now-1h", "2026-11-20T11:30:15Z"),
        ("today-1d", "2026-11-19T00:00:00Z"), ("-0h", "2026-11-20T12:30:15Z"),
        ("", nil), ("-", nil), ("7d", nil), ("-7", nil), ("-7y", nil), ("-d", nil), ("--7d", nil), ("-+7d", nil),
        ("-1.5d", nil), ("tomorrow", nil), ("today-", nil), ("2026-11-20", nil), ("-9999999999999999999d", nil),
    ]

    @Test("hours, days and weeks back", arguments: texts)
    func time(_ text: String, _ time: String?) {
        let now = UnixTime(milliseconds: (UnixTime(iso8601: "2026-11-20T12:30:15Z")?.milliseconds ?? 0) + 500)
        #expect(RelativeTime.time(text, now: now)?.iso8601 == time)
    }
}
