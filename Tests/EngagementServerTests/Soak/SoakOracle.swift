import Engagement
import EngagementSandbox

/// What may be answered, by the sandbox's arithmetic and not by its answers.
///
/// Counts of the sandbox never fall. So a number that was fetched between two moments lies between the counts as of these.
struct SoakOracle: Sendable {
    let world: SoakWorld
    let metrics: SyntheticMetrics

    /// When a number can have been fetched.
    struct Span: Sendable {
        var from: UnixTime
        var to: UnixTime
    }

    /// Why there is no number, or which numbers are right.
    enum Truth: Equatable {
        case count(ClosedRange<Int64>)
        /// Deleted, protected or suspended.
        case unavailable
        /// Another account's.
        case forbidden
        /// Past the age at which the API stops to give it.
        case tooOld
        /// It reaches that age within the span: a count or none.
        case countOrTooOld(ClosedRange<Int64>)
    }

    /// The truth of one metric of a Tweet.
    ///
    /// - Parameters:
    ///   - windows: The hours that are added up; nil for lifetime counts.
    ///   - reader: Whose private numbers may be seen; nil if only public ones may.
    func truth(
        _ tweet: TweetID,
        _ type: EngagementType,
        _ windows: [HourWindow]?,
        for reader: AccountName?,
        fetched span: Span
    ) -> Truth {
        let isPublic = windows == nil && EngagementTypeSet.publicTotals.contains(type)
        if world.isGone(tweet, at: span.to) { return .unavailable }
        if !isPublic, world.owner(of: tweet) != reader { return .forbidden }
        let counts = counts(tweet, type, windows, span)
        guard windows == nil, let days = SoakOracle.oldestDays(type), let createdAt = tweet.createdAt else {
            return .count(counts)
        }
        let end = createdAt.advanced(bySeconds: days * 86_400)
        if end < span.from { return .tooOld }
        return end > span.to ? .count(counts) : .countOrTooOld(counts)
    }

    private func counts(
        _ tweet: TweetID,
        _ type: EngagementType,
        _ windows: [HourWindow]?,
        _ span: Span
    ) -> ClosedRange<Int64> {
        let curve = metrics.curve(of: type, for: tweet, in: windows == nil ? .totals : .series)
        guard let windows else { return curve.total(asOf: span.from)...curve.total(asOf: span.to) }
        let least = windows.reduce(0) { $0 + curve.count(in: $1, asOf: span.from) }
        let most = windows.reduce(0) { $0 + curve.count(in: $1, asOf: span.to) }
        return least...most
    }

    /// The age up to which totals give a metric (dossier §6).
    private static func oldestDays(_ type: EngagementType) -> Int64? {
        switch type {
        case .impressions, .engagements: 90
        case .videoViews: 1800
        default: nil
        }
    }

    /// For how long lifetime counts are served that were fetched at that age, in seconds: README's table.
    static func life(ofTotalsFetchedAt time: UnixTime, _ tweet: TweetID) -> Int64 {
        guard let createdAt = tweet.createdAt else { return 86_400 }
        let steps: [(age: Int64, life: Int64)] = [
            (3600, 30), (6 * 3600, 120), (86_400, 300), (7 * 86_400, 1800), (30 * 86_400, 21_600),
        ]
        return steps.first { time.seconds - createdAt.seconds < $0.age }?.life ?? 86_400
    }
}

extension SoakOracle.Truth {
    /// The right numbers, if there may be one.
    var counts: ClosedRange<Int64>? {
        switch self {
        case .count(let counts), .countOrTooOld(let counts): counts
        case .unavailable, .forbidden, .tooOld: nil
        }
    }

    /// What explains that there is none, whatever state the API is in.
    var code: String? {
        switch self {
        case .count: nil
        case .unavailable: "TWEET_UNAVAILABLE"
        case .forbidden: "TWEET_FORBIDDEN"
        case .tooOld, .countOrTooOld: "TWEET_TOO_OLD"
        }
    }
}
