internal import Engagement
internal import EngagementAPI
internal import Foundation
internal import MetricLoader

/// Refreshes what is read often before it goes stale, so that nobody gets an old number.
///
/// In the last tenth of an answer's life each read may be the one that has it refreshed, by chance, and the more likely the less
/// is left. What is read a thousand times a second is refreshed as that tenth begins, what is read once a minute mostly not at
/// all: how hot something is need not be counted, and pages that were loaded together are not refreshed in step. Refreshes that
/// nobody waits for take what the quota has left over; those that are under way already are not begun again.
internal struct EarlyRefresh: Sendable {
    /// A number from 0 up to 1.
    var chance: @Sendable () -> Double = { .random(in: 0..<1) }
    let loader: MetricLoader

    /// At the beginning of the last tenth one read in 55 refreshes, at the end each.
    private static let steepness = 4.0

    /// Notes a read of an answer, made from `needs`, that still holds.
    func noteRead(_ life: AnswerLife, of needs: [MetricNeed], now: UnixTime) {
        guard let early = life.earlySeconds else { return }
        let left = life.staleFrom.milliseconds - now.milliseconds
        guard left > 0, left <= early * 1000 else { return }
        guard chance() < exp(-EarlyRefresh.steepness * Double(left) / Double(early * 1000)) else { return }
        let sooner = needs.map { need in
            var need = need
            need.freshness.minFresh = max(need.freshness.minFresh, Int(early))
            need.freshness.maxAge = need.freshness.maxAge.map { max(0, $0 - Int(early)) }
            return need
        }
        loader.refresh(sooner, urgency: .background, now: now)
    }
}
