import Engagement
import EngagementGraph
import GraphQL
import JSON
import Testing

/// `compare`.
@Suite("Groups of Tweets side by side")
struct ComparisonTests {
    /// The id of a Tweet that was posted then: milliseconds since 2010-11-04T01:42:54.657Z, 22 bits to the left.
    private static func tweet(_ posted: String, _ sequence: UInt64 = 0) -> TweetID {
        TweetID(rawValue: UInt64(time(posted).milliseconds - 1_288_834_974_657) << 22 | sequence)
    }

    /// In the hour *n* after the one in which it was posted, a Tweet gets 2^*n* impressions and *n* replies more than that.
    private static func cell(_ tweet: TweetID, _ type: EngagementType, _ hours: HourWindow?) -> Cell {
        guard let hours, let posted = tweet.createdAt?.flooredHour else { return counts(tweet, type, hours) }
        let age = Int64(hours.start.index - posted.index)
        guard age >= 0, age < 40 else { return counted(0) }
        return counted(1 << age + (type == .replies ? age : 0))
    }

    private func rows(_ arguments: String, _ fields: String, cells: CellSource = cell) throws -> [JSONValue] {
        let text = try GraphFixture().respond("{ compare(\(arguments)) { \(fields) } }", cells: cells)
        return try JSONValue(parsing: Array(text.utf8))["data"]?["compare"]?.array ?? []
    }

    @Test("Lifetime counts: sums, means, rates, and what the first group has less")
    func lifetime() throws {
        let groups = #"groups: [{name: "A", tweetIds: [1, 2, 3]}, {name: "B", tweetIds: [4]}]"#
        let query = """
            { compare(\(groups)) { group size age total(of: FAVORITES) perTweet(of: FAVORITES) difference(of: FAVORITES)
              ratio(of: FAVORITES) rate(of: FAVORITES, times: 1000) } }
            """
        // 102 + 202 + 302 against 402; impressions 600 against 400.
        #expect(
            try GraphFixture().respond(query) == """
                {"data":{"compare":[{"group":"A","size":3,"age":null,"total":606,"perTweet":202.0,"difference":0.0,"ratio":1.0,"rate":1010.0},\
                {"group":"B","size":1,"age":null,"total":402,"perTweet":402.0,"difference":200.0,"ratio":1.99009900990099,"rate":1005.0}]}}
                """
        )
    }

    @Test("Tweets are aligned by the hour in which each was posted")
    func aligned() throws {
        let early = [Self.tweet("2026-03-20T10:59:59Z"), Self.tweet("2026-03-21T23:00:00Z")]
        let late = [Self.tweet("2026-03-30T03:30:00Z")]
        let rows = try rows(
            """
            groups: [{name: "A", tweetIds: [\(early[0]), \(early[1])]}, {name: "B", tweetIds: [\(late[0])]}], by: HOUR, ages: 4
            """,
            """
            group age total(of: REPLIES) sum: total(of: REPLIES, as: RUNNING_TOTAL) change: total(of: IMPRESSIONS, as: CHANGE)
            perTweet(of: REPLIES) ratio(of: REPLIES) difference(of: IMPRESSIONS, as: RUNNING_TOTAL) rate(of: REPLIES)
            """
        )
        #expect(rows.map { $0["group"]?.string } == ["A", "A", "A", "A", "B", "B", "B", "B"])
        #expect(rows.map { $0["age"]?.integer } == [0, 1, 2, 3, 0, 1, 2, 3])
        // 1, 3, 6 and 11 of each Tweet.
        #expect(rows.map { $0["total"]?.integer } == [2, 6, 12, 22, 1, 3, 6, 11])
        #expect(rows.map { $0["sum"]?.integer } == [2, 8, 20, 42, 1, 4, 10, 21])
        #expect(rows.map { $0["change"]?.integer } == [nil, 2, 4, 8, nil, 1, 2, 4])
        #expect(rows.map { $0["perTweet"]?.decimal } == [1, 3, 6, 11, 1, 3, 6, 11])
        #expect(rows.allSatisfy { $0["ratio"]?.decimal == 1 && $0["difference"]?.decimal == 0 })
        #expect(rows.map { $0["rate"]?.decimal } == [1, 1.5, 1.5, 1.375, 1, 1.5, 1.5, 1.375])
    }

    @Test("An age that one Tweet has not lived to the end of has no number")
    func young() throws {
        // It is 10:30: the hour from 9 to 10 is the last whole one.
        let old = Self.tweet("2026-03-30T09:00:00Z")
        let young = Self.tweet("2026-03-31T08:15:00Z")
        let groups = #"groups: [{name: "A", tweetIds: [\#(old)]}, {name: "B", tweetIds: [\#(old), \#(young)]}]"#
        let hours = try rows(groups + ", by: HOUR, ages: 3", "total(of: IMPRESSIONS) ratio(of: IMPRESSIONS)")
        #expect(hours.map { $0["total"]?.integer } == [1, 2, 4, 2, 4, nil])
        #expect(hours.map { $0["ratio"]?.decimal } == [1, 1, 1, 1, 1, nil])
        let days = try rows(groups + ", by: DAY, ages: 1", "total(of: IMPRESSIONS)")
        #expect(days.map { $0["total"]?.integer } == [1 << 24 - 1, nil])
    }

    @Test("A Tweet without the number is no part of the mean, one whose number is not known makes it null")
    func absences() throws {
        let tweets = [Self.tweet("2026-03-20T10:00:00Z", 0), Self.tweet("2026-03-20T10:00:00Z", 1)]
        let groups = #"groups: [{name: "A", tweetIds: [\#(tweets[0]), \#(tweets[1])]}], by: HOUR, ages: 2"#
        let fields = "total(of: REPLIES) perTweet(of: REPLIES) rate(of: REPLIES)"
        let gone = try rows(groups, fields) { tweet, type, hours in
            tweet == tweets[0] && type == .replies ? absent(.unavailable) : Self.cell(tweet, type, hours)
        }
        #expect(gone.map { $0["total"]?.integer } == [1, 3])
        #expect(gone.map { $0["perTweet"]?.decimal } == [1, 3])
        #expect(gone.allSatisfy { $0["rate"] == .null })
        let second = time("2026-03-20T11:00:00Z").flooredHour
        let missing = try rows(groups, fields) { tweet, type, hours in
            tweet == tweets[0] && hours?.start == second ? .missing : Self.cell(tweet, type, hours)
        }
        #expect(missing.map { $0["total"]?.integer } == [2, nil])
        #expect(missing.map { $0["perTweet"]?.decimal } == [1, nil])
    }

    @Test("Each group needs only the hours in which its Tweets are of an age that is shown")
    func needs() throws {
        let tweets = [
            Self.tweet("2026-01-01T10:20:00Z"), Self.tweet("2026-01-03T00:00:00Z"), Self.tweet("2026-03-30T20:00:00Z"),
        ]
        let plan = try GraphFixture().plan(
            """
            { compare(groups: [{name: "A", tweetIds: [\(tweets[0]), \(tweets[1])]}, {name: "B", tweetIds: [\(tweets[2])]}],
              by: DAY, ages: 2) { total(of: REPLIES) } }
            """
        )
        #expect(
            plan.needs.map(\.window) == [
                window("2026-01-01T10:00:00Z", "2026-01-05T00:00:00Z"),
                window("2026-03-30T20:00:00Z", "2026-03-31T11:00:00Z"),
            ]
        )
        #expect(plan.needs.map(\.types) == [types(.replies), types(.replies)])
    }

    @Test(
        "What cannot be compared is refused",
        arguments: [
            ("groups: []", "There are 0 groups"),
            ("groups: [{tweetIds: [1]}]", "neither a name nor a list"),
            (#"groups: [{name: "A", tweetIds: [1]}, {name: "A", tweetIds: [2]}]"#, "Two groups are called \"A\""),
            (#"groups: [{name: "A", tweetIds: [1]}], by: DAY, ages: 0"#, "ages is 1 to 1000"),
            (#"groups: [{name: "A", tweetIds: [1]}], by: HOUR, ages: 1001"#, "ages is 1 to 1000"),
            (#"groups: [{name: "A", tweetIds: [1]}], by: HOUR"#, "Counts over time have no QUOTE_TWEETS"),
        ]
    )
    func refusals(_ arguments: String, _ words: String) throws {
        let refusals = try GraphFixture().refusals("{ compare(\(arguments)) { total(of: QUOTE_TWEETS) } }")
        #expect(refusals.map(\.code) == ["INVALID_COMPARISON"])
        #expect(refusals.first?.error.message.contains(words) == true, "\(refusals)")
        let both = try GraphFixture().refusals(#"{ compare(groups: [{name: "A"}]) { group } }"#)
        #expect(both.map(\.code) == ["TWEETS_OR_LIST"])
    }
}

extension JSONValue {
    /// The number, however it is written.
    fileprivate var decimal: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
