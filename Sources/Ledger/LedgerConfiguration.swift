/// Where a ``Ledger`` lies, how much may be asked and how much it may hold in memory.
public struct LedgerConfiguration: Equatable, Sendable {
    /// The ledger's file; nil keeps everything in memory only. The file is made, readable by its owner alone, if it does not
    /// exist; its folder must exist.
    public var path: String?
    /// How many unique Tweets and accounts may be asked.
    public var usage: UsagePolicy
    /// For how many seconds a Tweet counts as not an account's after the API refused it to that account.
    public var ruledOutSeconds: Int
    /// Of how many Tweets it is kept in memory whose they are. Beyond it the file is asked; without a file the Tweets that
    /// nobody asked about are forgotten.
    public var rememberedTweets: Int
    /// How long to wait for another process that holds the file, in milliseconds.
    public var busyTimeoutMilliseconds: Int
    /// After a failed write (a full disk, a locked file) nothing is written for this many seconds; then it is tried again.
    public var retrySeconds: Int
    /// Whether the file is left exactly as it is, for looking into the ledger of a process that may be running: it is not made
    /// or set aside, and what is learnt stays in memory.
    public var isReadOnly: Bool

    public init(
        path: String?,
        usage: UsagePolicy = UsagePolicy(),
        ruledOutSeconds: Int = 30 * 86_400,
        rememberedTweets: Int = 200_000,
        busyTimeoutMilliseconds: Int = 2000,
        retrySeconds: Int = 30,
        isReadOnly: Bool = false
    ) {
        self.path = path
        self.usage = usage
        self.ruledOutSeconds = ruledOutSeconds
        self.rememberedTweets = rememberedTweets
        self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
        self.retrySeconds = retrySeconds
        self.isReadOnly = isReadOnly
    }

    /// Throws if a value makes no sense.
    func validate() throws(LedgerError) {
        func demand(_ holds: Bool, _ key: String, _ reason: String) throws(LedgerError) {
            if !holds { throw .invalidConfiguration(key: key, reason: reason) }
        }
        if let path {
            // SQLite gives names that begin with a colon a meaning of their own.
            try demand(!path.isEmpty && !path.hasPrefix(":"), "path", "is the name of a file")
            try demand(!path.utf8.contains(0), "path", "contains no zero byte")
        }
        for threshold in UsageThreshold.allCases {
            try demand(usage.limit(of: threshold) ?? 0 >= 0, "\(threshold)", "is not negative")
        }
        try demand(usage.warnTweets ?? 0 <= usage.stopTweets ?? .max, "warnTweets", "is not above stopTweets")
        try demand(usage.warnAccounts ?? 0 <= usage.stopAccounts ?? .max, "warnAccounts", "is not above stopAccounts")
        // A hundred years: more makes no sense and might not fit a time.
        try demand((0...100 * 365 * 86_400).contains(ruledOutSeconds), "ruledOutSeconds", "is 0 to 100 years")
        try demand((1...100_000_000).contains(rememberedTweets), "rememberedTweets", "is 1 to 100000000")
        try demand(busyTimeoutMilliseconds >= 0, "busyTimeoutMilliseconds", "is not negative")
        try demand(retrySeconds >= 0, "retrySeconds", "is not negative")
    }
}

/// Why a ledger could not be made. A file that cannot be used is no such reason: the ledger then runs in memory and says so
/// with a ``LedgerEvent``.
public enum LedgerError: Error, Equatable, Sendable {
    /// A value of the configuration makes no sense.
    case invalidConfiguration(key: String, reason: String)
}

extension LedgerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidConfiguration(let key, let reason): "\(key) \(reason)"
        }
    }
}
