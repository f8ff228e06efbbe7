import Engagement
import Foundation
import SQLite
import TestSupport
import Testing

@testable import engageql

@Suite("Views of an exported database")
struct SQLiteViewsTests {
    /// A database with the tables of an export and these numbers: (account, Tweet, grain, start, metric, state, count).
    private static func database(
        _ numbers: [(String?, Int64, String?, String?, String, String, Int64)],
        _ folder: TemporaryFolder
    ) throws -> Connection {
        let path = folder.path("export.sqlite")
        let lists = [
            NamedList(try #require(ListName("a")), [TweetID(rawValue: 2), TweetID(rawValue: 1)], description: "d"),
            NamedList(try #require(ListName("b")), [TweetID(rawValue: 2)], account: AccountName("acme")),
        ]
        let export = try SQLiteExport(path, lists: lists, replaces: false)
        try export.finish()
        let connection = try Connection(path: path, mode: .create, busyMilliseconds: 0)
        let insert = try connection.prepare(
            "INSERT INTO numbers VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '2026-11-20T12:30:00Z', 0)"
        )
        for (account, tweet, grain, start, metric, state, count) in numbers {
            if let account { insert.bind(account, at: 1) } else { insert.bindNull(at: 1) }
            insert.bind(tweet, at: 2)
            insert.bind(grain == nil ? "totals" : "series", at: 3)
            if let grain { insert.bind(grain, at: 4) } else { insert.bindNull(at: 4) }
            if let start { insert.bind(start, at: 5) } else { insert.bindNull(at: 5) }
            insert.bind(metric, at: 6)
            insert.bind(state, at: 7)
            if state == "counted" { insert.bind(count, at: 8) } else { insert.bindNull(at: 8) }
            try insert.run()
        }
        return connection
    }

    private static func rows(_ connection: Connection, _ columns: Int32, _ sql: String) throws -> [String] {
        let select = try connection.prepare(sql)
        var rows: [String] = []
        while try select.step() {
            rows.append((0..<columns).map { select.isNull($0) ? "-" : select.text($0) }.joined(separator: " "))
        }
        return rows
    }

    @Test("v_totals has a row for each Tweet, public and private numbers together, and names its lists")
    func totals() throws {
        let folder = try TemporaryFolder()
        let database = try Self.database(
            [
                (nil, 1, nil, nil, "favorites", "counted", 7), (nil, 1, nil, nil, "quote_tweets", "counted", 1),
                ("acme", 1, nil, nil, "impressions", "counted", 200),
                ("acme", 1, nil, nil, "engagements", "counted", 50),
                ("globex", 1, nil, nil, "impressions", "forbidden", 0),
                (nil, 2, nil, nil, "favorites", "unavailable", 0),
                (nil, 1_260_294_888_811_347_969, nil, nil, "favorites", "counted", 17111),
            ],
            folder
        )
        let columns =
            "tweetId, createdAt, impressions, favorites, quoteTweets, videoViews, engagementRate, asOf, account"
        #expect(
            try Self.rows(database, 9, "SELECT \(columns) FROM v_totals ORDER BY length(tweetId), tweetId") == [
                "1 - 200 7 1 - 0.25 2026-11-20T12:30:00Z acme",
                "2 - - - - - - - -",
                "1260294888811347969 2020-05-12T19:44:51Z - 17111 - - - 2026-11-20T12:30:00Z -",
            ]
        )
        #expect(
            try Self.rows(database, 3, "SELECT list, tweetId, favorites FROM v_list_totals ORDER BY list, tweetId")
                == ["a 1 7", "a 2 -", "b 2 -"]
        )
        #expect(
            try Self.rows(database, 1, "SELECT tweetId FROM list_tweets WHERE list = 'a' ORDER BY position") == [
                "2", "1",
            ]
        )
        #expect(try Self.rows(database, 3, "SELECT * FROM lists ORDER BY name") == ["a d -", "b - acme"])
        #expect(try Self.rows(database, 1, "SELECT value FROM meta WHERE name = 'format'") == ["1"])
    }

    @Test("v_daily has days that were fetched as days, and sums of days of which every hour is there")
    func daily() throws {
        let folder = try TemporaryFolder()
        func hours(
            _ day: String,
            _ count: Int,
            _ metric: String
        ) -> [(String?, Int64, String?, String?, String, String, Int64)] {
            (0..<count).map { hour in
                ("acme", 1, "hour", "2026-11-\(day)T\(hour < 10 ? "0" : "")\(hour):00:00Z", metric, "counted", 2)
            }
        }
        let database = try Self.database(
            [("acme", 1, "day", "2026-11-01T00:00:00Z", "impressions", "counted", 5)] + hours("01", 24, "impressions")
                + hours("02", 24, "impressions") + hours("02", 23, "url_clicks") + hours("03", 23, "impressions")
                + [("acme", 1, "hour", "2026-11-04T00:00:00Z", "impressions", "forbidden", 0)],
            folder
        )
        #expect(
            try Self.rows(database, 3, "SELECT date, impressions, urlClicks FROM v_daily ORDER BY date")
                == ["2026-11-01 5 -", "2026-11-02 48 -"]
        )
        #expect(
            try Self.rows(database, 3, "SELECT COUNT(*), SUM(impressions), SUM(urlClicks) FROM v_hourly") == [
                "72 142 46"
            ]
        )
        #expect(
            try Self.rows(database, 1, "SELECT impressions FROM v_hourly WHERE start = '2026-11-04T00:00:00Z'") == ["-"]
        )
        #expect(try Self.rows(database, 2, "SELECT list, SUM(impressions) FROM v_list_daily GROUP BY 1") == ["a 53"])
    }
}
