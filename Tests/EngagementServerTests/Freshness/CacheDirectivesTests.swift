import Engagement
import Testing

@testable import EngagementServer

@Suite("Cache-Control of requests")
struct CacheDirectivesTests {
    private typealias Demand = FreshnessDemand

    /// A header, what it demands of us, and what is left of that for those whose directives may cost nothing.
    static let headers: [(header: String, demand: FreshnessDemand, saving: FreshnessDemand)] = [
        ("", .usual, .usual),
        ("no-store, no-transform, x=1", .usual, .usual),
        ("no-cache", .init(maxAge: 0, staleness: .onError), .usual),
        ("No-Cache=\"field, max-age=9\"", .init(maxAge: 0, staleness: .onError), .usual),
        ("max-age=60", .init(maxAge: 60, staleness: .onError), .usual),
        ("max-age=\"60\"", .init(maxAge: 60, staleness: .onError), .usual),
        (" MAX-AGE = 60 ,, max-age=30", .init(maxAge: 30, staleness: .onError), .usual),
        ("max-age=60, no-cache", .init(maxAge: 0, staleness: .onError), .usual),
        ("max-age=99999999999999999999", .init(maxAge: 1 << 31, staleness: .onError), .usual),
        ("max-age=-1", .usual, .usual), ("max-age=1.5", .usual, .usual), ("max-age", .usual, .usual),
        ("max-age=", .usual, .usual), ("max-age=0x10", .usual, .usual),
        ("min-fresh=20, min-fresh=30", .init(minFresh: 30, staleness: .onError), .usual),
        ("max-stale", .init(staleness: .accepted(seconds: nil)), .init(staleness: .accepted(seconds: nil))),
        ("max-stale=60", .init(staleness: .accepted(seconds: 60)), .init(staleness: .accepted(seconds: 60))),
        ("max-stale, max-stale=9", .init(staleness: .accepted(seconds: 9)), .init(staleness: .accepted(seconds: 9))),
        ("max-stale=x", .usual, .usual),
        (
            "max-age=5,max-stale=60", .init(maxAge: 5, staleness: .accepted(seconds: 60)),
            .init(staleness: .accepted(seconds: 60))
        ),
        ("only-if-cached", .init(onlyIfCached: true), .init(onlyIfCached: true)),
        (
            "only-if-cached, max-age=5", .init(maxAge: 5, staleness: .onError, onlyIfCached: true),
            .init(onlyIfCached: true)
        ),
    ]

    @Test("RFC 9111 §5.2.1", arguments: headers)
    func demand(_ header: String, _ demand: FreshnessDemand, _ saving: FreshnessDemand) {
        #expect(CacheDirectives(header).demand(mayCost: true) == demand)
        #expect(CacheDirectives(header).demand(mayCost: false) == saving)
    }
}
