public import Engagement

extension LoadedMetrics {
    /// What was found and fetched for one part after another, with the tables of what is left of them.
    ///
    /// - Parameter parts: In their order.
    public init(parts: [LoadedMetrics], tables: [MetricTable]) {
        var counts = CellCounts()
        for part in parts {
            counts.fresh += part.counts.fresh
            counts.stale += part.counts.stale
            counts.expired += part.counts.expired
            counts.missing += part.counts.missing
        }
        self.init(tables: tables, failures: parts.flatMap(\.failures), counts: counts)
        for part in parts {
            cost.calls += part.cost.calls
            cost.joined += part.cost.joined
        }
    }

    /// The same without the numbers, which is small.
    public var withoutTables: LoadedMetrics {
        var bare = self
        bare.tables = []
        return bare
    }
}
