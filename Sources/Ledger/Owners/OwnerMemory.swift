internal import Engagement

/// What is known of whose Tweets are whose, as values: records that are remembered, and those that are not yet in the file.
///
/// A record is always written whole. A record that is not found here is in the file as it is, or nowhere.
struct OwnerMemory {
    typealias Number = AccountRegistry.Number

    /// Which account an author id is; nobody if that turned out wrong.
    private var authors: [Number: Number] = [:]
    private var remembered: SecondChanceTable<TweetID, OwnerRecord>
    private var waiting = OwnerBatch()
    private var writing = OwnerBatch()
    /// Counts the batches that were committed, so that what was read before is not taken for news after.
    private(set) var generation = 0
    private let hasFile: Bool

    /// If the file cannot be written for long, memory stays within a bound and the file goes without.
    private static let mostWaiting = 200_000

    init(capacity: Int, hasFile: Bool) {
        remembered = SecondChanceTable(capacity: capacity)
        self.hasFile = hasFile
    }

    // MARK: - Looking up

    /// The newest record; nil if only the file can know.
    mutating func record(of tweet: TweetID) -> OwnerRecord? {
        remembered[tweet] ?? waiting.records[tweet] ?? writing.records[tweet]
    }

    /// Keeps what the file has, an empty record if it has none.
    mutating func remember(_ record: OwnerRecord, of tweet: TweetID) {
        remembered[tweet] = record
    }

    /// Whose the Tweet is: learnt from an answer, or because its author is known to be the account.
    func owner(_ record: OwnerRecord) -> Number {
        if record.owner != AccountRegistry.nobody { return record.owner }
        guard let account = authors[record.author], record.ruling(against: account) == nil else {
            return AccountRegistry.nobody
        }
        return account
    }

    // MARK: - Learning

    mutating func learn(owner account: Number, of tweet: TweetID, known: OwnerRecord) {
        var record = known
        record.learn(owner: account)
        if record != known { change(record, of: tweet) }
        identify(record)
    }

    mutating func learn(
        refused account: Number,
        _ tweet: TweetID,
        known: OwnerRecord,
        author: Number,
        at time: UInt32,
        oldest: UInt32
    ) {
        var record = known
        record.learn(refused: account, at: time, oldest: oldest)
        if author != AccountRegistry.nobody { record.author = author }
        if authors[record.author] == account { setAccount(AccountRegistry.nobody, of: record.author) }
        if record != known { change(record, of: tweet) }
        identify(record)
    }

    /// An owner and an author of one Tweet are the same, so other Tweets of the author are the owner's, too.
    private mutating func identify(_ record: OwnerRecord) {
        guard record.author != AccountRegistry.nobody, record.owner != AccountRegistry.nobody else { return }
        if authors[record.author] != record.owner { setAccount(record.owner, of: record.author) }
    }

    private mutating func setAccount(_ account: Number, of author: Number) {
        authors[author] = account == AccountRegistry.nobody ? nil : account
        if hasFile { waiting.authors[author] = account }
    }

    private mutating func change(_ record: OwnerRecord, of tweet: TweetID) {
        remembered[tweet] = record
        guard hasFile, waiting.records[tweet] != nil || waiting.records.count < OwnerMemory.mostWaiting else { return }
        waiting.records[tweet] = record
    }

    var isToBeWritten: Bool { !waiting.isEmpty }

    // MARK: - Writing

    /// Takes in which author id is which account in a file that was just opened; and the file, which may have taken
    /// another's place, gets what is known all the same.
    mutating func load(_ filed: [Number: Number]) {
        for (author, account) in authors where filed[author] != account { waiting.authors[author] = account }
        authors.merge(filed) { mine, _ in mine }
    }

    mutating func takeWaiting() -> OwnerBatch {
        writing = waiting
        waiting = OwnerBatch()
        return writing
    }

    /// The batch is committed.
    mutating func settle() {
        writing = OwnerBatch()
        generation += 1
    }

    /// The batch was not committed.
    mutating func putBack() {
        writing.records.merge(waiting.records) { $1 }
        writing.authors.merge(waiting.authors) { $1 }
        waiting = writing
        writing = OwnerBatch()
    }
}

/// What was learnt and is not yet in the file.
struct OwnerBatch: Sendable {
    var records: [TweetID: OwnerRecord] = [:]
    var authors: [AccountRegistry.Number: AccountRegistry.Number] = [:]

    var isEmpty: Bool { records.isEmpty && authors.isEmpty }
}
