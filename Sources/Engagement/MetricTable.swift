/// The answer to a ``MetricNeed``: one cell for each Tweet, type and bucket, in that order, without gaps.
public struct MetricTable: Sendable {
    /// The question.
    public let need: MetricNeed
    /// Cells of the first Tweet's first type, bucket by bucket; then of its next type; then of the next Tweet.
    public var cells: [Cell]
    /// Buckets a type has.
    public let bucketCount: Int
    /// Cells a Tweet has.
    public let tweetStride: Int

    /// A table in which nothing is known yet.
    public init(_ need: MetricNeed) {
        self.need = need
        bucketCount = need.bucketCount
        tweetStride = need.types.count * bucketCount
        cells = Array(repeating: .missing, count: need.cellCount)
    }

    /// The place of a cell. `type` must be one of the need's.
    @inlinable
    public func index(tweet: Int, type: EngagementType, bucket: Int = 0) -> Int {
        tweet &* tweetStride &+ need.types.rank(of: type) &* bucketCount &+ bucket
    }

    /// The cell of one Tweet, type and bucket.
    @inlinable
    public subscript(tweet: Int, type: EngagementType, bucket: Int = 0) -> Cell {
        get { cells[index(tweet: tweet, type: type, bucket: bucket)] }
        set { cells[index(tweet: tweet, type: type, bucket: bucket)] = newValue }
    }

    /// Whether every cell is known and within its time to live.
    public var isFresh: Bool { cells.allSatisfy { $0.freshness == .fresh } }
}
