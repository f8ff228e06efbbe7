internal import Archive
internal import Engagement
internal import Ledger
internal import MetricCache

/// Reads the cache with the eyes that may see each number: an account's own for its Tweets, anybody's for what is public.
///
/// A need names the accounts that its reader may look through. Whose a Tweet is, is learnt from answers and remembered, so
/// that each Tweet's private numbers are looked up, and asked for, as its owner. As long as nobody knows, the accounts are
/// tried one after the other. A Tweet that is none of theirs costs no call: its numbers are known to be forbidden.
internal struct MetricReader: Sendable {
    let cache: MetricCache
    let owners: TweetOwners
    /// What was seen in the past, and which Tweets are gone.
    let archive: Archive?
    /// How far back the API can be asked.
    let history: HistoryDepth

    /// What the cache knows of `need`; see ``MetricCache/MetricCache/lookup(_:now:notBefore:)``.
    func table(_ need: MetricNeed, now: UnixTime, notBefore: UnixTime? = nil) -> MetricTable {
        var table = visibleTable(need, now: now, notBefore: notBefore)
        hideUnavailable(in: &table, now: now, notBefore: notBefore)
        if need.moments != nil { table.settle() }
        return table
    }

    private func visibleTable(_ need: MetricNeed, now: UnixTime, notBefore: UnixTime?) -> MetricTable {
        let types = need.privateTypes
        if types.isEmpty { return stored(need, now: now, notBefore: notBefore) }
        if need.otherAccounts.isEmpty {
            var table = stored(need, now: now, notBefore: notBefore)
            if !table.isFresh { forbid(types, in: &table, eyes(for: need, now: now), now: now) }
            return table
        }
        return assembled(need, types, now: now, notBefore: notBefore)
    }

    /// The table of a cache that is empty. Tweets that are known to be none of the reader's accounts are forbidden all the same.
    func emptyTable(_ need: MetricNeed, now: UnixTime) -> MetricTable {
        var table = MetricTable(need)
        let types = need.privateTypes
        if !types.isEmpty { forbid(types, in: &table, eyes(for: need, now: now), now: now) }
        if need.moments != nil { table.settle() }
        return table
    }

    /// What `table`, which was read here, lacks.
    func gaps(in table: MetricTable, now: UnixTime) -> [CellGap] {
        let gaps = allGaps(in: table, now: now)
        guard history.days != nil else { return gaps }
        let horizon = history.earliest(now: now)
        return gaps.compactMap { $0.notBefore(horizon) }
    }

    private func allGaps(in table: MetricTable, now: UnixTime) -> [CellGap] {
        guard !table.need.otherAccounts.isEmpty, !table.isFresh else { return CellGap.gaps(in: table) }
        let eyes = eyes(for: table.need, now: now)
        return CellGap.gaps(in: table) { eyes[$0] ?? table.need.account }
    }

    /// Both in one.
    func gaps(_ needs: [MetricNeed], now: UnixTime) -> [CellGap] {
        needs.flatMap { gaps(in: table($0, now: now), now: now) }
    }

    /// Puts the table together from what each account sees.
    private func assembled(
        _ need: MetricNeed,
        _ types: EngagementTypeSet,
        now: UnixTime,
        notBefore: UnixTime?
    ) -> MetricTable {
        let eyes = eyes(for: need, now: now)
        var table = MetricTable(need)
        let rows = Dictionary(grouping: eyes.indices) { eyes[$0] }
        for (account, rows) in rows {
            guard let account else { continue }
            let part = need.part(of: account, rows.map { need.tweets[$0] }, types)
            table.fill(rows, from: stored(part, now: now, notBefore: notBefore))
        }
        if !need.publicTypes.isEmpty {
            let part = need.part(of: need.account, need.tweets, need.publicTypes)
            table.fill(Array(need.tweets.indices), from: stored(part, now: now, notBefore: notBefore))
        }
        forbid(types, in: &table, eyes, now: now)
        return table
    }

    /// The account to look through for each of the need's Tweets: its owner, or else the first that may be; nil if it is
    /// known to be none of them.
    private func eyes(for need: MetricNeed, now: UnixTime) -> [AccountName?] {
        var eyes = [AccountName?](repeating: nil, count: need.tweets.count)
        for account in [need.account] + need.otherAccounts where account != .nobody {
            for (row, ownership) in owners.ownership(of: need.tweets, by: account, at: now).enumerated() {
                switch ownership {
                case .owned: eyes[row] = account
                case .unknown: eyes[row] = eyes[row] ?? account
                case .ruledOut: break
                }
            }
        }
        return eyes
    }

    private func forbid(
        _ types: EngagementTypeSet,
        in table: inout MetricTable,
        _ eyes: [AccountName?],
        now: UnixTime
    ) {
        let forbidden = Cell(count: 0, fetchedAt: UInt32(clamping: now.seconds), state: .forbidden, freshness: .fresh)
        for (row, account) in eyes.enumerated() where account == nil {
            for type in types.types {
                let first = table.index(tweet: row, type: type)
                for place in first..<first + table.bucketCount where table.cells[place].freshness != .fresh {
                    table.cells[place] = forbidden
                }
            }
        }
    }
}

extension MetricNeed {
    fileprivate func part(of account: AccountName, _ tweets: [TweetID], _ types: EngagementTypeSet) -> MetricNeed {
        var part = self
        part.account = account
        part.otherAccounts = []
        part.tweets = tweets
        part.types = types
        return part
    }
}

extension MetricTable {
    /// Takes over the cells of `part`, whose Tweets are those of `rows`.
    fileprivate mutating func fill(_ rows: [Int], from part: MetricTable) {
        for (place, row) in rows.enumerated() {
            for type in part.need.types.types {
                let source = part.index(tweet: place, type: type)
                let target = index(tweet: row, type: type)
                cells.replaceSubrange(
                    target..<target + bucketCount,
                    with: part.cells[source..<source + bucketCount]
                )
            }
        }
    }
}
