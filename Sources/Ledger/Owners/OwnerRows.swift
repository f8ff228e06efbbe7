internal import Engagement
internal import SQLite

/// The rows of ownership, over one connection. A row says of one account whether the Tweet is its own; the owner's and the
/// author's say yes.
final class OwnerRows {
    private let selectRows: Statement
    private let deleteRows: Statement
    private let insertRow: Statement
    private let selectAuthors: Statement
    private let replaceAuthor: Statement
    private let deleteAuthor: Statement
    private let sweeper: Sweeper

    init(_ connection: Connection) throws(SQLiteError) {
        selectRows = try connection.prepare("SELECT account, owns, learned FROM ownership WHERE tweet = ?1")
        deleteRows = try connection.prepare("DELETE FROM ownership WHERE tweet = ?1")
        insertRow = try connection.prepare(
            "INSERT OR REPLACE INTO ownership (tweet, account, owns, learned) VALUES (?1, ?2, ?3, ?4)"
        )
        selectAuthors = try connection.prepare("SELECT author, account FROM authors")
        replaceAuthor = try connection.prepare("INSERT OR REPLACE INTO authors (author, account) VALUES (?1, ?2)")
        deleteAuthor = try connection.prepare("DELETE FROM authors WHERE author = ?1")
        sweeper = try Sweeper(connection, table: "ownership", expired: "owns = 0 AND learned < ?3")
    }

    // MARK: - Reading

    /// The records of the Tweets, empty where there is no row.
    func records(of tweets: [TweetID], accounts: AccountNumbers) throws(SQLiteError) -> [OwnerRecord] {
        var records: [OwnerRecord] = []
        records.reserveCapacity(tweets.count)
        for tweet in tweets { records.append(try record(of: tweet, accounts)) }
        return records
    }

    private func record(of tweet: TweetID, _ accounts: AccountNumbers) throws(SQLiteError) -> OwnerRecord {
        var record = OwnerRecord()
        selectRows.bind(Int64(bitPattern: tweet.rawValue), at: 1)
        defer { selectRows.reset() }
        while try selectRows.step() {
            let number = selectRows.integer(0)
            guard let identity = try accounts.identity(number) else { continue }
            let account = try accounts.registered(number)
            switch identity {
            case .authorID: record.author = account
            case .name where selectRows.integer(1) != 0: record.owner = account
            case .name:
                record.rulings.append(.init(account: account, at: UInt32(clamping: selectRows.integer(2))))
            }
        }
        return record
    }

    /// Which author id is which account.
    func authors(
        _ accounts: AccountNumbers
    ) throws(SQLiteError) -> [AccountRegistry.Number: AccountRegistry.Number] {
        var authors: [AccountRegistry.Number: AccountRegistry.Number] = [:]
        defer { selectAuthors.reset() }
        while try selectAuthors.step() {
            let author = try accounts.registered(selectAuthors.integer(0))
            let account = try accounts.registered(selectAuthors.integer(1))
            if author != AccountRegistry.nobody, account != AccountRegistry.nobody { authors[author] = account }
        }
        return authors
    }

    // MARK: - Writing

    func write(_ batch: OwnerBatch, accounts: AccountNumbers, at now: UnixTime) throws(SQLiteError) {
        // In the order of the keys, neighbours share pages.
        for (tweet, record) in batch.records.sorted(by: { $0.key < $1.key }) {
            let tweet = Int64(bitPattern: tweet.rawValue)
            deleteRows.bind(tweet, at: 1)
            try deleteRows.run()
            for account in [record.owner, record.author] {
                guard let account = try accounts.number(of: account) else { continue }
                try insert(tweet, account, owns: true, now.seconds)
            }
            for ruling in record.rulings {
                guard let account = try accounts.number(of: ruling.account) else { continue }
                try insert(tweet, account, owns: false, Int64(ruling.at))
            }
        }
        for (author, account) in batch.authors {
            guard let author = try accounts.number(of: author) else { continue }
            if let account = try accounts.number(of: account) {
                replaceAuthor.bind(author, at: 1)
                replaceAuthor.bind(account, at: 2)
                try replaceAuthor.run()
            } else {
                deleteAuthor.bind(author, at: 1)
                try deleteAuthor.run()
            }
        }
    }

    private func insert(_ tweet: Int64, _ account: Int64, owns: Bool, _ learned: Int64) throws(SQLiteError) {
        insertRow.bind(tweet, at: 1)
        insertRow.bind(account, at: 2)
        insertRow.bind(owns ? 1 : 0, at: 3)
        insertRow.bind(learned, at: 4)
        try insertRow.run()
    }

    /// Deletes some of the refusals from before `time`, in Unix seconds, in step with what a batch adds.
    func sweep(before time: Int64, for batch: OwnerBatch) throws(SQLiteError) {
        try sweeper.sweep(expiredBefore: time, rows: batch.records.count)
    }
}
