import Engagement
import EngagementSandbox
import Foundation
import JSON
import TestSupport
import Testing

/// Whatever the grouping, the numbers add up to the same, and to the sandbox's arithmetic.
@Suite(.serialized)
struct SumsTests {
    @Test("Random Tweets and windows add up the same in every grouping", arguments: 0..<16)
    func groupingsAgree(_ round: UInt64) async throws {
        var generator = SeededGenerator(seed: runSeed &+ round)
        let bed = try TestBed()
        let question = Question(using: &generator, now: bed.sandbox.now)
        let comment = Comment(rawValue: "ENGAGEQL_SEED=\(runSeed), \(question)")

        // Which grouping is asked first decides whether days or hours are fetched, so the order is random as well.
        var groupings = Question.groupings
        groupings.shuffle(using: &generator)
        for grouping in groupings {
            let answer = try await bed.ask(question.query(groupBy: grouping), question.variables)
            #expect(answer["errors"] == nil, comment)
            let rows = answer["data"]?["historical"]?.array ?? []
            for type in question.types {
                let sum = rows.reduce(0) { $0 + ($1[type.field]?.integer ?? 0) }
                let expected = question.tweets.reduce(0) { sum, tweet in
                    sum
                        + bed.sandbox.metrics.count(
                            tweet: tweet,
                            type: type,
                            in: question.window,
                            asOf: bed.sandbox.now
                        )
                }
                #expect(sum == expected, "\(type.field) by \(grouping) of \(comment)")
            }
            try check(rows, question, grouping, bed, comment)
        }
    }

    /// Each row on its own: the Tweet or the hours that it names.
    private func check(
        _ rows: [JSONValue],
        _ question: Question,
        _ grouping: [String],
        _ bed: TestBed,
        _ comment: Comment
    ) throws {
        if grouping.contains("HOUR_OF_DAY") { return }
        for row in rows {
            let tweets = try row["tweetId"]?.string.map { [try #require(TweetID($0))] } ?? question.tweets
            let start = try #require(row["start"]?.string.flatMap(UnixTime.init(iso8601:)))
            let end = try #require(row["end"]?.string.flatMap(UnixTime.init(iso8601:)))
            let window = HourWindow(start: start.flooredHour, end: end.flooredHour)
            for type in question.types {
                let expected = tweets.reduce(0) {
                    $0 + bed.sandbox.metrics.count(tweet: $1, type: type, in: window, asOf: bed.sandbox.now)
                }
                #expect(row[type.field]?.integer == expected, "\(type.field) of \(row.text) of \(comment)")
            }
        }
    }
}

/// Some Tweets, metrics and hours.
private struct Question: CustomStringConvertible {
    let tweets: [TweetID]
    let types: [EngagementType]
    let start: UnixTime
    let end: UnixTime

    static let groupings = [[], ["TWEET"], ["DAY"], ["HOUR"], ["HOUR_OF_DAY"], ["WEEK"], ["TWEET", "DAY"]]

    init(using generator: inout SeededGenerator, now: UnixTime) {
        // Half of the windows are whole days, which are fetched as days; half are not; some end now, some are months ago.
        let unit: Int64 = Bool.random(using: &generator) ? 86_400 : 1000
        let age = Int64.random(in: 0...200, using: &generator) * Int64.random(in: 0...1, using: &generator)
        let latest = (now.seconds - age * 86_400).floorDivided(by: unit) * unit
        let length = max(unit, Int64.random(in: 3600...(45 * 86_400), using: &generator).floorDivided(by: unit) * unit)
        end = UnixTime(seconds: latest)
        start = UnixTime(seconds: latest - length)
        let count = [1, 3, 27].randomElement(using: &generator) ?? 1
        let (first, last) = (start.seconds - 40 * 86_400, end.seconds)
        tweets = (0..<count).map { index in
            let postedAt = UnixTime(seconds: Int64.random(in: first...last, using: &generator))
            return SandboxWorld.tweetID(postedAt: postedAt, sequence: UInt64(index))
        }
        let all: [EngagementType] = [.impressions, .engagements, .favorites, .urlClicks, .videoViews, .mediaViews]
        types = Array(all.shuffled(using: &generator).prefix(count == 27 ? 1 : 3))
    }

    /// `start` floored, `end` raised (dossier §5).
    var window: HourWindow { HourWindow(start: start.flooredHour, end: end.raisedHour) }

    func query(groupBy: [String]) -> String {
        let keys = groupBy.contains("TWEET") ? "tweetId" : ""
        return """
            query($ids: [ID!]!, $start: DateTime, $end: DateTime) {
              historical(tweetIds: $ids, start: $start, end: $end, groupBy: [\(groupBy.joined(separator: ", "))]) {
                \(keys) start end \(types.map(\.field).joined(separator: " "))
              }
            }
            """
    }

    var variables: JSONValue {
        .object([
            .init("ids", .array(tweets.map { .string($0.description) })),
            .init("start", .string(start.iso8601)), .init("end", .string(end.iso8601)),
        ])
    }

    var description: String { "\(types.map(\.field)) of \(tweets) from \(start.iso8601) to \(end.iso8601)" }
}

extension EngagementType {
    /// The name of its field: `urlClicks` for `url_clicks`.
    var field: String {
        let words = wireName.split(separator: "_")
        return words.prefix(1).joined() + words.dropFirst().map(\.capitalized).joined()
    }
}
