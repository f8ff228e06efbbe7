/// Where an ``Archive`` lies, how much it keeps, and what becomes of Tweets that are gone.
public struct ArchiveConfiguration: Equatable, Sendable {
    /// The archive's file; nil keeps no past. The file is made, readable by its owner alone, if it does not exist; its folder
    /// must exist.
    public var path: String?
    /// The most bytes of the file. Beyond it the Tweets that were observed longest ago make room.
    public var maximumBytes: Int
    /// Which observations are kept.
    public var thinning: Thinning
    /// How long after the API first called it unavailable the numbers of a Tweet are removed, in seconds.
    public var removalSeconds: Int
    /// For how many seconds it is believed that a Tweet is unavailable before it is asked for again.
    public var recheckSeconds: Int
    /// How long to wait for another process that holds the file, in milliseconds.
    public var busyTimeoutMilliseconds: Int
    /// After a failed write (a full disk, a locked file) nothing is written for this many seconds; then it is tried again.
    public var retrySeconds: Int

    public init(
        path: String?,
        maximumBytes: Int = 1 << 30,
        thinning: Thinning = Thinning(),
        removalSeconds: Int = 86_400,
        recheckSeconds: Int = 3600,
        busyTimeoutMilliseconds: Int = 2000,
        retrySeconds: Int = 30
    ) {
        self.path = path
        self.maximumBytes = maximumBytes
        self.thinning = thinning
        self.removalSeconds = removalSeconds
        self.recheckSeconds = recheckSeconds
        self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
        self.retrySeconds = retrySeconds
    }

    /// The least that ``maximumBytes`` may be.
    public static let leastBytes = 1 << 20

    func validate() throws(ArchiveError) {
        func demand(_ holds: Bool, _ key: String, _ reason: String) throws(ArchiveError) {
            if !holds { throw .invalidConfiguration(key: key, reason: reason) }
        }
        if let path {
            // SQLite gives names that begin with a colon a meaning of their own.
            try demand(!path.isEmpty && !path.hasPrefix(":"), "path", "is the name of a file")
            try demand(!path.utf8.contains(0), "path", "contains no zero byte")
        }
        let least = ArchiveConfiguration.leastBytes
        try demand(maximumBytes >= least, "maximumBytes", "is at least \(least)")
        try demand((1...10_000).contains(thinning.partsOfAge), "thinning.partsOfAge", "is 1 to 10000")
        try demand((1...86_400).contains(thinning.leastSeconds), "thinning.leastSeconds", "is 1 to 86400")
        // A hundred years: more makes no sense and might not fit a time.
        try demand((0...100 * 365 * 86_400).contains(removalSeconds), "removalSeconds", "is 0 to 100 years")
        try demand((0...100 * 365 * 86_400).contains(recheckSeconds), "recheckSeconds", "is 0 to 100 years")
        try demand(busyTimeoutMilliseconds >= 0, "busyTimeoutMilliseconds", "is not negative")
        try demand(retrySeconds >= 0, "retrySeconds", "is not negative")
    }
}

/// Why an archive could not be made. A file that cannot be used is no such reason: an ``ArchiveEvent`` says so.
public enum ArchiveError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A value of the configuration makes no sense.
    case invalidConfiguration(key: String, reason: String)

    public var description: String {
        switch self {
        case .invalidConfiguration(let key, let reason): "archive: \(key) \(reason)"
        }
    }
}
