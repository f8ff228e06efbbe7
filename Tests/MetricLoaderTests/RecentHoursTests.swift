import Engagement
import EngagementAPI
import MetricLoader
import TestSupport
import Testing

@Suite("Which hours 28hr answers for")
struct RecentHoursTests {
    private static let all = series(tweets(1), types(.replies), "2026-03-30T06:00:00Z", "2026-03-31T11:00:00Z")

    /// Makes 28hr leave out hours, at half past ten.
    private func fixture(without hours: Set<String>) throws -> LoaderFixture {
        let fixture = try LoaderFixture()
        let left = Set(hours.map { time($0).flooredHour })
        fixture.upstream.spoil { call, reply throws(EngagementAPIError) in
            guard call.endpoint == .last28Hours else { return }
            reply.counts.removeAll { count in
                guard let day = count.day, let hour = count.hour else { return false }
                return left.contains(day.firstHour.advanced(by: Int(hour)))
            }
        }
        return fixture
    }

    @Test(
        "What its answer lacks at either end is asked of historical, and the next time from the start",
        arguments: [
            ["2026-03-30T06:00:00Z"], ["2026-03-31T10:00:00Z"], ["2026-03-30T06:00:00Z", "2026-03-31T10:00:00Z"],
        ]
    )
    func shorter(_ missing: [String]) async throws {
        let fixture = try fixture(without: Set(missing))
        fixture.expectRight(await fixture.load(Self.all))
        let made = fixture.upstream.takeMade().map(\.call)
        #expect(made.first?.endpoint == .last28Hours)
        #expect(made.dropFirst().allSatisfy { $0.endpoint == .historical })
        #expect(made.count >= 2)
        var other = Self.all
        other.tweets = tweets(2)
        fixture.expectRight(await fixture.load(other))
        #expect(fixture.upstream.takeMade().map(\.call.endpoint) == [.historical])
        let inside = series(tweets(3), types(.replies), "2026-03-30T08:00:00Z", "2026-03-31T09:00:00Z")
        fixture.expectRight(await fixture.load(inside))
        #expect(fixture.upstream.takeMade().map(\.call.endpoint) == [.last28Hours])
    }

    @Test("An answer with all hours takes back what a shorter one has taught")
    func longerAgain() async throws {
        let fixture = try fixture(without: ["2026-03-30T06:00:00Z"])
        fixture.expectRight(await fixture.load(Self.all))
        fixture.upstream.spoil(nil)
        let inside = series(tweets(3), types(.replies), "2026-03-30T08:00:00Z", "2026-03-31T09:00:00Z")
        fixture.expectRight(await fixture.load(inside))
        _ = fixture.upstream.takeMade()
        var other = Self.all
        other.tweets = tweets(2)
        fixture.expectRight(await fixture.load(other))
        #expect(fixture.upstream.takeMade().map(\.call.endpoint) == [.last28Hours])
    }

    /// Makes the clock of 28hr wrong by so many hours, and calls beyond the first few fail.
    private func fixture(at now: String, hoursOff: Int) throws -> LoaderFixture {
        let fixture = try LoaderFixture(now: now)
        fixture.upstream.spoil { [upstream = fixture.upstream] call, reply throws(EngagementAPIError) in
            if upstream.made.count > 5 { throw EngagementAPIError(.invalidCall, "the same again") }
            guard call.endpoint == .last28Hours else { return }
            let hours = reply.counts.compactMap { $0.day?.firstHour.advanced(by: Int($0.hour ?? 0)) }
            guard let tweet = call.tweets.first, let type = call.types.types.first, let first = hours.min() else {
                return
            }
            reply.counts = (0..<hours.count).map { place in
                let hour = first.advanced(by: place + hoursOff)
                let count = FakeUpstream.count(tweet, hour)
                return .init(tweet: tweet, type: type, day: hour.day, hour: UInt8(hour.hourOfDay), value: count)
            }
        }
        return fixture
    }

    @Test("If the API's clock is behind, the hour that has begun here is missing, and is not asked for again and again")
    func behind() async throws {
        let fixture = try fixture(at: "2026-03-31T10:00:02Z", hoursOff: -1)
        let loaded = await fixture.load(Self.all)
        #expect(fixture.upstream.made.map(\.call.endpoint) == [.last28Hours])
        #expect(loaded.failures.isEmpty)
        let states = loaded.tables[0].states(0, .replies)
        #expect(states.dropLast().allSatisfy { $0 == .counted } && states.last == .missing)
    }

    @Test("If the API's clock is ahead, the first hour is asked of historical")
    func ahead() async throws {
        let fixture = try fixture(at: "2026-03-31T10:58:30Z", hoursOff: 1)
        fixture.expectRight(await fixture.load(Self.all))
        #expect(fixture.upstream.made.map(\.call.endpoint) == [.last28Hours, .historical])
    }
}
