public import Engagement

/// What a ``MetricCache`` may use and how long its cells live.
public struct MetricCacheConfiguration: Equatable, Sendable {
    /// The cache file; nil keeps everything in memory only. The file is made, readable by its owner alone, if it does not
    /// exist; its folder must exist.
    public var path: String?
    /// How long which cell lives.
    public var timeToLive: TimeToLive
    /// The most bytes of the tier in memory. Records that wait to be written are kept beyond it, up to a quarter more.
    public var memoryBytes: Int
    /// The most bytes of the file together with its write-ahead log when nothing is being written. Beyond it the rows that
    /// were fetched longest ago make room.
    public var maximumFileBytes: Int
    /// How far back counts over time can be fetched again. Days from before that are the last to make room.
    public var history: HistoryDepth
    /// How long to wait for another process that holds the file, in milliseconds.
    public var busyTimeoutMilliseconds: Int
    /// After a failed write (a full disk, a locked file) nothing is written for this many seconds; then it is tried again.
    public var retrySeconds: Int
    /// Whether the file is left exactly as it is, for looking into the cache of a process that may be running: it is not made
    /// or set aside, nothing is evicted, and what is stored stays in memory.
    public var isReadOnly: Bool

    public init(
        path: String?,
        timeToLive: TimeToLive = TimeToLive(),
        memoryBytes: Int = 256 << 20,
        maximumFileBytes: Int = 4 << 30,
        history: HistoryDepth = HistoryDepth(),
        busyTimeoutMilliseconds: Int = 2000,
        retrySeconds: Int = 30,
        isReadOnly: Bool = false
    ) {
        self.path = path
        self.timeToLive = timeToLive
        self.memoryBytes = memoryBytes
        self.maximumFileBytes = maximumFileBytes
        self.history = history
        self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
        self.retrySeconds = retrySeconds
        self.isReadOnly = isReadOnly
    }

    /// The least that ``memoryBytes`` may be.
    public static let leastMemoryBytes = 16 << 10
    /// The least that ``maximumFileBytes`` may be.
    public static let leastFileBytes = 1 << 20

    /// Throws if a value makes no sense.
    func validate() throws(MetricCacheError) {
        func demand(_ holds: Bool, _ key: String, _ reason: String) throws(MetricCacheError) {
            if !holds { throw .invalidConfiguration(key: key, reason: reason) }
        }
        if let path {
            // SQLite gives names that begin with a colon a meaning of their own.
            try demand(!path.isEmpty && !path.hasPrefix(":"), "path", "is the name of a file")
            try demand(!path.utf8.contains(0), "path", "contains no zero byte")
        }
        let leastMemory = MetricCacheConfiguration.leastMemoryBytes
        try demand(memoryBytes >= leastMemory, "memoryBytes", "is at least \(leastMemory)")
        let leastFile = MetricCacheConfiguration.leastFileBytes
        try demand(maximumFileBytes >= leastFile, "maximumFileBytes", "is at least \(leastFile)")
        try demand(busyTimeoutMilliseconds >= 0, "busyTimeoutMilliseconds", "is not negative")
        try demand(retrySeconds >= 0, "retrySeconds", "is not negative")
        for (key, seconds) in timeToLive.lengths {
            try demand((0...TimeToLive.longest).contains(seconds), key, "is 0 to \(TimeToLive.longest) seconds")
        }
    }
}

extension TimeToLive {
    /// A hundred years: more makes no sense and might not fit a time.
    static let longest = 100 * 365 * 86_400

    fileprivate var lengths: [(String, Int)] {
        [
            ("totalsInFirstHour", totalsInFirstHour), ("totalsInFirst6Hours", totalsInFirst6Hours),
            ("totalsInFirstDay", totalsInFirstDay), ("totalsInFirst7Days", totalsInFirst7Days),
            ("totalsInFirst30Days", totalsInFirst30Days), ("totalsLater", totalsLater),
            ("seriesSettleGrace", seriesSettleGrace), ("seriesRecentHour", seriesRecentHour),
            ("seriesSettlingHour", seriesSettlingHour), ("unavailable", unavailable), ("forbidden", forbidden),
            ("tooOld", tooOld), ("staleWhileRevalidate", staleWhileRevalidate), ("staleIfError", staleIfError),
        ]
    }
}

/// Why a cache could not be made. A file that cannot be used is no such reason: the cache then runs in memory and says so
/// with a ``MetricCacheEvent``.
public enum MetricCacheError: Error, Equatable, Sendable {
    /// A value of the configuration makes no sense.
    case invalidConfiguration(key: String, reason: String)
}

extension MetricCacheError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidConfiguration(let key, let reason): "\(key) \(reason)"
        }
    }
}
