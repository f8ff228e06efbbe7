/// The size of a cache and what it did since it was made.
public struct MetricCacheStatistics: Equatable, Sendable {
    /// Rows of totals in the file: one for each scope and Tweet.
    public var totalsRows = 0
    /// Rows of series in the file: one for each scope, Tweet and day.
    public var seriesRows = 0
    /// Bytes of the file and its write-ahead log; 0 without a file.
    public var fileBytes = 0
    /// Bytes that the tier in memory uses.
    public var memoryBytes = 0
    /// Records in memory, those that only say "not in the file" included.
    public var memoryRecords = 0
    /// Records that wait to be written.
    public var pendingRecords = 0
    /// Purges that have not been over every row yet. What they are about is not served any more.
    public var purgesUnderWay = 0
    /// Whether there is a file that can be read now.
    public var isFileReadable = false
    /// Records that lookups asked for.
    public var recordsLookedUp = 0
    /// Of these, records that had to be looked for in the file.
    public var recordsReadFromFile = 0

    public init() {}
}
