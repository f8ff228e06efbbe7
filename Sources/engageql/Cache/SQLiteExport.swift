import Engagement
import MetricCache
import SQLite

/// Numbers as a table of a database, with the lists and with views that show them as people and BI tools read them.
final class SQLiteExport: NumberExport {
    private let file: PartialFile
    private let lists: [NamedList]
    private var database: (connection: Connection, insert: Statement)?

    private static let table = """
        CREATE TABLE numbers (
            account TEXT,
            tweetId INTEGER NOT NULL,
            family TEXT NOT NULL,
            grain TEXT,
            start TEXT,
            metric TEXT NOT NULL,
            state TEXT NOT NULL,
            count INTEGER,
            fetchedAt TEXT NOT NULL,
            isOutdated INTEGER NOT NULL
        ) STRICT;
        """

    /// - Parameter lists: Whose Tweets the views name.
    init(_ path: String, lists: [NamedList], replaces: Bool) throws(Failure) {
        self.lists = lists
        file = try PartialFile(path, replaces: replaces)
        do throws(SQLiteError) {
            let connection = try Connection(path: file.path, mode: .create, busyMilliseconds: 0)
            // Nobody reads the file before it is complete, so that it needs no journal.
            try connection.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            try connection.execute("\(SQLiteExport.table) \(SQLiteViews.tables) BEGIN")
            let insert = try connection.prepare("INSERT INTO numbers VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
            database = (connection, insert)
        } catch {
            file.abandon()
            throw Failure(.cannotCreate, "\(path): \(error)")
        }
    }

    func append(_ numbers: [StoredNumber]) throws(Failure) {
        try running { (_, insert) throws(SQLiteError) in
            for number in numbers {
                bind(number.scope.account?.rawValue, at: 1, of: insert)
                insert.bind(Int64(bitPattern: number.tweet.rawValue), at: 2)
                insert.bind(number.family, at: 3)
                bind(number.grain, at: 4, of: insert)
                bind(number.start, at: 5, of: insert)
                insert.bind(number.type.wireName, at: 6)
                insert.bind("\(number.state)", at: 7)
                if number.state == .counted { insert.bind(number.count, at: 8) } else { insert.bindNull(at: 8) }
                insert.bind(number.fetchedAt.iso8601, at: 9)
                insert.bind(number.isOutdated ? 1 : 0, at: 10)
                try insert.run()
            }
        }
    }

    func finish() throws(Failure) {
        try running { (connection, _) throws(SQLiteError) in
            try write(lists, to: connection)
            try connection.execute(SQLiteViews.creation)
            try connection.execute("COMMIT; ANALYZE")
        }
        database = nil
        try file.finish()
    }

    func abandon() {
        database = nil
        file.abandon()
    }

    private func write(_ lists: [NamedList], to connection: Connection) throws(SQLiteError) {
        let meta = try connection.prepare("INSERT INTO meta VALUES (?1, ?2)")
        for (name, value) in [("format", "\(SQLiteViews.version)"), ("exportedAt", UnixTime.now().iso8601)] {
            meta.bind(name, at: 1)
            meta.bind(value, at: 2)
            try meta.run()
        }
        let list = try connection.prepare("INSERT INTO lists VALUES (?1, ?2, ?3)")
        let member = try connection.prepare("INSERT INTO list_tweets VALUES (?1, ?2, ?3)")
        for named in lists {
            list.bind(named.name.rawValue, at: 1)
            bind(named.description, at: 2, of: list)
            bind(named.account?.rawValue, at: 3, of: list)
            try list.run()
            for (position, tweet) in named.tweets.enumerated() {
                member.bind(named.name.rawValue, at: 1)
                member.bind(Int64(position), at: 2)
                member.bind(Int64(bitPattern: tweet.rawValue), at: 3)
                try member.run()
            }
        }
    }

    private func bind(_ text: String?, at index: Int32, of statement: Statement) {
        if let text { statement.bind(text, at: index) } else { statement.bindNull(at: index) }
    }

    private func running(_ body: (Connection, Statement) throws(SQLiteError) -> Void) throws(Failure) {
        guard let database else { return }
        do throws(SQLiteError) {
            try body(database.connection, database.insert)
        } catch {
            throw Failure(.cannotCreate, "\(file.name): \(error)")
        }
    }
}
