public import Engagement
internal import SQLite
internal import Synchronization

extension Archive {
    /// The answer to a need for lifetime counts as of ``Engagement/MetricNeed/moments``: of each the newest count that was
    /// seen then or before, with when that was. What was not seen by then is missing; nothing is ever put in between.
    ///
    /// Tweets that are unavailable are answered all the same: see ``unavailable(among:)``.
    public func totals(_ need: MetricNeed) -> MetricTable {
        var table = MetricTable(need)
        guard let file, need.family == .totals, let moments = need.moments else { return table }
        let times = moments.map { UInt32(clamping: $0.seconds) }
        for (scope, types) in [
            (CellScope.everyone, need.publicTypes), (.account(need.account), need.privateTypes),
        ] where !types.isEmpty {
            let (recent, unwritten) = state.withLock { state in
                (need.tweets.map { state.recent(ObservationKey(scope: scope, tweet: $0)) }, state.unwritten)
            }
            let stored = file.read { rows throws(SQLiteError) in
                var records: [ObservedTotals?] = []
                guard let number = try rows.number(of: scope) else { return records }
                for tweet in need.tweets {
                    let isPurged = unwritten.contains { $0.selects(tweet, scope) }
                    records.append(isPurged ? nil : try rows.record(of: tweet, scope: number))
                }
                return records
            }
            for row in need.tweets.indices {
                var record = stored.flatMap { $0.isEmpty ? nil : $0[row] } ?? ObservedTotals()
                if let recent = recent[row] { record.merge(recent) }
                table.fill(row, types, from: record, times)
            }
        }
        return table
    }
}

extension MetricTable {
    /// Fills in what `record` knows of a Tweet as of each moment.
    fileprivate mutating func fill(
        _ row: Int,
        _ types: EngagementTypeSet,
        from record: ObservedTotals,
        _ times: [UInt32]
    ) {
        for type in types.types {
            for (bucket, time) in times.enumerated() {
                guard let (count, seenAt) = record.count(of: type, asOf: time) else { continue }
                self[row, type, bucket] = Cell(count: count, fetchedAt: seenAt, state: .counted, freshness: .fresh)
            }
        }
    }
}
