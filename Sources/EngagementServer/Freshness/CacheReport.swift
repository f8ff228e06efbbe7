internal import Engagement
internal import EngagementGraph
internal import JSON
internal import MetricCache

/// `extensions.cache`: for each field that shows metrics what the cache had of its numbers, and how long they hold.
internal enum CacheReport {
    /// - Parameters:
    ///   - found: The tables as they were when the operation first looked.
    ///   - tables: Those that it was answered from.
    static func value(
        _ plan: EngagementPlan,
        found: [MetricTable],
        tables: [MetricTable],
        _ timeToLive: TimeToLive,
        now: UnixTime
    ) -> JSONValue {
        .array(
            plan.fieldCells.map { field in
                let demand = plan.needs[field.need].freshness
                let life = timeToLive.life(of: tables[field.need].part(field), under: demand)
                return .object([
                    .init("path", .array(field.path.map { .string($0) })),
                    .init("cells", cells(found[field.need].part(field))),
                    .init("asOf", time(life.oldest)),
                    .init("freshUntil", time(life.freshUntil)),
                    .init("ttl", life.freshUntil.map { .integer($0.seconds - now.seconds) } ?? .null),
                ])
            }
        )
    }

    private static func time(_ time: UnixTime?) -> JSONValue { time.map { .string($0.iso8601) } ?? .null }

    private static func cells(_ table: MetricTable) -> JSONValue {
        let states: [(name: String, freshness: Cell.Freshness)] = [
            ("fresh", .fresh), ("stale", .stale), ("expired", .expired), ("missing", .gone),
        ]
        return .object(
            states.map { state in
                .init(state.name, .integer(Int64(table.cells.count { $0.freshness == state.freshness })))
            }
        )
    }
}

extension MetricTable {
    fileprivate func part(_ field: FieldCells) -> MetricTable {
        var need = need
        need.tweets = field.rows.map { self.need.tweets[$0] }
        need.types = field.types
        var part = MetricTable(need)
        for (place, row) in field.rows.enumerated() {
            for type in field.types.types {
                for bucket in 0..<bucketCount { part[place, type, bucket] = self[row, type, bucket] }
            }
        }
        return part
    }
}
