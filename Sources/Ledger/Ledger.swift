/// What must not be forgotten even when the cache is thrown away: how much of the contract is used, and whose Tweets are
/// whose.
///
/// It lives in one SQLite file of its own. Both halves answer on the caller's thread and are written in the background, so a
/// process that is killed forgets at most the last second. Without a usable file everything is kept in memory, and an event
/// says so. The file holds ids of Tweets, names of accounts, days and counts of asking; never an engagement count, never a
/// secret.
public final class Ledger: Sendable {
    /// The unique Tweets and accounts asked upstream, and what may still be asked.
    public let usage: UsageMeter
    /// Whose a Tweet is, as far as answers told.
    public let owners: TweetOwners
    private let file: LedgerFile?

    /// The name of the file in a data folder.
    public static let fileName = "ledger.sqlite"

    /// Opens the file, or makes it. Events come on the thread where they happen and must not call the ledger.
    public init(
        _ configuration: LedgerConfiguration,
        report: @escaping @Sendable (LedgerEvent) -> Void
    ) throws(LedgerError) {
        try configuration.validate()
        let accounts = AccountRegistry()
        file = configuration.path.map { LedgerFile(path: $0, configuration, accounts: accounts, report: report) }
        usage = UsageMeter(policy: configuration.usage, file: file, report: report)
        owners = TweetOwners(configuration, accounts: accounts, file: file)
        file?.begin([usage, owners])
    }

    deinit {
        close()
    }

    /// Whether the file is in use; false in memory, after a failure to open and after ``close()``.
    public var isFileInUse: Bool { file?.isReadable ?? false }

    /// Writes what waits, unless a write failed a moment ago.
    public func flush() {
        file?.drain()
    }

    /// Writes what waits and closes the file. Whatever comes later stays in memory.
    public func close() {
        file?.close()
    }
}
