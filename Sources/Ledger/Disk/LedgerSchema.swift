internal import SQLite

/// The tables of a ledger and the marks by which it is known. Days are those of UTC, counted from 1970-01-01; `learned` is in
/// Unix seconds.
///
/// - `accounts`: kind 0 is a name of the configuration, kind 1 an author id of the API. A number is never given twice.
/// - `asked_tweets`, `asked_accounts`: the last day of asking. `asked_days` counts the rows of `asked_tweets` by day; both
///   change in one transaction. Days that no period reaches are deleted there at once and in `asked_tweets` by and by.
/// - `notices`: when which threshold was reported as reached, and what its limit was.
/// - `ownership`: whether a Tweet is an account's. A Tweet that has an author id has a row for it.
/// - `authors`: which author id is which account, as far as it was found out.
enum LedgerSchema {
    /// "EgLd".
    static let format = DatabaseFile.Format(
        applicationID: 0x4567_4C64,
        version: 1,
        creation: """
            CREATE TABLE accounts (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                kind INTEGER NOT NULL,
                name TEXT NOT NULL,
                UNIQUE (kind, name)
            ) STRICT;
            CREATE TABLE asked_tweets (
                tweet INTEGER PRIMARY KEY,
                day INTEGER NOT NULL
            ) STRICT;
            CREATE TABLE asked_days (
                day INTEGER PRIMARY KEY,
                tweets INTEGER NOT NULL
            ) STRICT;
            CREATE TABLE asked_accounts (
                account INTEGER PRIMARY KEY,
                day INTEGER NOT NULL
            ) STRICT;
            CREATE TABLE notices (
                threshold INTEGER PRIMARY KEY,
                value INTEGER NOT NULL,
                day INTEGER NOT NULL
            ) STRICT;
            CREATE TABLE ownership (
                tweet INTEGER NOT NULL,
                account INTEGER NOT NULL,
                owns INTEGER NOT NULL,
                learned INTEGER NOT NULL,
                PRIMARY KEY (tweet, account)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE authors (
                author INTEGER PRIMARY KEY,
                account INTEGER NOT NULL
            ) STRICT;
            """
    )
}
