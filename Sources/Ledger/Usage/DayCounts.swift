internal import Engagement

/// How many Tweets or accounts were asked on each day for the last time. Whatever was asked since a day was asked for the
/// last time on that day or later: unique counts are sums of these, and asking again moves one from day to day.
struct DayCounts: Equatable, Sendable {
    private var counts: [UTCDay: Int] = [:]

    /// Days whose count is not zero.
    var days: [UTCDay: Int] { counts }

    func sum(of days: ClosedRange<UTCDay>) -> Int {
        counts.reduce(0) { days.contains($1.key) ? $0 + $1.value : $0 }
    }

    mutating func add(_ count: Int, on day: UTCDay) {
        let sum = counts[day, default: 0] + count
        counts[day] = sum == 0 ? nil : sum
    }

    /// Something that was asked last on `old`, or never before, is asked on `new`.
    mutating func move(from old: UTCDay?, to new: UTCDay) {
        if let old { add(-1, on: old) }
        add(1, on: new)
    }

    static func += (left: inout DayCounts, right: DayCounts) {
        for (day, count) in right.counts { left.add(count, on: day) }
    }

    mutating func forget(before day: UTCDay) {
        counts = counts.filter { $0.key >= day }
    }
}

extension UTCDay {
    /// The last day of asking, when something that was asked last on `old` is asked on this day. Time goes forward, but a day
    /// beyond tomorrow was noted by a clock that was wrong, and gives way.
    func following(_ old: UTCDay?) -> UTCDay {
        guard let old, old <= advanced(by: 1) else { return self }
        return max(old, self)
    }
}
