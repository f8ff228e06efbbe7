import Engagement
import EngagementServer
import JSON
import TestSupport
import Testing

/// A cache by the letter of RFC 9111 in front of the server, on the server's clock: whatever it is allowed to do, nobody gets a
/// number that is too old.
@Suite("A cache of RFC 9111 in front of us")
struct CacheModelTests {
    /// A Tweet's age in hours, and how many seconds its totals are fresh.
    private static let lives: [(hours: Int64, seconds: Int64)] = [(2, 120), (12, 300), (48, 1800)]

    @Test(
        "no number is served beyond its life, or twice its life while it is refreshed",
        arguments: 1...6,
        [true, false]
    )
    func ages(seed: Int, isShared: Bool) async throws {
        let bed = try TestBed.refreshing()
        var random = SeededGenerator(seed: UInt64(seed))
        var cache = ModelCache(isShared: isShared)
        let metric = isShared ? "favorites" : "impressions"
        let ids = Self.lives.map { "\"\(tweet(hoursOld: $0.hours))\"" }.joined(separator: ", ")
        let query = "{ totals(tweetIds: [\(ids)]) { asOf \(metric) } }"
        for _ in 1...60 {
            bed.clock.advance(seconds: Int64.random(in: 0...150, using: &random))
            let now = UnixTime(milliseconds: bed.clock.milliseconds)
            let (response, isFresh) = try await cache.response(at: now.seconds) { tag in
                try await bed.get(query, headers: tag.map { [(name: "If-None-Match", value: $0)] } ?? [])
            }
            let rows = try #require(response.json?["data"]?["totals"]?.array)
            for (row, life) in zip(rows, Self.lives) {
                let asOf = try #require(row["asOf"]?.string.flatMap(UnixTime.init(iso8601:)))
                #expect(now.seconds - asOf.seconds < (isFresh ? 1 : 2) * life.seconds)
            }
        }
        #expect(cache.reuses > 10)
        #expect(cache.revalidations + cache.reuses < 60)
    }

    @Test("a shared cache gets nothing to keep of private numbers")
    func privacy() async throws {
        let bed = try TestBed.refreshing()
        var cache = ModelCache(isShared: true)
        for _ in 1...5 {
            _ = try await cache.response(at: 0) { _ in
                try await bed.get("{ totals(tweetIds: [\"\(tweet(hoursOld: 48))\"]) { impressions } }")
            }
        }
        #expect(cache.reuses == 0)
    }
}

/// RFC 9111 §3, §4.2 and §4.3, and RFC 5861 §3, for one URL.
private struct ModelCache {
    let isShared: Bool
    private(set) var reuses = 0
    private(set) var revalidations = 0
    private var stored: (response: RawClient.Response, control: [String: Int], at: Int64)?

    init(isShared: Bool) {
        self.isShared = isShared
    }

    /// What the cache hands out at a time, and whether it takes it for fresh.
    mutating func response(
        at now: Int64,
        fetch: (String?) async throws -> RawClient.Response
    ) async throws -> (RawClient.Response, isFresh: Bool) {
        if let stored, stored.control["no-cache"] == nil {
            let excess = now - stored.at - Int64(stored.control["max-age"] ?? 0)
            if excess < 0 {
                reuses += 1
                return (stored.response, true)
            }
            if excess < stored.control["stale-while-revalidate"] ?? 0 {
                reuses += 1
                defer { self.stored = nil }
                return (stored.response, false)
            }
        }
        var response = try await fetch(stored?.response.tag)
        let control = ModelCache.directives(response.cacheControl ?? "")
        if response.status == 304, let stored {
            revalidations += 1
            response = stored.response
        }
        let isKept = control["no-store"] == nil && !(isShared && control["private"] != nil)
        stored = isKept ? (response, control, now) : nil
        return (response, control["max-age"] != nil)
    }

    private static func directives(_ header: String) -> [String: Int] {
        header.split(separator: ", ").reduce(into: [:]) { directives, directive in
            let parts = directive.split(separator: "=")
            directives[String(parts[0])] = parts.count > 1 ? Int(parts[1]) : 0
        }
    }
}
