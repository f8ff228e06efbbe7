public import Engagement

/// Cells of one Tweet that have to be fetched: what a planner works with.
public struct CellGap: Hashable, Sendable {
    /// Who has to ask.
    public var access: UpstreamAccess
    public var tweet: TweetID
    public var types: EngagementTypeSet
    /// The hours of a series, nil for totals.
    public var window: HourWindow?
    public var grain: MetricNeed.Grain
    /// How old numbers that close the gap may be.
    public var freshness = FreshnessDemand.usual

    public init(
        access: UpstreamAccess,
        tweet: TweetID,
        types: EngagementTypeSet,
        window: HourWindow?,
        grain: MetricNeed.Grain
    ) {
        self.access = access
        self.tweet = tweet
        self.types = types
        self.window = window
        self.grain = grain
    }

    /// What `table` lacks, Tweet by Tweet: every cell that is not fresh lies in one of the gaps.
    ///
    /// A gap is of all types that the Tweet lacks anywhere, since types cost nothing in a call. Hours that are missing
    /// on either side of a longer stretch of known ones are gaps of their own: a call covers four weeks at most.
    ///
    /// - Parameter owner: Who has to ask for the private numbers of the Tweet in a row; the account of the need if nil.
    public static func gaps(in table: MetricTable, owner: ((Int) -> AccountName)? = nil) -> [CellGap] {
        let need = table.need
        let publicTypes = need.publicTypes
        var gaps: [CellGap] = []
        for (row, tweet) in need.tweets.enumerated() {
            let missing = table.missingTypes(ofTweet: row)
            if missing.isEmpty { continue }
            for (access, types) in [
                (UpstreamAccess.application, missing.intersection(publicTypes)),
                (UpstreamAccess.account(owner?(row) ?? need.account), missing.subtracting(publicTypes)),
            ] where !types.isEmpty {
                for window in table.missingWindows(ofTweet: row, types) {
                    var gap = CellGap(access: access, tweet: tweet, types: types, window: window, grain: need.grain)
                    gap.freshness = need.freshness
                    gaps.append(gap)
                }
            }
        }
        return gaps
    }

    /// The question to the cache that such gaps of `tweets` answer.
    internal func need(of tweets: [TweetID]) -> MetricNeed {
        var need =
            window.map { window in
                MetricNeed.series(
                    account: access.accountName,
                    tweets: tweets,
                    types: types,
                    window: window,
                    grain: grain
                )
            } ?? .totals(account: access.accountName, tweets: tweets, types: types)
        need.freshness = freshness
        return need
    }

    /// Missing hours with fewer known ones between them are one gap: a page that lacks every other hour needs no plan
    /// of each.
    fileprivate static let hoursApart = 24
}

extension UpstreamAccess {
    /// Only the account's own tables carry its name; those of the app belong to nobody.
    fileprivate var accountName: AccountName {
        switch self {
        case .application: AccountName("")
        case .account(let name): name
        }
    }
}

extension MetricTable {
    fileprivate func missingTypes(ofTweet row: Int) -> EngagementTypeSet {
        var missing: EngagementTypeSet = []
        for type in need.types.types {
            let first = index(tweet: row, type: type)
            if cells[first..<first + bucketCount].contains(where: { $0.freshness != .fresh }) {
                missing.insert(EngagementTypeSet(type))
            }
        }
        return missing
    }

    /// The stretches of time in which one of `types` is missing; of totals, which have no time, one nil.
    fileprivate func missingWindows(ofTweet row: Int, _ types: EngagementTypeSet) -> [HourWindow?] {
        guard let window = need.window else { return [nil] }
        let firstCells = types.types.map { index(tweet: row, type: $0) }
        let width = need.grain == .day ? 24 : 1
        var stretches: [ClosedRange<Int>] = []
        for bucket in 0..<bucketCount where firstCells.contains(where: { cells[$0 + bucket].freshness != .fresh }) {
            if let last = stretches.last, (bucket - last.upperBound - 1) * width < CellGap.hoursApart {
                stretches[stretches.count - 1] = last.lowerBound...bucket
            } else {
                stretches.append(bucket...bucket)
            }
        }
        return stretches.map { need.hours(of: $0, in: window) }
    }
}

extension MetricNeed {
    /// The hours of consecutive buckets.
    fileprivate func hours(of buckets: ClosedRange<Int>, in window: HourWindow) -> HourWindow {
        let width = grain == .day ? 24 : 1
        return HourWindow(
            start: window.start.advanced(by: buckets.lowerBound * width),
            end: window.start.advanced(by: (buckets.upperBound + 1) * width)
        )
    }
}
