import ArgumentParser
import Engagement
import MetricCache

/// `engageql cache export`.
struct CacheExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the stored numbers to a CSV file or a database.",
        discussion: """
            A line for each number, in the order of scope, family, Tweet and time:

              account    whose private number it is; empty for public ones
              tweetId    the Tweet
              family     totals or series
              grain      of series: hour or day
              start      of series: when the hour or day begins, in UTC
              metric     as the Engagement API names it: favorites, url_clicks, …
              state      counted, unavailable, forbidden or tooOld
              count      the number; empty unless it is counted
              fetchedAt  when it was fetched
              isOutdated 1 if a soft purge has been over it

            Public numbers are always among them; private ones only of the accounts that are named by --account.

            --csv writes a CSV file (RFC 4180), or with - to standard output. --sqlite writes a database for Datasette, Metabase, \
            Superset, DBeaver and the like: a table "numbers" with these columns, the lists ("lists", "list_tweets"), and the \
            views v_totals, v_daily and v_hourly with a row for each Tweet, day of UTC or hour and a column for each metric; \
            v_list_totals, v_list_daily and v_list_hourly have a row for each list besides.

            A file gets its name only when it is complete, and is readable by its owner alone; one that is there already is kept \
            unless --force says otherwise, and then replaced in one step, so that a timer may do it while others read.

            Numbers that were purged are left out, and rows that cannot be read. It is read some rows at a time: of what a server \
            writes meanwhile, some may be there and some not.
            """
    )

    @Option(help: ArgumentHelp("Write CSV to this file; - is standard output.", valueName: "file"))
    var csv: String?

    @Option(help: ArgumentHelp("Write a SQLite database to this file.", valueName: "file"))
    var sqlite: String?

    @Option(help: ArgumentHelp("Include this account's private numbers; may be repeated.", valueName: "name"))
    var account: [String] = []

    @Flag(help: "Replace a file that is there already.")
    var force = false

    @OptionGroup var file: DataOptions

    func validate() throws {
        guard (csv == nil) != (sqlite == nil) else { throw ValidationError("Give one of --csv and --sqlite.") }
        if sqlite == "-" { throw ValidationError("A database cannot be written to standard output.") }
    }

    func run() throws {
        let cache = try file.open()
        let accounts = account.map { AccountName($0) }
        let known = try Failure.from { () throws(StoredCacheError) in try cache.accounts() }
        for account in accounts where !known.contains(account) {
            throw Failure(.noInput, "\(cache.path) has nothing of account \(account)")
        }
        let scopes = [CellScope.everyone] + accounts.map { .account($0) }
        if let csv {
            try CacheExport.write(scopes, of: cache, to: try CSVExport(csv, replaces: force))
        } else if let sqlite {
            try CacheExport.write(
                scopes,
                of: cache,
                to: try SQLiteExport(sqlite, lists: file.lists().all, replaces: force)
            )
        }
    }

    private static func write(_ scopes: [CellScope], of cache: StoredCache, to export: some NumberExport) throws {
        do {
            for scope in scopes {
                for family in MetricFamily.allCases {
                    let numbers = try Failure.from { () throws(StoredCacheError) in
                        try cache.numbers(of: scope, family)
                    }
                    guard var numbers else { continue }
                    while let part = try Failure.from({ () throws(StoredCacheError) in try numbers.next() }) {
                        try export.append(part)
                    }
                }
            }
            try export.finish()
        } catch {
            export.abandon()
            throw error
        }
    }
}

/// Where numbers are exported to.
protocol NumberExport {
    func append(_ numbers: [StoredNumber]) throws(Failure)

    /// Gives the file its name.
    func finish() throws(Failure)

    /// Removes what was written so far.
    func abandon()
}

extension StoredNumber {
    /// The columns of an export. Nothing stands where a number has none of it.
    var family: String { time == .lifetime ? "totals" : "series" }

    var grain: String? {
        switch time {
        case .lifetime: nil
        case .hour: "hour"
        case .day: "day"
        }
    }

    var start: String? {
        switch time {
        case .lifetime: nil
        case .hour(let hour): hour.start.iso8601
        case .day(let day): day.start.iso8601
        }
    }
}
