import Engagement
import EngagementSandbox
import JSON
import TestSupport
import Testing

/// Any grouping in any order gives what the API gives, and where the API would refuse the size, what its numbers add up to.
@Suite
struct DropInGroupingTests {
    @Test("Random calls are answered as the API answers them", arguments: 0..<12)
    func sameAsDirect(_ round: UInt64) async throws {
        var generator = SeededGenerator(seed: runSeed &+ round)
        let bed = try TestBed()
        for _ in 0..<6 {
            let (endpoint, client, body) = RandomCall.make(using: &generator, now: bed.sandbox.now)
            let comment = Comment(rawValue: "ENGAGEQL_SEED=\(runSeed), \(endpoint) \(body)")
            let expected = try await bed.direct(endpoint, body, as: client)
            let answer = try await bed.dropIn(endpoint, body, as: client)
            #expect(answer.status == expected.status, comment)
            #expect(JSONExpectation.differences(answer.json, expected.json) == [], comment)
            bed.sandbox.forgetCalls()
            #expect(try await bed.dropIn(endpoint, body, as: client).json == answer.json, comment)
            #expect(bed.sandbox.calls.isEmpty, comment)
        }
    }

    @Test("More than 250 Tweets of totals are divided among calls")
    func manyTotals() async throws {
        let bed = try TestBed()
        let tweets = tweets(600, bed)
        let types: [EngagementType] = [.favorites, .impressions]
        let answer = try await bed.dropIn(
            .totals,
            requestBody(tweets, types, [("g", ["tweet.id", "engagement.type"]), ("all", ["engagement.type"])])
        )
        #expect(answer.status == 200)
        #expect(answer.json["g"]?.members?.count == 600)
        for type in types {
            let counts = tweets.map { bed.sandbox.metrics.total(tweet: $0, type: type, asOf: bed.sandbox.now) }
            let found = tweets.map { answer.json["g"]?[$0.description]?[type.wireName]?.string }
            #expect(found == counts.map { "\($0)" })
            #expect(answer.json["all"]?[type.wireName]?.string == "\(counts.reduce(0, +))")
        }
        #expect(bed.sandbox.calls.allSatisfy { $0.status == 200 && $0.tweets.count <= 250 })
        #expect(bed.sandbox.calls.count == 6)
    }

    @Test("More than 25 Tweets and more than 28 days of a series are divided among calls", arguments: [true, false])
    func longSeries(_ isAligned: Bool) async throws {
        let bed = try TestBed()
        let tweets = tweets(60, bed)
        let start = isAligned ? "2026-09-01" : "2026-09-01T05:12:24Z"
        let end = isAligned ? "2026-11-10" : "2026-11-10T08:37:00Z"
        let window = HourWindow(
            start: try #require(UnixTime(iso8601: start)).flooredHour,
            end: try #require(UnixTime(iso8601: end)).raisedHour
        )
        let groupings = [("series", ["tweet.id", "engagement.type", "engagement.day"]), ("all", ["engagement.type"])]
        let body = requestBody(tweets, [.impressions, .urlClicks], groupings, start: start, end: end)
        let answer = try await bed.dropIn(.historical, body)
        #expect(answer.status == 200)
        #expect(answer.json["start"]?.string == window.start.start.iso8601)
        #expect(answer.json["end"]?.string == window.end.start.iso8601)
        for type in [EngagementType.impressions, .urlClicks] {
            let sum = tweets.reduce(0) {
                $0 + bed.sandbox.metrics.count(tweet: $1, type: type, in: window, asOf: bed.sandbox.now)
            }
            #expect(answer.json["all"]?[type.wireName]?.string == "\(sum)")
            let days = answer.json["series"]?[tweets[7].description]?[type.wireName]?.members
            #expect(days?.count == window.days?.count)
            #expect(
                days?.compactMap { $0.value.string.flatMap { Int64($0) } }.reduce(0, +)
                    == bed.sandbox.metrics.count(tweet: tweets[7], type: type, in: window, asOf: bed.sandbox.now)
            )
        }
        #expect(bed.sandbox.calls.allSatisfy { $0.status == 200 && $0.tweets.count <= 25 })
        bed.sandbox.forgetCalls()
        #expect(try await bed.dropIn(.historical, body).json == answer.json)
        #expect(bed.sandbox.calls.isEmpty)
    }

    @Test("Whole days are fetched as days, everything else as hours")
    func grain() async throws {
        let bed = try TestBed()
        let byDay = [("g", ["engagement.type", "engagement.day"])]
        _ = try await bed.dropIn(
            .historical,
            requestBody(tweets(1, bed), [.urlClicks], byDay, start: "2026-11-01", end: "2026-11-03")
        )
        #expect(bed.sandbox.calls.flatMap(\.groupings).flatMap(\.groupBy).contains(.hour) == false)
        bed.sandbox.forgetCalls()
        let byHour = [("g", ["engagement.hour", "engagement.day"])]
        let body = requestBody(tweets(1, bed), [.urlClicks], byHour, start: "2026-11-01", end: "2026-11-03")
        let answer = try await bed.dropIn(.historical, body)
        #expect(bed.sandbox.calls.flatMap(\.groupings).flatMap(\.groupBy).contains(.hour))
        #expect(answer.json["g"]?.members?.map(\.name).first == "00")
        #expect(answer.json["g"]?["23"]?.members?.count == 2)
    }

    @Test("One end of a window is enough: the other one lies four weeks away")
    func halfAWindow() async throws {
        let bed = try TestBed()
        let ending = try await bed.dropIn(.historical, requestBody(tweets(1, bed), [.urlClicks], end: "2026-11-10"))
        #expect(ending.json["start"]?.string == "2026-10-13T00:00:00Z")
        let starting = try await bed.dropIn(.historical, requestBody(tweets(1, bed), [.urlClicks], start: "2026-11-10"))
        #expect(starting.json["end"]?.string == "2026-11-20T13:00:00Z")
    }

    private func tweets(_ count: Int, _ bed: TestBed) -> [TweetID] {
        let postedAt = bed.sandbox.now.advanced(bySeconds: -20 * 86_400)
        return (0..<count).map { SandboxWorld.tweetID(postedAt: postedAt, sequence: UInt64($0)) }
    }
}

/// Some endpoint, caller, Tweets, metrics, hours and up to three groupings.
private enum RandomCall {
    static func make(
        using generator: inout SeededGenerator,
        now: UnixTime
    ) -> (Endpoint, DropInClient, String) {
        let endpoint = Endpoint.allCases.randomElement(using: &generator) ?? .totals
        let isPublic = endpoint == .totals && Bool.random(using: &generator)
        let offered = isPublic ? EngagementTypeSet.publicTotals : endpoint.engagementTypes
        let types = offered.types.shuffled(using: &generator).prefix(Int.random(in: 1...4, using: &generator))
        var tweets = (0..<Int.random(in: 1...8, using: &generator)).map { index in
            let age = Int64.random(in: 0...(1 << Int64.random(in: 4...27, using: &generator)), using: &generator)
            return SandboxWorld.tweetID(postedAt: now.advanced(bySeconds: -age), sequence: UInt64(index))
        }
        // A deleted one, a protected one, one of globex, one of a stranger.
        let special: [UInt64] = [
            1_720_140_212_187_844_609, 1_749_337_391_901_192_193, 1_765_017_450_569_535_488, 1_802_997_363_221_987_329,
        ]
        for id in special where Int.random(in: 0..<5, using: &generator) == 0 { tweets.append(TweetID(rawValue: id)) }
        tweets.shuffle(using: &generator)

        var window: (String?, String?) = (nil, nil)
        if endpoint == .historical, Int.random(in: 0..<4, using: &generator) > 0 {
            let unit: Int64 = Bool.random(using: &generator) ? 86_400 : 1
            let end =
                (now.seconds - Int64.random(in: 0...(400 * 86_400), using: &generator)).floorDivided(by: unit) * unit
            let length = Int64.random(in: 1...(27 * 86_400), using: &generator).floorDivided(by: unit) * unit + unit
            window = (UnixTime(seconds: end - length).iso8601, UnixTime(seconds: end).iso8601)
        }
        let body = requestBody(
            tweets,
            Array(types),
            groupings(endpoint, &generator),
            start: window.0,
            end: window.1
        )
        let clients: [DropInClient] = isPublic ? [.acme, .globex, .application] : [.acme, .globex]
        return (endpoint, clients.randomElement(using: &generator) ?? .acme, body)
    }

    private static func groupings(
        _ endpoint: Endpoint,
        _ generator: inout SeededGenerator
    ) -> [(label: String, groupBy: [String])] {
        var names = ["tweet.id", "engagement.type"]
        if endpoint != .totals { names += ["engagement.day", "engagement.hour"] }
        var hasFour = false
        return (0..<Int.random(in: 1...3, using: &generator)).map { index in
            var groupBy = Array(
                names.shuffled(using: &generator).prefix(Int.random(in: 1...names.count, using: &generator))
            )
            if groupBy.count == 4 {
                // One of four levels a call, in one of two orders.
                groupBy = names
                if Bool.random(using: &generator) { groupBy.swapAt(0, 1) }
                if hasFour { groupBy.removeLast() }
                hasFour = true
            }
            return ("grouping \(index) \"é\"", groupBy)
        }
    }
}
