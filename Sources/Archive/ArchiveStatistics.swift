/// Sizes and counters of an ``Archive``.
public struct ArchiveStatistics: Equatable, Sendable {
    /// Tweets, each once for every scope that saw it.
    public var histories = 0
    /// Bytes of the file and its log.
    public var fileBytes = 0
    /// Tweets that are unavailable and hidden, or removed.
    public var unavailableTweets = 0
    /// Observations that were noted since the start.
    public var observations = 0
    /// Histories that made room since the start.
    public var evictedHistories = 0
    /// Tweets whose numbers were removed since the start.
    public var removedTweets = 0
}
