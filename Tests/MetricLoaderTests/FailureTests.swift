import Engagement
import EngagementAPI
import MetricLoader
import TestSupport
import Testing

@Suite("Calls that fail, and answers that lack something")
struct FailureTests {
    @Test("A failure leaves the numbers missing, says what it concerns, and is not remembered")
    func failure() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.spoil { _, _ throws(EngagementAPIError) in throw EngagementAPIError(.serverError, "it broke") }
        let need = totals(tweets(1, 2), types(.favorites))
        let loaded = await fixture.load(need)
        #expect(loaded.tables[0].cells.allSatisfy { $0.state == .missing })
        let failure = try #require(loaded.failures.first)
        #expect(loaded.failures.count == 1)
        #expect(failure.endpoint == .totals)
        #expect(failure.access == .application)
        #expect(failure.tweets == tweets(1, 2))
        #expect(failure.types == types(.favorites))
        #expect(failure.window == nil)
        #expect(failure.error.code == .serverError)
        #expect(fixture.upstream.takeMade().count == 1)
        fixture.upstream.spoil(nil)
        fixture.expectRight(await fixture.load(need))
        #expect(fixture.upstream.takeMade().count == 1)
    }

    @Test("A failed part leaves the other parts their numbers")
    func failedPart() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.spoil { call, _ throws(EngagementAPIError) in
            if call.types.contains(.impressions) { throw EngagementAPIError(.timedOut, "too slow") }
        }
        let loaded = await fixture.load(totals(tweets(1), types(.impressions, .favorites)))
        #expect(loaded.tables[0][0, .favorites].count == FakeUpstream.total(tweets(1)[0], .favorites))
        #expect(loaded.tables[0][0, .impressions].state == .missing)
        #expect(loaded.failures.map(\.access) == [.account(ada)])
        #expect(loaded.failures.map(\.error.code) == [.timedOut])
    }

    @Test("When upstream fails old numbers are served, as long as they may be")
    func staleNumbers() async throws {
        let fixture = try LoaderFixture()
        let need = totals(tweets(1), types(.favorites))
        fixture.expectRight(await fixture.load(need))
        fixture.upstream.spoil { _, _ throws(EngagementAPIError) in
            throw EngagementAPIError(.rateLimited(resetAt: nil), "too many")
        }
        fixture.clock.advance(seconds: 86_400 + 60)
        let old = await fixture.load(need)
        #expect(old.tables[0][0, .favorites].freshness == .stale)
        #expect(old.tables[0].firstWrongCell == nil)
        #expect(old.failures.count == 1)
        fixture.clock.advance(seconds: 86_400)
        let gone = await fixture.load(need)
        #expect(gone.tables[0][0, .favorites] == .missing)
    }

    @Test("Hours that an answer leaves out stay missing, are not remembered, and are asked for again")
    func partialAnswers() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.spoil { _, reply throws(EngagementAPIError) in reply.counts.removeAll { $0.hour == 5 } }
        let need = series(tweets(1), types(.replies), "2026-03-01", "2026-03-02")
        let loaded = await fixture.load(need)
        let states = loaded.tables[0].states(0, .replies)
        #expect(states.indices.filter { states[$0] == .missing } == [5])
        #expect(loaded.failures.isEmpty)
        _ = fixture.upstream.takeMade()
        fixture.upstream.spoil(nil)
        fixture.expectRight(await fixture.load(need))
        #expect(
            fixture.upstream.takeMade().map(\.call.window?.description) == [
                "2026-03-01T05:00:00Z..<2026-03-01T06:00:00Z"
            ]
        )
    }

    @Test("What was not asked for is not kept")
    func surplus() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.spoil { call, reply throws(EngagementAPIError) in
            let day = UTCDay(iso8601: "2026-03-09")
            reply.counts.append(.init(tweet: TweetID(rawValue: 9), type: .replies, day: day, hour: 1, value: 666))
            reply.counts.append(.init(tweet: call.tweets[0], type: .replies, day: day, hour: 1, value: 666))
            reply.counts.append(.init(tweet: call.tweets[0], type: .replies, day: nil, hour: nil, value: 666))
            reply.counts.append(.init(tweet: call.tweets[0], type: .appOpens, day: day, hour: 1, value: 666))
        }
        fixture.expectRight(await fixture.load(series(tweets(1), types(.replies), "2026-03-01", "2026-03-02")))
    }

    // MARK: - Absence

    @Test("Tweets that are unavailable or too old are typed, and asked about again only when that has grown old")
    func typedAbsence() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.spoil { call, reply throws(EngagementAPIError) in
            reply.unavailable = tweets(1).filter(call.tweets.contains)
            reply.counts.removeAll { $0.tweet.rawValue == 1 }
            reply.unsupportedForImpressionsAndEngagements = call.types.contains(.impressions) ? tweets(2) : []
            reply.unsupportedForVideoViews = call.types.contains(.videoViews) ? tweets(3) : []
        }
        let need = totals(tweets(1, 2, 3), types(.impressions, .engagements, .videoViews))
        let table = await fixture.load(need).tables[0]
        #expect(table[0, .impressions].state == .unavailable)
        #expect(table[0, .videoViews].state == .unavailable)
        #expect(table[1, .impressions].state == .tooOld)
        #expect(table[1, .engagements].state == .tooOld)
        #expect(table[1, .videoViews].state == .counted)
        #expect(table[2, .impressions].state == .counted)
        // The API shows a zero for video views that it does not have; that is no count.
        #expect(table[2, .videoViews].state == .tooOld)
        _ = fixture.upstream.takeMade()
        #expect(await fixture.load(need).isFresh)
        fixture.clock.advance(seconds: 3600)
        _ = await fixture.load(need)
        #expect(fixture.upstream.takeMade().map(\.call.tweets) == [tweets(1), tweets(1)])
    }

    @Test("A 403 costs only the Tweets that it names, and they are remembered")
    func forbiddenTweets() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.spoil { call, _ throws(EngagementAPIError) in
            let foreign = call.tweets.filter { $0.rawValue % 2 == 0 }
            if !foreign.isEmpty { throw EngagementAPIError(.forbiddenTweets(foreign), "Forbidden to access tweets") }
        }
        let need = series(tweets(1, 2, 3, 4), types(.replies), "2026-03-01", "2026-03-02")
        let loaded = await fixture.load(need)
        #expect(loaded.failures.isEmpty)
        #expect(fixture.upstream.takeMade().map(\.call.tweets) == [tweets(1, 2, 3, 4), tweets(1, 3)])
        for (row, state) in [Cell.State.counted, .forbidden, .counted, .forbidden].enumerated() {
            #expect(loaded.tables[0].states(row, .replies) == Array(repeating: state, count: 24))
        }
        #expect(await fixture.load(need).isFresh)
        _ = await fixture.load(series(tweets(2, 3, 5), types(.replies), "2026-03-01", "2026-03-02"))
        #expect(fixture.upstream.takeMade().map(\.call.tweets) == [tweets(5)])
    }

    @Test("A 403 for all Tweets ends, without a second call")
    func allForbidden() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.spoil { call, _ throws(EngagementAPIError) in
            throw EngagementAPIError(.forbiddenTweets(call.tweets), "")
        }
        let loaded = await fixture.load(series(tweets(1, 2), types(.replies), "2026-03-01", "2026-03-02"))
        #expect(fixture.upstream.made.count == 1)
        #expect(loaded.failures.isEmpty)
        #expect(loaded.tables[0].cells.allSatisfy { $0.state == .forbidden })
    }

    @Test("A 403 costs only the metrics that it names")
    func forbiddenMetrics() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.spoil { call, _ throws(EngagementAPIError) in
            if call.types.contains(.appOpens) {
                throw EngagementAPIError(.forbiddenMetrics(["app_opens", "new_metric"]), "")
            }
        }
        let loaded = await fixture.load(series(tweets(1), types(.replies, .appOpens), "2026-03-01", "2026-03-02"))
        #expect(loaded.tables[0].states(0, .appOpens) == Array(repeating: .forbidden, count: 24))
        #expect(loaded.tables[0].states(0, .replies) == Array(repeating: .counted, count: 24))
        #expect(fixture.upstream.made.map(\.call.types) == [types(.replies, .appOpens), types(.replies)])
    }

    @Test(
        "A 403 that names nothing of the call is a failure, not a loop",
        arguments: [EngagementAPIError.Code.forbiddenTweets(tweets(99)), .forbiddenMetrics(["new_metric"]), .forbidden]
    )
    func noProgress(_ code: EngagementAPIError.Code) async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.spoil { _, _ throws(EngagementAPIError) in throw EngagementAPIError(code, "") }
        let loaded = await fixture.load(totals(tweets(1), types(.impressions)))
        #expect(fixture.upstream.made.count == 1)
        #expect(loaded.failures.map(\.error.code) == [code])
        #expect(loaded.tables[0].cells == [.missing])
    }

    // MARK: - 400 for unavailable Tweets

    private func refuse(_ poison: Set<UInt64>) -> FakeUpstream.Fault {
        { call, _ throws(EngagementAPIError) in
            guard call.tweets.contains(where: { poison.contains($0.rawValue) }) else { return }
            throw EngagementAPIError(.tweetsUnavailable, "Tweet ID(s) are unavailable", status: 400)
        }
    }

    @Test("A single unavailable Tweet is believed at once")
    func oneUnavailable() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.spoil(refuse([1]))
        let loaded = await fixture.load(totals(tweets(1), types(.favorites)))
        #expect(loaded.tables[0][0, .favorites].state == .unavailable)
        #expect(loaded.failures.isEmpty)
        #expect(fixture.upstream.made.count == 1)
    }

    @Test("A Tweet that poisons a whole call is found, and the others get their numbers")
    func poisonedCall() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.spoil(refuse([77]))
        let need = totals(tweets(1...250), types(.favorites))
        let loaded = await fixture.load(need)
        let gone = loaded.tables[0].cells.indices.filter { loaded.tables[0].cells[$0].state != .counted }
        #expect(gone == [76])
        #expect(loaded.tables[0].cells[76].state == .unavailable)
        #expect(loaded.failures.isEmpty)
        // One call, then two for each of at most eight halvings.
        #expect(fixture.upstream.made.count <= 17)
        #expect(await fixture.load(need).isFresh)
    }

    @Test(
        "A call of which nothing is available costs a bounded number of calls, and what is not settled is asked for later"
    )
    func allUnavailable() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.spoil(refuse(Set(1...100)))
        let need = totals(tweets(1...100), types(.favorites))
        let first = await fixture.load(need)
        #expect(fixture.upstream.takeMade().count <= 40)
        let settled = first.tables[0].cells.count { $0.state == .unavailable }
        #expect(settled > 0)
        #expect(first.failures.flatMap(\.tweets).count == 100 - settled)
        let second = await fixture.load(need)
        #expect(second.tables[0].cells.count { $0.state == .unavailable } > settled)
    }
}
