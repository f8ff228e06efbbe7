public import Engagement

/// How one count of one Tweet grows: a function from a moment to the number of engagements before it. It never falls, and
/// every other number is a difference of two of its values, so hours add up to days and days to the lifetime, exactly.
public struct EngagementCurve: Equatable, Sendable {
    private let shape: Shape
    /// Engagements before this moment are not reported in series.
    private let silentBefore: UnixTime?

    private enum Shape: Equatable {
        case never
        case growing(Growth)
        case hours(first: UTCHour, sums: [Int64])
    }

    /// The constants of ``EngagementCurve/growing(_:from:halfTime:life:)``.
    private struct Growth: Equatable {
        let lifetime: Int64
        let born: Int64
        let halfTime: Int64
        let life: Int64
    }

    /// A count that stays 0.
    static let never = EngagementCurve(shape: .never, silentBefore: nil)

    /// A count that grows from 0 at `born` to `lifetime`, fast at first and ever more slowly.
    ///
    /// With `a` = the active time since `born` (``ActiveTime``), at least 0 and at most `life`:
    ///
    ///     count before t = floor(lifetime × a × (life + halfTime) / (life × (a + halfTime)))
    ///
    /// It is 0 when the Tweet is posted, about half of the lifetime after `halfTime`, and the lifetime exactly after `life`.
    static func growing(_ lifetime: Int64, from born: UnixTime, halfTime: Int64, life: Int64) -> EngagementCurve {
        let growth = Growth(lifetime: lifetime, born: ActiveTime.units(at: born), halfTime: halfTime, life: life)
        return EngagementCurve(shape: .growing(growth), silentBefore: nil)
    }

    /// A count given hour by hour from `first` on, and 0 outside; within an hour it grows evenly.
    static func hours(from first: UTCHour, _ counts: [Int64]) -> EngagementCurve {
        let sums = counts.reduce(into: [Int64(0)]) { sums, count in sums.append((sums.last ?? 0) + count) }
        return EngagementCurve(shape: .hours(first: first, sums: sums), silentBefore: nil)
    }

    /// The same count, of which series report nothing before `time`.
    func silent(before time: UnixTime) -> EngagementCurve {
        EngagementCurve(shape: shape, silentBefore: time)
    }

    /// How many engagements there were before `time`: the lifetime count as of that moment.
    public func total(asOf time: UnixTime) -> Int64 {
        switch shape {
        case .never:
            return 0
        case .growing(let growth):
            let age = min(max(ActiveTime.units(at: time) - growth.born, 0), growth.life)
            let share = Int128(growth.lifetime) * Int128(age) * Int128(growth.life + growth.halfTime)
            return Int64(share / (Int128(growth.life) * Int128(age + growth.halfTime)))
        case .hours(let first, let sums):
            let index = Int(time.flooredHour.index) - Int(first.index)
            guard index >= 0 else { return 0 }
            guard index + 1 < sums.count else { return sums[sums.count - 1] }
            let within = time.milliseconds - time.flooredHour.start.milliseconds
            return sums[index] + (sums[index + 1] - sums[index]) * within / 3_600_000
        }
    }

    /// How many engagements a series reports for the hours of `window`, as known at `now`: the hour that contains `now` has
    /// counted only up to `now`, and later ones are 0.
    public func count(in window: HourWindow, asOf now: UnixTime) -> Int64 {
        var start = min(window.start.start, now)
        var end = min(window.end.start, now)
        if let silentBefore {
            start = max(start, silentBefore)
            end = max(end, silentBefore)
        }
        return total(asOf: end) - total(asOf: start)
    }
}
