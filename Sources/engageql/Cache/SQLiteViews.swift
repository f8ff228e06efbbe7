import Engagement

/// What an exported database has besides the table of numbers: the lists, and views with a row for each Tweet, day or hour and a
/// column for each metric, named as in GraphQL and in rows.
///
/// The views are part of what users rely on: a change of their columns is one of ``version``.
enum SQLiteViews {
    /// Stands in the table `meta`.
    static let version = 1

    static let tables = """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        CREATE TABLE lists (name TEXT PRIMARY KEY, description TEXT, account TEXT) STRICT;
        CREATE TABLE list_tweets (
            list TEXT NOT NULL REFERENCES lists (name),
            position INTEGER NOT NULL,
            tweetId INTEGER NOT NULL,
            PRIMARY KEY (list, position)
        ) STRICT, WITHOUT ROWID;
        """

    /// Has all that the views read, in the order in which they group it.
    private static let index = """
        CREATE INDEX numbers_by_tweet ON numbers (family, grain, tweetId, start, metric, state, count, fetchedAt, account);
        CREATE INDEX list_tweets_by_tweet ON list_tweets (tweetId, list);
        """

    /// To be made when the numbers are there.
    static let creation = [index, totals, dailyNumbers, daily, hourly, withLists].joined(separator: "\n")

    // MARK: - Views

    /// 19 digits are more than what many tools count with, so that ids are texts.
    private static let tweet = "CAST(tweetId AS TEXT) AS tweetId"

    /// The snowflake's own time (dossier §5).
    private static let createdAt = """
        CASE WHEN tweetId >= 100000000000
            THEN strftime('%Y-%m-%dT%H:%M:%SZ', ((tweetId >> 22) + 1288834974657) / 1000, 'unixepoch') END AS createdAt
        """

    private static let totals = """
        CREATE VIEW v_totals AS SELECT
            \(tweet), \(createdAt),
            \(columns(.totals, "MAX(CASE WHEN metric = '%' AND state = 'counted' THEN count END)")),
            MIN(CASE WHEN state = 'counted' THEN fetchedAt END) AS asOf,
            MAX(CASE WHEN state = 'counted' THEN account END) AS account
        FROM numbers WHERE family = 'totals' AND grain IS NULL GROUP BY numbers.tweetId;
        """

    /// A day that was not fetched as one is the sum of its hours, if all of them were.
    private static let dailyNumbers = """
        CREATE VIEW v_daily_numbers AS
        SELECT tweetId, substr(start, 1, 10) AS date, metric, count, fetchedAt, account, 0 AS isSum
        FROM numbers WHERE family = 'series' AND grain = 'day' AND state = 'counted'
        UNION ALL
        SELECT tweetId, substr(start, 1, 10), metric, SUM(count), MIN(fetchedAt), MAX(account), 1
        FROM numbers WHERE family = 'series' AND grain = 'hour' AND state = 'counted'
        GROUP BY tweetId, substr(start, 1, 10), metric HAVING COUNT(DISTINCT start) = 24;
        """

    private static let daily = """
        CREATE VIEW v_daily AS SELECT
            \(tweet), date,
            \(columns(.series, "COALESCE(MAX(CASE WHEN metric = '%' AND NOT isSum THEN count END), MAX(CASE WHEN metric = '%' THEN count END))")),
            MIN(fetchedAt) AS asOf,
            MAX(account) AS account
        FROM v_daily_numbers GROUP BY v_daily_numbers.tweetId, date;
        """

    private static let hourly = """
        CREATE VIEW v_hourly AS SELECT
            \(tweet), start,
            \(columns(.series, "MAX(CASE WHEN metric = '%' AND state = 'counted' THEN count END)")),
            MIN(CASE WHEN state = 'counted' THEN fetchedAt END) AS asOf,
            MAX(CASE WHEN state = 'counted' THEN account END) AS account
        FROM numbers WHERE family = 'series' AND grain = 'hour' GROUP BY numbers.tweetId, start;
        """

    /// The same with a row for each list that a Tweet is on.
    private static let withLists = ["totals", "daily", "hourly"].map { name in
        """
        CREATE VIEW v_list_\(name) AS SELECT list, v_\(name).*
        FROM list_tweets JOIN v_\(name) ON v_\(name).tweetId = CAST(list_tweets.tweetId AS TEXT);
        """
    }.joined(separator: "\n")

    /// A column for each type, and the rate.
    ///
    /// - Parameter pattern: SQL of a number, with % for the type as the API names it.
    private static func columns(_ types: EngagementTypeSet, _ pattern: String) -> String {
        func number(_ type: EngagementType) -> String {
            pattern.split(separator: "%", omittingEmptySubsequences: false).joined(separator: type.wireName)
        }
        let rate = "\(number(.engagements)) * 1.0 / NULLIF(\(number(.impressions)), 0) AS engagementRate"
        return (types.types.map { "\(number($0)) AS \($0)" } + [rate]).joined(separator: ",\n    ")
    }
}
