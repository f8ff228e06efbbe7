/// Which of a history's observations are kept: the older, the sparser.
///
/// An observation goes if the ones before and after it are close together, for their age. So whoever asks for the past gets the
/// newest observation that there ever was, or one that is older by less than ``allowance(forAge:)``. The first and the newest
/// one are never dropped, and of a history of any length at most ``mostKept(ofAge:)`` stay.
public struct Thinning: Equatable, Sendable {
    /// Observations may lie a part of their age apart: one of so many.
    public var partsOfAge: Int
    /// How close together they may lie at least, in seconds.
    public var leastSeconds: Int

    public init(partsOfAge: Int = 24, leastSeconds: Int = 300) {
        self.partsOfAge = partsOfAge
        self.leastSeconds = leastSeconds
    }

    /// How far apart neighbours may lie between which one was dropped, in seconds, when the later of them is so old. It grows
    /// with the age, so that what was dropped once would be dropped later too.
    public func allowance(forAge seconds: Int) -> Int { max(leastSeconds, seconds / partsOfAge) }

    /// For each of `times`, which go up, whether it stays. Seconds since 1970.
    public func kept(_ times: [UInt32], now: UInt32) -> [Bool] {
        var kept = [Bool](repeating: true, count: times.count)
        guard var last = times.first else { return kept }
        for index in times.indices.dropFirst().dropLast() {
            let next = times[index + 1]
            if Int(next) - Int(last) <= allowance(forAge: Int(now) - Int(next)) {
                kept[index] = false
            } else {
                last = times[index]
            }
        }
        return kept
    }

    /// More than so many observations of the last `seconds` are never kept: of any three neighbours the outer two lie further
    /// apart than is allowed.
    public func mostKept(ofAge seconds: Int) -> Int {
        var count = 1
        var age = 0
        while age < seconds {
            age += allowance(forAge: age) + 1
            count += 1
        }
        return 2 * count + 2
    }
}
