internal import Engagement

/// The rows of a selection in which the two numbers of a rate are sums over different cells, as when a Tweet is too old for
/// one of them: each is right, but to divide one by the other would be wrong.
internal struct LopsidedRates: Sendable {
    /// ``RowTable/keys`` for each of ``MetricSelection/rates``.
    private var keys: [Set<Int>]

    /// - Parameter row: The key that a Tweet's step of time adds to.
    init(_ selection: MetricSelection, _ table: MetricTable, row: (_ tweet: Int, _ step: Int) -> Int) {
        keys = selection.rates.map { rate in
            var lopsided: Set<Int> = []
            for tweet in selection.tweets.indices {
                let place = selection.places.map { Int($0[tweet]) } ?? tweet
                let above = table.index(tweet: place, type: rate.of)
                let below = table.index(tweet: place, type: rate.per)
                for step in selection.buckets.bucketOf.indices {
                    let isSeen = table.cells[above + step].state == .counted
                    guard isSeen != (table.cells[below + step].state == .counted) else { continue }
                    lopsided.insert(row(tweet, step))
                }
            }
            return lopsided
        }
    }

    func isLopsided(_ key: Int, _ rate: Int) -> Bool { keys[rate].contains(key) }
}
