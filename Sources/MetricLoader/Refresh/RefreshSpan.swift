internal import Engagement
internal import MetricCache

/// How long a number of a list may go unseen, and how that time is divided: most of it passes between two rounds, a small part is
/// what the calls of a round are spread over, and a small part is left for the answers to come.
struct RefreshSpan: Equatable, Sendable {
    /// From one look at a number to the next, at most.
    let seconds: Int

    /// The span of a list: what its settings say, else as long as the number lives that goes stale first.
    init(_ list: NamedList, _ timeToLive: TimeToLive, now: UnixTime) {
        seconds = list.refresh?.everySeconds ?? RefreshSpan.shortestLife(of: list, timeToLive, now: now)
    }

    /// The calls of a round are spread over so much of it.
    var spreadMilliseconds: Int64 { Int64(seconds) * 1000 / 20 }

    /// From the begin of a round to the next.
    ///
    /// - Parameter jitter: 0 to 1; it makes the time shorter, never longer.
    func delayMilliseconds(jitter: Double) -> Int64 {
        let whole = Int64(seconds) * 1000
        let fortieth = Double(whole) / 40
        return max(1000, whole - spreadMilliseconds - Int64(fortieth * (1 + min(max(jitter, 0), 1))))
    }

    /// Numbers that live for less than this are not worth a call each time.
    private static let shortest = 20
    /// What is gone or forbidden may come back, so each list is looked at so often.
    private static let longest = 3600

    private static func shortestLife(of list: NamedList, _ timeToLive: TimeToLive, now: UnixTime) -> Int {
        let fetchedAt = UInt32(clamping: now.seconds)
        var life = min(longest, timeToLive.unavailable, timeToLive.forbidden)
        if list.refresh?.totals.isEmpty == false {
            for tweet in list.tweets {
                let own = timeToLive.lifetime(of: .counted, subject: .totals(tweet), fetchedAt: fetchedAt)
                life = min(life, own ?? life)
            }
        }
        if list.refresh?.hasSeries == true { life = min(life, timeToLive.seriesRecentHour) }
        return max(life, shortest)
    }
}
