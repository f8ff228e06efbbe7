public import Engagement
internal import GraphQL
internal import JSON

/// Why cells have no answer: a call that failed, in the words that the response shows.
public struct AnswerGap: Equatable, Sendable {
    /// What the failed call was for.
    public var family: MetricFamily
    public var tweets: Set<TweetID>
    public var types: EngagementTypeSet
    public var window: HourWindow?
    /// `extensions.code` of the error.
    public var code: String
    public var message: String

    public init(
        family: MetricFamily,
        tweets: Set<TweetID>,
        types: EngagementTypeSet,
        window: HourWindow?,
        code: String,
        message: String
    ) {
        self.family = family
        self.tweets = tweets
        self.types = types
        self.window = window
        self.code = code
        self.message = message
    }
}

/// What a field's response says of the numbers that it lacks: one error for each reason, with the Tweets it concerns.
internal struct AbsenceReport: Sendable {
    private var extents: [Reason: Extent] = [:]
    private var order: [Reason] = []
    private var gaps: [AnswerGap] = []
    private let path: FieldPath

    /// Why a cell is no count.
    private enum Reason: Hashable, Sendable {
        case unavailable
        case forbidden
        case tooOld
        /// Of the past: it was not seen then.
        case notObserved
        /// From before the API's horizon, and not kept.
        case notArchived
        /// The place of a gap, or nil if no failed call explains it.
        case missing(Int?)
    }

    /// What one reason concerns.
    private struct Extent: Sendable {
        var tweets: [TweetID] = []
        var types: EngagementTypeSet = []
        /// Where the first Tweet is asked for.
        let first: Int
    }

    /// A report of a field about which nothing is known yet.
    init(_ path: FieldPath) { self.path = path }

    init(_ selection: MetricSelection, _ table: MetricTable, gaps: [AnswerGap]) {
        self.init(selection.path)
        add(selection, table, gaps: gaps)
    }

    /// Adds what a part of the field's Tweets lacks, with the gaps of that part.
    mutating func add(_ selection: MetricSelection, _ table: MetricTable, gaps new: [AnswerGap]) {
        // Calls of several parts that failed alike are one reason.
        let places = new.map { gap in gaps.firstIndex { $0.code == gap.code && $0.message == gap.message } }
        let firstNew = gaps.count
        // What the report says of a gap does not need its Tweets.
        gaps += new.map { gap in
            var said = gap
            said.tweets = []
            return said
        }
        for (index, tweet) in selection.tweets.enumerated() {
            let place = selection.places.map { Int($0[index]) } ?? index
            for type in selection.types.types {
                for reason in AbsenceReport.reasons(of: tweet, at: place, type, in: table, new, selection.horizon) {
                    var reason = reason
                    if case .missing(let gap?) = reason { reason = .missing(places[gap] ?? firstNew + gap) }
                    if extents[reason] == nil {
                        extents[reason] = Extent(first: selection.list.firstMention(of: index))
                        order.append(reason)
                    }
                    if extents[reason]?.tweets.last != tweet { extents[reason]?.tweets.append(tweet) }
                    extents[reason]?.types.insert(EngagementTypeSet(type))
                }
            }
        }
    }

    var errors: [GraphQLError] {
        order.compactMap { reason in
            guard let extent = extents[reason] else { return nil }
            return AbsenceReport.error(reason, extent, gaps, path: path.path(at: extent.first))
        }
    }

    /// Each reason once, in the order of time.
    private static func reasons(
        of tweet: TweetID,
        at place: Int,
        _ type: EngagementType,
        in table: MetricTable,
        _ gaps: [AnswerGap],
        _ horizon: UTCHour?
    ) -> [Reason] {
        var reasons: [Reason] = []
        var candidates: [Int]?
        let first = table.index(tweet: place, type: type)
        for bucket in 0..<table.bucketCount {
            let reason: Reason
            switch table.cells[first + bucket].state {
            case .counted: continue
            case .unavailable: reason = .unavailable
            case .forbidden: reason = .forbidden
            case .tooOld: reason = .tooOld
            case .missing where table.need.moments != nil: reason = .notObserved
            case .missing:
                let concerned =
                    candidates
                    ?? gaps.indices.filter { gaps[$0].concerns(table.need.family, tweet, type) }
                candidates = concerned
                let hours = table.need.hours(ofBucket: bucket)
                let gap = concerned.first { gaps[$0].touches(hours) }
                let isBeyond = horizon.map { horizon in hours.map { $0.start < horizon } ?? false } ?? false
                reason = gap == nil && isBeyond ? .notArchived : .missing(gap)
            }
            if !reasons.contains(reason) { reasons.append(reason) }
        }
        return reasons
    }

    private static func error(
        _ reason: Reason,
        _ extent: Extent,
        _ gaps: [AnswerGap],
        path: [GraphQLError.PathSegment]
    ) -> GraphQLError {
        let (code, message) = text(reason, extent, gaps)
        return GraphQLError(
            message,
            path: path,
            extensions: [
                .init("code", .string(code)),
                .init("tweetIds", .array(extent.tweets.map { .string($0.description) })),
                .init("engagementTypes", .array(extent.types.types.map { .string($0.enumName) })),
            ]
        )
    }

    private static func text(_ reason: Reason, _ extent: Extent, _ gaps: [AnswerGap]) -> (code: String, message: String)
    {
        let tweets = extent.tweets.count == 1 ? "1 Tweet" : "\(extent.tweets.count) Tweets"
        let isOne = extent.tweets.count == 1
        switch reason {
        case .unavailable:
            return (
                "TWEET_UNAVAILABLE",
                "\(tweets) \(isOne ? "is" : "are") deleted, protected or suspended, or never existed."
            )
        case .forbidden:
            return (
                "TWEET_FORBIDDEN",
                "\(tweets) \(isOne ? "belongs" : "belong") to another account, which alone may see these numbers."
            )
        case .tooOld:
            return (
                "TWEET_TOO_OLD",
                """
                \(tweets) \(isOne ? "is" : "are") too old: totals give impressions and engagements for 90 days, \
                video views for 1800.
                """
            )
        case .notObserved:
            return (
                "NOT_OBSERVED",
                """
                \(tweets) \(isOne ? "was" : "were") not seen at the time, or not all of it: the past is known only of Tweets \
                that were asked for then.
                """
            )
        case .notArchived:
            return (
                "NOT_ARCHIVED",
                "The Engagement API no longer gives hours that are so long past, and those of \(tweets) were not kept."
            )
        case .missing(let gap?): return (gaps[gap].code, gaps[gap].message)
        case .missing(nil):
            return ("UPSTREAM_INCOMPLETE", "The Engagement API's answer left out numbers of \(tweets).")
        }
    }
}

extension AnswerGap {
    fileprivate func concerns(_ family: MetricFamily, _ tweet: TweetID, _ type: EngagementType) -> Bool {
        self.family == family && types.contains(type) && tweets.contains(tweet)
    }

    fileprivate func touches(_ hours: HourWindow?) -> Bool {
        guard let window, let hours else { return true }
        return window.intersection(hours) != nil
    }
}

extension MetricNeed {
    /// The hours of a bucket, nil for totals.
    fileprivate func hours(ofBucket bucket: Int) -> HourWindow? {
        guard let window else { return nil }
        let width = grain == .day ? 24 : 1
        let start = window.start.advanced(by: bucket * width)
        return HourWindow(start: start, end: start.advanced(by: width))
    }
}
