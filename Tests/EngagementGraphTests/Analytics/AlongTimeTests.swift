import Engagement
import EngagementGraph
import Foundation
import JSON
import TestSupport
import Testing

/// `as: RUNNING_TOTAL` and `as: CHANGE`.
@Suite("Numbers along time")
struct AlongTimeTests {
    @Test(
        "Running totals and changes",
        arguments: [
            ResponseCase(
                "days of one Tweet",
                """
                { historical(tweetIds: [1], start: "2026-03-01", end: "2026-03-03T12:00:00Z", groupBy: [DAY]) {
                    replies sum: replies(as: RUNNING_TOTAL) change: replies(as: CHANGE) count: replies(as: COUNT) } }
                """,
                """
                {"historical":[{"replies":24,"sum":24,"change":null,"count":24},{"replies":24,"sum":48,"change":0,"count":24},\
                {"replies":12,"sum":60,"change":-12,"count":12}]}
                """
            ),
            ResponseCase(
                "each Tweet by itself, in any order of the dimensions",
                """
                { a: historical(tweetIds: [1, 2], start: "2026-03-01", end: "2026-03-03", groupBy: [TWEET, DAY]) {
                    tweetId replies(as: RUNNING_TOTAL) }
                  b: historical(tweetIds: [1, 2], start: "2026-03-01", end: "2026-03-03", groupBy: [DAY, TWEET]) {
                    tweetId replies(as: RUNNING_TOTAL) } }
                """,
                """
                {"a":[{"tweetId":"1","replies":24},{"tweetId":"1","replies":48},{"tweetId":"2","replies":48},{"tweetId":"2","replies":96}],\
                "b":[{"tweetId":"1","replies":24},{"tweetId":"2","replies":48},{"tweetId":"1","replies":48},{"tweetId":"2","replies":96}]}
                """
            ),
            ResponseCase(
                "the long form",
                """
                { historical(tweetIds: [1], start: "2026-03-01", end: "2026-03-03", groupBy: [DAY, ENGAGEMENT_TYPE]) {
                    engagementType count(as: RUNNING_TOTAL) replies(as: RUNNING_TOTAL) favorites } }
                """,
                """
                {"historical":[{"engagementType":"FAVORITES","count":24,"replies":null,"favorites":24},\
                {"engagementType":"REPLIES","count":24,"replies":24,"favorites":null},\
                {"engagementType":"FAVORITES","count":48,"replies":null,"favorites":24},\
                {"engagementType":"REPLIES","count":48,"replies":48,"favorites":null}]}
                """
            ),
            ResponseCase(
                "what is sorted and counted off is added up all the same",
                """
                { historical(tweetIds: [1], start: "2026-03-01", end: "2026-03-04", groupBy: [DAY],
                    orderBy: [{field: START}], first: 1) { replies(as: RUNNING_TOTAL) } }
                """,
                #"{"historical":[{"replies":72}]}"#
            ),
            ResponseCase(
                "an hour that a day does not have is passed over",
                """
                { historical(tweetIds: [1], start: "2026-03-27T23:00:00Z", end: "2026-03-30T22:00:00Z",
                    groupBy: [HOUR_OF_DAY, DAY], timeZone: "Europe/Berlin", orderBy: [{field: START, direction: ASCENDING}], first: 7) {
                    hourOfDay replies(as: RUNNING_TOTAL) c: replies(as: CHANGE) } }
                """,
                """
                {"historical":[{"hourOfDay":0,"replies":1,"c":null},{"hourOfDay":1,"replies":1,"c":null},{"hourOfDay":2,"replies":1,"c":null},\
                {"hourOfDay":3,"replies":1,"c":null},{"hourOfDay":4,"replies":1,"c":null},{"hourOfDay":5,"replies":1,"c":null},\
                {"hourOfDay":6,"replies":1,"c":null}]}
                """
            ),
            ResponseCase(
                "without time each row is a first one",
                """
                { historical(tweetIds: [1, 2], start: "2026-03-01", end: "2026-03-03") {
                    replies(as: RUNNING_TOTAL) change: replies(as: CHANGE) } }
                """,
                #"{"historical":[{"replies":48,"change":null},{"replies":96,"change":null}]}"#
            ),
        ]
    )
    func values(_ example: ResponseCase) throws {
        #expect(try GraphFixture().respond(example.query) == example.response)
    }

    @Test("From a number that is not known on there is no running total, and beside it no change")
    func unknown() throws {
        let query = """
            { historical(tweetIds: [1], start: "2026-03-01", end: "2026-03-06", groupBy: [DAY]) {
              replies sum: replies(as: RUNNING_TOTAL) change: replies(as: CHANGE) } }
            """
        let day = time("2026-03-03").flooredHour
        let response = try GraphFixture().respond(query) { tweet, type, hours in
            hours?.start == day ? absent(.tooOld) : counts(tweet, type, hours)
        }
        let rows = """
            "historical":[{"replies":24,"sum":24,"change":null},{"replies":24,"sum":48,"change":0},\
            {"replies":null,"sum":null,"change":null},{"replies":24,"sum":null,"change":null},{"replies":24,"sum":null,"change":0}]
            """
        #expect(response.contains(rows), "\(response)")
    }

    /// The plain numbers are checked elsewhere: here they are added up once more, row by row.
    @Test("Any grouping, window and zone", arguments: 0..<20)
    func agrees(_ part: Int) throws {
        var generator = SeededGenerator(seed: runSeed &+ UInt64(part) &* 7_919)
        let graph = try GraphFixture(now: "2027-01-01T00:00:00Z")
        let oracle = RowOracle(using: &generator)
        let fields = oracle.types.map(RowOracle.fieldName)
        let extra = Set(fields).map { "sum_\($0): \($0)(as: RUNNING_TOTAL) change_\($0): \($0)(as: CHANGE)" }
        let query = oracle.query.replacingOccurrences(of: " asOf }", with: " \(extra.joined(separator: " ")) }")
        let comment = Comment(rawValue: "ENGAGEQL_SEED=\(runSeed): \(query)")
        let response = try JSONValue(parsing: Array(graph.respond(query, cells: oracle.cell).utf8))
        var groups: [[String]: [JSONValue]] = [:]
        for row in response["data"]?["historical"]?.array ?? [] {
            let key = ["tweetId", "engagementType", "hourOfDay"].map { "\(row[$0] ?? .null)" }
            groups[key, default: []].append(row)
        }
        for rows in groups.values {
            let rows = rows.sorted { ($0["start"]?.string ?? "") < ($1["start"]?.string ?? "") }
            for field in fields {
                var sum: Int64? = 0
                for (index, row) in rows.enumerated() {
                    let value = row[field]?.integer
                    sum = value.flatMap { value in sum.map { $0 + value } }
                    #expect(row["sum_\(field)"]?.integer == sum, comment)
                    guard index > 0, rows[index - 1]["end"] == row["start"] else { continue }
                    let before = rows[index - 1][field]?.integer
                    #expect(
                        row["change_\(field)"]?.integer == value.flatMap { value in before.map { value - $0 } },
                        comment
                    )
                }
            }
        }
    }

    /// What a chart needs: a row for every bucket, also where nothing happened.
    @Test("No bucket of a window is left out, whatever the clocks do", arguments: RowOracle.zones)
    func gapFree(_ zone: String) throws {
        let graph = try GraphFixture(now: "2027-01-01T00:00:00Z")
        for (unit, longest) in [("HOUR", 1), ("DAY", 25), ("WEEK", 169), ("MONTH", 745)] {
            let query = """
                { historical(tweetIds: [1], start: "2025-09-30T05:00:00Z", end: "2026-11-20T17:00:00Z", groupBy: [\(unit)],
                  timeZone: "\(zone)") { start end impressions } }
                """
            let text = try graph.respond(query) { _, _, _ in counted(0) }
            let rows = try JSONValue(parsing: Array(text.utf8))["data"]?["historical"]?.array ?? []
            let starts = rows.compactMap { $0["start"]?.string }
            let ends = rows.compactMap { $0["end"]?.string }
            #expect(starts.first == "2025-09-30T05:00:00Z" && ends.last == "2026-11-20T17:00:00Z")
            #expect(Array(starts.dropFirst()) == Array(ends.dropLast()))
            #expect(rows.allSatisfy { $0["impressions"]?.integer == 0 })
            let hours = zip(starts, ends).map { (time($1).seconds - time($0).seconds) / 3600 }
            #expect(hours.reduce(0, +) == 9996)
            #expect(hours.allSatisfy { 1...Int64(longest) ~= $0 })
        }
    }
}
