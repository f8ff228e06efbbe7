import Engagement
import EngagementSandbox
import EngagementServer
import JSON
import TestSupport
import Testing

/// Directives against ages: what is served, and how many calls it costs. The number is that of a Tweet two hours old, which
/// is fresh for 120 seconds, and for 120 more it is served while it is refreshed.
@Suite("Freshness demanded by requests")
struct RequestDirectiveTests {
    private static let id = tweet(hoursOld: 2)
    private static let path = "/graphql?query=%7Btotals(tweetIds:%22\(id)%22)%7Bfavorites%20asOf%7D%7D"

    struct Case: Sendable {
        let control: String
        /// Of the number when it is asked for with these directives.
        let age: Int64
        let served: Served
        var status: String?

        enum Served: Sendable {
            /// The number that was there, without a call.
            case old
            /// The number that was there, while it is refreshed: in time for the test or not.
            case oldAndRefreshed
            /// Another one, for a call.
            case new
            /// 504, without a call.
            case none
        }
    }

    static let cases: [Case] = [
        Case(control: "", age: 60, served: .old),
        Case(control: "", age: 150, served: .oldAndRefreshed, status: "EngageQL; hit; ttl=-30"),
        Case(control: "", age: 1000, served: .new, status: "EngageQL; fwd=stale; stored; ttl=120"),
        Case(control: "no-cache", age: 60, served: .new, status: "EngageQL; fwd=request; stored; ttl=120"),
        Case(control: "max-age=0", age: 60, served: .new),
        Case(control: "max-age=60", age: 60, served: .old),
        Case(control: "max-age=59", age: 60, served: .new),
        Case(control: "max-age=200", age: 119, served: .old),
        // Who names an age wants nothing stale, unless he says so.
        Case(control: "max-age=200", age: 150, served: .new),
        Case(control: "max-age=60, max-stale=30", age: 90, served: .oldAndRefreshed),
        Case(control: "max-age=60, max-stale=29", age: 90, served: .new),
        Case(control: "min-fresh=60", age: 60, served: .old),
        Case(control: "min-fresh=61", age: 60, served: .new),
        Case(control: "max-stale", age: 1000, served: .oldAndRefreshed, status: "EngageQL; hit; ttl=-880"),
        Case(control: "max-stale=880", age: 1000, served: .oldAndRefreshed),
        Case(control: "max-stale=879", age: 1000, served: .new),
        Case(control: "only-if-cached", age: 60, served: .old),
        Case(control: "only-if-cached", age: 150, served: .old, status: "EngageQL; hit; ttl=-30"),
        Case(control: "only-if-cached", age: 1000, served: .none, status: "EngageQL; detail=NOT_CACHED"),
        Case(control: "only-if-cached, max-stale", age: 1000, served: .old),
        Case(control: "only-if-cached, max-age=59", age: 60, served: .none),
        Case(control: "only-if-cached, no-cache", age: 60, served: .none),
    ]

    /// Once with the number in the cache only, once with the whole response in memory too.
    @Test("directives against ages", arguments: cases, [1, 3])
    func directives(_ one: Case, rounds: Int) async throws {
        let bed = try TestBed.refreshing()
        for _ in 1...rounds { _ = try await bed.send("GET", Self.path, headers: []) }
        #expect(bed.callCount() == 1)
        bed.clock.advance(seconds: one.age)
        let response = try await bed.send("GET", Self.path, headers: [(name: "Cache-Control", value: one.control)])
        let calls = bed.callCount()
        let served = response.json?["data"]?["totals"]?[0]
        let now = UnixTime(milliseconds: bed.clock.milliseconds)
        let asOf = one.served == .new ? now : TestBed.start
        switch one.served {
        case .old: #expect(calls == 0)
        case .oldAndRefreshed: #expect(calls <= 1)
        case .new: #expect(calls == 1)
        case .none:
            #expect(calls == 0)
            #expect(response.status == 504)
            #expect(response.code == "NOT_CACHED")
            #expect(response.cacheControl == "no-store")
        }
        if one.served != .none {
            #expect(response.status == 200)
            let count = bed.sandbox.metrics.total(tweet: Self.id, type: .favorites, asOf: asOf)
            #expect(served?["favorites"]?.integer == count)
            #expect(served?["asOf"]?.string == asOf.iso8601)
        }
        if let status = one.status { #expect(response.cacheStatus == status) }
    }

    @Test("Pragma counts where there is no Cache-Control")
    func pragma() async throws {
        let bed = try TestBed.refreshing()
        let pragma = (name: "Pragma", value: "no-cache")
        for (headers, calls) in [([pragma], 1), ([pragma, (name: "Cache-Control", value: "max-age=60")], 0)] {
            _ = try await bed.send("GET", Self.path, headers: [])
            bed.clock.advance(seconds: 20)
            _ = bed.callCount()
            _ = try await bed.send("GET", Self.path, headers: headers)
            #expect(bed.callCount() == calls)
        }
    }

    /// Who is obeyed, who asks, and how many calls `no-cache` costs.
    static let settings: [(setting: RequestObedience, agent: String, calls: Int)] = [
        (.tools, "curl/8.0", 1), (.tools, "Mozilla/5.0 (X11; Linux x86_64)", 0),
        (.everyone, "Mozilla/5.0 (X11; Linux x86_64)", 1), (.nobody, "curl/8.0", 0),
    ]

    @Test("cache.obeyRequests: a browser that loads a page again costs nothing", arguments: settings)
    func obedience(_ setting: RequestObedience, _ agent: String, _ calls: Int) async throws {
        let bed = try TestBed { server, _ in server.obeyRequests = setting }
        let agent = (name: "User-Agent", value: agent)
        for _ in 1...3 { _ = try await bed.send("GET", Self.path, headers: [agent]) }
        bed.clock.advance(seconds: 20)
        _ = bed.callCount()
        let headers = [agent, (name: "Cache-Control", value: "no-cache")]
        _ = try await bed.send("GET", Self.path, headers: headers)
        #expect(bed.callCount() == calls)
        // What saves calls is everybody's.
        bed.clock.advance(seconds: 1000)
        let spared = [agent, (name: "Cache-Control", value: "only-if-cached")]
        #expect(try await bed.send("GET", Self.path, headers: spared).status == 504)
        #expect(bed.callCount() == 0)
    }

    @Test("no-cache by POST and for a file; only-if-cached by POST is data and an error")
    func otherRoutes() async throws {
        let bed = try TestBed.refreshing()
        let csv = "/q/top-tweets.csv?ids=\(Self.id)"
        let body = TestBed.body("{ totals(tweetIds: [\"\(Self.id)\"]) { replies } }", nil)
        let fresh = (name: "Cache-Control", value: "no-cache")
        let cached = (name: "Cache-Control", value: "only-if-cached")
        #expect(try await bed.send("GET", csv, headers: [cached]).status == 504)
        #expect(try await bed.send("GET", csv, headers: []).status == 200)
        bed.clock.advance(seconds: 10)
        _ = bed.callCount()
        #expect(try await bed.send("GET", csv, headers: [fresh]).header("EngageQL-As-Of") == "2026-11-20T12:30:10Z")
        #expect(bed.callCount() == 1)
        bed.clock.advance(seconds: 10)
        _ = try await bed.send(headers: TestBed.json + [fresh], body: body)
        #expect(bed.callCount() == 1)
        bed.clock.advance(seconds: 5000)
        let response = try await bed.send(headers: TestBed.json + [cached], body: body)
        #expect(response.status == 200)
        #expect(response.code == "NOT_CACHED")
        #expect(bed.callCount() == 0)
    }

    @Test("sealed hours are never fetched again")
    func sealed() async throws {
        let bed = try TestBed()
        let query = """
            { historical(tweetIds: ["\(tweet(hoursOld: 480))"], start: "2026-11-02", end: "2026-11-05", groupBy: [HOUR]) \
            { favorites } }
            """
        _ = try await bed.get(query)
        #expect(bed.callCount() == 1)
        bed.clock.advance(seconds: 1_000_000)
        let response = try await bed.get(query, headers: [(name: "Cache-Control", value: "no-cache")])
        #expect(bed.callCount() == 0)
        #expect(response.cacheStatus?.hasPrefix("EngageQL; hit; ttl=3600") == true)
    }

    @Test("many who want it new share one call")
    func sharing() async throws {
        let bed = try TestBed { _, sandbox in sandbox.latencyMilliseconds = 30 }
        _ = try await bed.send("GET", Self.path, headers: [])
        bed.clock.advance(seconds: 60)
        _ = bed.callCount()
        let port = bed.server.port
        try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 1...12 {
                group.addTask {
                    let headers = [(name: "Cache-Control", value: "no-cache")]
                    return try await TestBed.send("GET", Self.path, port: port, headers: headers)
                        .header("EngageQL-As-Of")
                }
            }
            for try await asOf in group { #expect(asOf == "2026-11-20T12:31:00Z") }
        }
        #expect(bed.callCount() == 1)
    }

    @Test("without quota no-cache gets the old number, and is told so")
    func withoutQuota() async throws {
        let bed = try TestBed.refreshing()
        try await bed.put("quota", .object([.init("perMinute", .integer(1))]))
        _ = try await bed.send("GET", Self.path, headers: [])
        bed.clock.advance(seconds: 20)
        let response = try await bed.send("GET", Self.path, headers: [(name: "Cache-Control", value: "no-cache")])
        #expect(response.status == 200)
        #expect(response.json?["data"]?["totals"]?[0]?["asOf"]?.string == "2026-11-20T12:30:00Z")
        #expect(response.json?["extensions"]?["warnings"]?[0]?["code"]?.string == "STALE")
        #expect(response.cacheControl == "no-store")
        #expect(response.cacheStatus?.hasSuffix("detail=UPSTREAM_RATE_LIMITED") == true)
    }
}
