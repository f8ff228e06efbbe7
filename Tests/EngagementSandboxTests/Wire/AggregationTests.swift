import Engagement
import EngagementSandbox
import JSON
import Testing

/// Every grouping is the sum of the hours that its place stands for, in the shape of dossier §4.4.
@Suite struct AggregationTests {
    /// All orders of one to three dimensions, and the two allowed orders of four.
    static let orders: [[String]] = {
        let names = ["tweet.id", "engagement.type", "engagement.day", "engagement.hour"]
        var orders = names.map { [$0] }
        var longer = orders
        for _ in 0..<2 {
            longer = longer.flatMap { order in names.filter { !order.contains($0) }.map { order + [$0] } }
            orders += longer
        }
        return orders + [names, ["engagement.type", "tweet.id", "engagement.day", "engagement.hour"]]
    }()

    @Test("A grouping of a series agrees with a sum over its hours", arguments: orders)
    func seriesGroupings(_ groupBy: [String]) throws {
        let bench = try Bench()
        let tweets = [20, 33, 200].map { tweet(hours: $0, before: bench.now) }
        let types: [EngagementType] = [.impressions, .videoViews, .favorites]
        let request = body(
            tweets,
            types.map(\.wireName),
            groupings: [("g", groupBy)],
            start: "2024-09-29T21:10:00Z",
            end: "2024-10-01T12:15:00Z"
        )
        let answer = try bench.call(.historical, request)

        var expected: [String: Int64] = [:]
        let first = try #require(UnixTime(iso8601: "2024-09-29T21:00:00Z")).flooredHour
        for index in first.index..<first.index + 40 {
            let hour = UTCHour(index: index)
            let window = HourWindow(start: hour, end: hour.advanced(by: 1))
            for tweet in tweets {
                for type in types {
                    let keys = groupBy.map { name in
                        switch name {
                        case "tweet.id": tweet.description
                        case "engagement.type": type.wireName
                        case "engagement.day": hour.day.iso8601
                        default: hour.hourOfDay < 10 ? "0\(hour.hourOfDay)" : "\(hour.hourOfDay)"
                        }
                    }
                    expected[keys.joined(separator: "/"), default: 0] += bench.endpoint.metrics.count(
                        tweet: tweet,
                        type: type,
                        in: window,
                        asOf: bench.now
                    )
                }
            }
        }
        #expect(try leaves(try #require(answer.json["g"])) == expected)
    }

    @Test(
        "A grouping of totals agrees with a sum of lifetimes",
        arguments: orders.filter { order in
            order.allSatisfy { $0 == "tweet.id" || $0 == "engagement.type" }
        }
    )
    func totalsGroupings(_ groupBy: [String]) throws {
        let bench = try Bench()
        let tweets = [20, 33, 200].map { tweet(hours: $0, before: bench.now) }
        let types: [EngagementType] = [.impressions, .videoViews, .quoteTweets]
        let answer = try bench.call(.totals, body(tweets, types.map(\.wireName), groupings: [("g", groupBy)]))
        var expected: [String: Int64] = [:]
        for tweet in tweets {
            for type in types {
                let keys = groupBy.map { $0 == "tweet.id" ? tweet.description : type.wireName }
                expected[keys.joined(separator: "/"), default: 0] += bench.endpoint.metrics.total(
                    tweet: tweet,
                    type: type,
                    asOf: bench.now
                )
            }
        }
        #expect(try leaves(try #require(answer.json["g"])) == expected)
    }

    @Test("An hour without a day is a histogram of 24 hours, or days of hours if switched")
    func hourWithoutDay() throws {
        let bench = try Bench()
        let tweets = [tweet(hours: 200, before: bench.now)]
        let request = body(
            tweets,
            ["impressions"],
            groupings: [("g", ["engagement.type", "tweet.id", "engagement.hour"])]
        )
        let histogram = try bench.call(.historical, request).json["g"]?["impressions"]?["\(tweets[0])"]
        #expect(histogram?.members?.count == 24)
        #expect(histogram?["07"]?.string != nil)
        var switches = SandboxSwitches()
        switches.hourWithoutDay = .dayAndHour
        bench.endpoint.setSwitches(switches)
        let days = try bench.call(.historical, request).json["g"]?["impressions"]?["\(tweets[0])"]
        #expect(days?["2024-09-25"]?["07"]?.string != nil)
    }

    @Test("Counts are strings, or bare numbers if switched")
    func countsAsStrings() throws {
        let bench = try Bench()
        let request = body([TweetID(rawValue: 423_456_789)], ["favorites"], groupings: [("g", ["engagement.type"])])
        #expect(try bench.call(.totals, request).json["g"]?["favorites"] == .string("67"))
        var switches = SandboxSwitches()
        switches.counts = .bare
        bench.endpoint.setSwitches(switches)
        #expect(try bench.call(.totals, request).json["g"]?["favorites"] == .integer(67))
    }

    /// Paths of keys, joined by slashes, and the counts at their ends.
    private func leaves(_ value: JSONValue, below path: String = "") throws -> [String: Int64] {
        guard let members = value.members else {
            return [path: try #require(value.string.flatMap { Int64($0) })]
        }
        var all: [String: Int64] = [:]
        for member in members {
            let inner = path.isEmpty ? member.name : "\(path)/\(member.name)"
            all.merge(try leaves(member.value, below: inner)) { $0 + $1 }
        }
        return all
    }
}
