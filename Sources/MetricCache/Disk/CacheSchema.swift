internal import SQLite

/// The tables of a cache file and the marks by which it is known.
///
/// A row of `totals` is a ``TotalsRow`` of one scope and Tweet, a row of `series` a ``SeriesDay`` of one scope, Tweet and day
/// of UTC, both in a ``RecordEnvelope``. Scope 0 is everyone, others are rows of `accounts`; a number is never given to a
/// second account, and rows and number are written in one transaction. `fetched` is when the newest cell was fetched, for
/// eviction. `sizes` counts the rows, because counting them would read the whole file. `purges` has the purges that have not
/// been over every row yet, and `notes` short texts; files of version 1 have neither.
enum CacheSchema {
    /// "EgQL" says that a database is a cache of ours. The version goes up with every change of tables or packed formats.
    static let format = DatabaseFile.Format(
        applicationID: 0x4567_514C,
        version: 2,
        preparation: "PRAGMA auto_vacuum = INCREMENTAL",
        creation: creation + purgesAndNotes,
        migrations: [purgesAndNotes]
    )

    /// The scope that everyone may see.
    static let everyone: Int64 = 0

    private static let creation = """
        CREATE TABLE accounts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE totals (
            scope INTEGER NOT NULL,
            tweet INTEGER NOT NULL,
            fetched INTEGER NOT NULL,
            cells BLOB NOT NULL,
            PRIMARY KEY (scope, tweet)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE series (
            scope INTEGER NOT NULL,
            tweet INTEGER NOT NULL,
            day INTEGER NOT NULL,
            fetched INTEGER NOT NULL,
            cells BLOB NOT NULL,
            PRIMARY KEY (scope, tweet, day)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE sizes (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            totals INTEGER NOT NULL,
            series INTEGER NOT NULL
        ) STRICT;
        INSERT INTO sizes VALUES (1, 0, 0);
        """

    static let selectAccount = "SELECT id FROM accounts WHERE name = ?1"
    static let insertAccount = "INSERT INTO accounts (name) VALUES (?1)"
    static let selectTotals = "SELECT cells FROM totals WHERE scope = ?1 AND tweet = ?2"
    static let selectDay = "SELECT cells FROM series WHERE scope = ?1 AND tweet = ?2 AND day = ?3"
    static let selectDays = """
        SELECT day, cells FROM series WHERE scope = ?1 AND tweet = ?2 AND day BETWEEN ?3 AND ?4 ORDER BY day
        """
    static let replaceTotals = "INSERT OR REPLACE INTO totals (scope, tweet, fetched, cells) VALUES (?1, ?2, ?3, ?4)"
    static let replaceDay =
        "INSERT OR REPLACE INTO series (scope, tweet, day, fetched, cells) VALUES (?1, ?2, ?3, ?4, ?5)"
    static let addSizes = "UPDATE sizes SET totals = totals + ?1, series = series + ?2"
    static let selectSizes = "SELECT totals, series FROM sizes"
    static let sweepTotals = """
        SELECT scope, tweet, fetched FROM totals WHERE (scope, tweet) > (?1, ?2) ORDER BY scope, tweet LIMIT ?3
        """
    static let sweepSeries = """
        SELECT scope, tweet, day, fetched FROM series WHERE (scope, tweet, day) > (?1, ?2, ?3)
        ORDER BY scope, tweet, day LIMIT ?4
        """
    static let deleteTotals = "DELETE FROM totals WHERE scope = ?1 AND tweet = ?2"
    static let selectAccounts = "SELECT id FROM accounts ORDER BY id"

    /// AUTOINCREMENT remembers the greatest number that there ever was.
    private static let purgesAndNotes = """

        CREATE TABLE IF NOT EXISTS purges (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            account TEXT,
            family INTEGER,
            tweets BLOB
        ) STRICT;
        CREATE TABLE IF NOT EXISTS notes (
            name TEXT PRIMARY KEY,
            text TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
    static let countPurgeTables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'purges'"
    static let selectLatestPurge = "SELECT seq FROM sqlite_sequence WHERE name = 'purges'"
    static let insertPurge = "INSERT INTO purges (number, kind, account, family, tweets) VALUES (?1, ?2, ?3, ?4, ?5)"
    static let selectPurges = "SELECT number, kind, account, family, tweets FROM purges ORDER BY number"
    static let deletePurge = "DELETE FROM purges WHERE number <= ?1"
    static let countNoteTables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'notes'"
    static let replaceNote = "INSERT OR REPLACE INTO notes (name, text) VALUES (?1, ?2)"
    static let selectNote = "SELECT text FROM notes WHERE name = ?1"
    /// With the bucket of a ``RecordKey`` in place of a day, and so above the day that a range begins with.
    static let rangeOfTotals = """
        SELECT tweet, \(RecordKey.totalsBucket), cells FROM totals
        WHERE scope = ?1 AND tweet <= ?2 AND (tweet, \(RecordKey.totalsBucket)) > (?3, ?4) ORDER BY tweet LIMIT ?5
        """
    static let rangeOfSeries = """
        SELECT tweet, day, cells FROM series
        WHERE scope = ?1 AND tweet <= ?2 AND (tweet, day) > (?3, ?4) ORDER BY tweet, day LIMIT ?5
        """
    static let updateTotals = "UPDATE totals SET cells = ?3 WHERE scope = ?1 AND tweet = ?2"
    static let updateDay = "UPDATE series SET cells = ?4 WHERE scope = ?1 AND tweet = ?2 AND day = ?3"
    static let deleteDay = "DELETE FROM series WHERE scope = ?1 AND tweet = ?2 AND day = ?3"
}
