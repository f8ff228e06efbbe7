import Engagement
import EngagementSandbox
import JSON
import Testing

/// Time windows: formats, rounding, limits, echo (dossier §5). The clock stands at 2024-10-01T12:20:00Z.
@Suite struct WindowTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let start: String?
        let end: String?
        /// The echoed window, or nil for a refusal.
        let echo: (start: String, end: String)?

        var testDescription: String { "\(start ?? "-") to \(end ?? "-")" }

        init(_ start: String?, _ end: String?, _ echoStart: String, _ echoEnd: String) {
            self.start = start
            self.end = end
            echo = (echoStart, echoEnd)
        }

        init(refused start: String?, _ end: String?) {
            self.start = start
            self.end = end
            echo = nil
        }
    }

    static let cases = [
        Case("2024-09-01", "2024-09-15", "2024-09-01T00:00:00Z", "2024-09-15T00:00:00Z"),
        Case("2024-09-01T12:24:00Z", "2024-09-02T08:37:00Z", "2024-09-01T12:00:00Z", "2024-09-02T09:00:00Z"),
        Case("2024-09-01T12:24:00Z", "2024-09-01T12:25:00Z", "2024-09-01T12:00:00Z", "2024-09-01T13:00:00Z"),
        Case("2024-09-30", "2024-10-01T12:20:00Z", "2024-09-30T00:00:00Z", "2024-10-01T13:00:00Z"),
        Case("2024-09-01", "2024-09-29", "2024-09-01T00:00:00Z", "2024-09-29T00:00:00Z"),
        Case("2014-09-01", "2014-09-02", "2014-09-01T00:00:00Z", "2014-09-02T00:00:00Z"),
        // The previous four weeks; the end is echoed to the minute.
        Case(nil, nil, "2024-09-03T13:00:00Z", "2024-10-01T12:20:00Z"),
        Case(refused: "2024-09-01", "2024-09-29T00:00:01Z"),
        Case(refused: "2014-08-31T23:59:59Z", "2014-09-02"),
        Case(refused: "2024-09-30", "2024-10-01T12:20:01Z"),
        Case(refused: "2024-09-30", "2024-10-02"),
        Case(refused: "2024-09-15", "2024-09-15"),
        Case(refused: "2024-09-16", "2024-09-15"),
        Case(refused: "2024-09-15", nil),
        Case(refused: nil, "2024-09-15"),
        Case(refused: "2024-09-15T00:00:00", "2024-09-16"),
        Case(refused: "2024-09-15T00:00:00+00:00", "2024-09-16"),
        Case(refused: "2024-09-15T00:00:00.5Z", "2024-09-16"),
        Case(refused: "2024-9-15", "2024-09-16"),
        Case(refused: "2024-02-30", "2024-03-02"),
        Case(refused: "202409150000", "2024-09-16"),
        Case(refused: "", "2024-09-16"),
        Case(refused: "7d", "2024-09-16"),
    ]

    @Test("historical rounds, limits and echoes its window", arguments: cases)
    func historicalWindow(_ window: Case) throws {
        let bench = try Bench()
        let request = body(
            [TweetID(rawValue: 1_785_265_636_840_173_569)],
            ["favorites"],
            start: window.start,
            end: window.end
        )
        let answer = try bench.call(.historical, request)
        #expect(answer.status == (window.echo == nil ? 400 : 200), "\(answer.errors)")
        #expect(answer.json["start"]?.string == window.echo?.start)
        #expect(answer.json["end"]?.string == window.echo?.end)
    }

    @Test("The depth of historical can be the latest 365 days")
    func depth() throws {
        let bench = try Bench { $0.switches.historicalDepth = .last365Days }
        let tweets = [TweetID(rawValue: 1_785_265_636_840_173_569)]
        #expect(
            try bench.call(.historical, body(tweets, ["favorites"], start: "2023-09-30", end: "2023-10-10")).status
                == 400
        )
        #expect(
            try bench.call(.historical, body(tweets, ["favorites"], start: "2023-10-03", end: "2023-10-10")).status
                == 200
        )
    }

    @Test("28hr has 29 buckets up to the end of the current hour, or 28 up to its start", arguments: [29, 28])
    func last28Hours(_ buckets: Int) throws {
        let bench = try Bench { $0.switches.last28HoursBuckets = buckets }
        let groupings = [("g", ["engagement.type", "engagement.day", "engagement.hour"])]
        let tweets = [tweet(hours: 400, before: bench.now)]
        let answer = try bench.call(.last28Hours, body(tweets, ["impressions"], groupings: groupings))
        #expect(answer.json["start"]?.string == "2024-09-30T08:00:00Z")
        #expect(answer.json["end"]?.string == (buckets == 29 ? "2024-10-01T13:00:00Z" : "2024-10-01T12:00:00Z"))
        let days = try #require(answer.json["g"]?["impressions"]?.members)
        #expect(days.map(\.name) == ["2024-09-30", "2024-10-01"])
        #expect(days.compactMap { $0.value.members?.count }.reduce(0, +) == buckets)
        #expect(days[1].value.members?.first?.name == "00")
    }

    @Test("totals echo no window")
    func totalsHaveNoWindow() throws {
        let answer = try Bench().call(.totals, body([TweetID(rawValue: 1_785_265_636_840_173_569)], ["favorites"]))
        #expect(answer.json["start"] == nil)
        #expect(answer.json["end"] == nil)
    }
}
