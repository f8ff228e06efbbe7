public import Engagement
internal import SQLite
internal import Synchronization

/// What is known of whether a Tweet is an account's.
public enum TweetOwnership: Equatable, Sendable {
    /// Its answers with the account's token were those of its owner.
    case owned
    /// It is another account's, or the API refused it to this one not long ago.
    case ruledOut
    /// Nothing is known: it must be asked.
    case unknown
}

/// Whose a Tweet is, learnt from answers: the API never says it otherwise (dossier §1, §7).
///
/// A count of impressions or of a series that came with an account's token means that the account owns the Tweet, which
/// holds until the API says otherwise. A refusal that names the Tweet means that it is not this account's, which holds for
/// ``LedgerConfiguration/ruledOutSeconds``. If a refusal gives the author's number and another answer the author's name, all
/// Tweets of that number are known to be that account's.
///
/// Lookups are synchronous: from memory, or from the file for Tweets that nobody asked about lately. Only names of accounts
/// are held here, never counts and never secrets. All methods may be called from any thread.
public final class TweetOwners: Sendable {
    private let memory: Mutex<OwnerMemory>
    private let accounts: AccountRegistry
    private let file: LedgerFile?
    private let ruledOutSeconds: Int64

    init(_ configuration: LedgerConfiguration, accounts: AccountRegistry, file: LedgerFile?) {
        self.accounts = accounts
        self.file = file
        ruledOutSeconds = Int64(configuration.ruledOutSeconds)
        memory = Mutex(OwnerMemory(capacity: configuration.rememberedTweets, hasFile: file != nil))
    }

    // MARK: - Asking

    /// The account that owns the Tweet, or nil if that is not known.
    public func owner(of tweet: TweetID) -> AccountName? { owners(of: [tweet])[0] }

    /// The account that owns each Tweet, nil where that is not known.
    public func owners(of tweets: [TweetID]) -> [AccountName?] {
        let records = records(of: tweets)
        let numbers = memory.withLock { memory in records.map { memory.owner($0) } }
        return numbers.map { number in
            guard case .name(let name) = accounts.account(number) else { return nil }
            return name
        }
    }

    /// Whether it is known that the Tweet is not the account's.
    public func isRuledOut(_ account: AccountName, for tweet: TweetID, at now: UnixTime) -> Bool {
        ownership(of: [tweet], by: account, at: now)[0] == .ruledOut
    }

    /// What is known of each Tweet and one account.
    public func ownership(of tweets: [TweetID], by account: AccountName, at now: UnixTime) -> [TweetOwnership] {
        let account = accounts.number(of: .name(account))
        let records = records(of: tweets)
        return memory.withLock { memory in
            records.map { record in
                let owner = memory.owner(record)
                if owner == account { return .owned }
                if owner != AccountRegistry.nobody { return .ruledOut }
                guard let ruling = record.ruling(against: account) else { return .unknown }
                // A ruling from a clock that was ahead must not hold forever.
                return abs(now.seconds - Int64(ruling.at)) < ruledOutSeconds ? .ruledOut : .unknown
            }
        }
    }

    // MARK: - Learning

    /// Private counts of these Tweets came with the account's token.
    public func learn(owner account: AccountName, of tweets: [TweetID], at now: UnixTime) {
        let account = accounts.number(of: .name(account))
        learn(tweets, at: now) { memory, tweet, known in
            memory.learn(owner: account, of: tweet, known: known)
        }
    }

    /// The API refused these Tweets to the account, and perhaps said whose they are. An author id that is no number is passed
    /// over.
    public func learn(
        notOwnedBy account: AccountName,
        _ tweets: [TweetID],
        at now: UnixTime,
        authorID: String? = nil
    ) {
        let account = accounts.number(of: .name(account))
        let author = authorID.flatMap(AccountIdentity.init(authorID:)).map(accounts.number(of:))
        let time = UInt32(clamping: now.seconds)
        let oldest = UInt32(clamping: now.seconds - ruledOutSeconds)
        learn(tweets, at: now) { memory, tweet, known in
            memory.learn(
                refused: account,
                tweet,
                known: known,
                author: author ?? AccountRegistry.nobody,
                at: time,
                oldest: oldest
            )
        }
    }

    private func learn(
        _ tweets: [TweetID],
        at now: UnixTime,
        _ learn: (inout OwnerMemory, TweetID, OwnerRecord) -> Void
    ) {
        let known = records(of: tweets)
        let isToBeWritten = memory.withLock { memory in
            for (tweet, known) in zip(tweets, known) {
                // What another thread learnt in between counts.
                learn(&memory, tweet, memory.record(of: tweet) ?? known)
            }
            return memory.isToBeWritten
        }
        if isToBeWritten { file?.wake(at: now) }
    }

    // MARK: - Records

    /// The records of the Tweets, empty where nothing is known.
    ///
    /// The file is read without the lock. What another thread learns meanwhile is found in memory and counts; if a batch was
    /// committed meanwhile, what was read may be older than the file and is not remembered.
    private func records(of tweets: [TweetID]) -> [OwnerRecord] {
        var (records, generation) = memory.withLock { memory in
            (tweets.map { memory.record(of: $0) }, memory.generation)
        }
        let gaps = records.indices.filter { records[$0] == nil }
        if let file, !gaps.isEmpty {
            let filed = file.read { connection throws(SQLiteError) in
                try connection.owners.records(of: gaps.map { tweets[$0] }, accounts: connection.accounts)
            }
            memory.withLock { memory in
                for (place, gap) in gaps.enumerated() {
                    if let newer = memory.record(of: tweets[gap]) {
                        records[gap] = newer
                    } else if let filed {
                        records[gap] = filed[place]
                        if memory.generation == generation { memory.remember(filed[place], of: tweets[gap]) }
                    }
                }
            }
        }
        return records.map { $0 ?? OwnerRecord() }
    }
}

extension TweetOwners: LedgerPart {
    func load(from connection: LedgerConnection) throws(SQLiteError) {
        let authors = try connection.owners.authors(connection.accounts)
        memory.withLock { $0.load(authors) }
    }

    func write(to connection: LedgerConnection, now: UnixTime) throws(SQLiteError) {
        if connection.isNew { try load(from: connection) }
        let batch = memory.withLock { $0.takeWaiting() }
        try connection.owners.write(batch, accounts: connection.accounts, at: now)
        if !batch.isEmpty { try connection.owners.sweep(before: now.seconds - ruledOutSeconds, for: batch) }
    }

    func settle() {
        memory.withLock { $0.settle() }
    }

    func putBack() {
        memory.withLock { $0.putBack() }
    }
}
