internal import SQLite

/// The tables of an archive and the marks by which it is known. Times are Unix seconds.
///
/// - `scopes`: names of accounts; everyone is scope 0 and has no row.
/// - `totals`: what one scope saw of one Tweet; `newest` is when it was seen last, and `record` an ``ObservedTotals``.
/// - `unavailable`: Tweets that the API calls gone, whose numbers are hidden, and removed some time after `since`.
enum ArchiveSchema {
    /// "EgAr".
    static let format = DatabaseFile.Format(
        applicationID: 0x4567_4172,
        version: 1,
        creation: """
            CREATE TABLE scopes (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                name TEXT NOT NULL UNIQUE
            ) STRICT;
            CREATE TABLE totals (
                tweet INTEGER NOT NULL,
                scope INTEGER NOT NULL,
                newest INTEGER NOT NULL,
                record BLOB NOT NULL,
                PRIMARY KEY (tweet, scope)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX totals_by_newest ON totals (newest);
            CREATE TABLE unavailable (
                tweet INTEGER PRIMARY KEY,
                since INTEGER NOT NULL,
                checked INTEGER NOT NULL,
                removed INTEGER NOT NULL
            ) STRICT;
            """
    )

    static let everyone: Int64 = 0
}
