import Engagement
import EngagementSandbox
import JSON
import TestSupport
import Testing

/// What responses say to caches: never more than the numbers in them allow.
@Suite("Cache-Control and Cache-Status of responses")
struct ResponseHeaderTests {
    private static let totals = "{ totals(tweetIds: [\"\(tweet(hoursOld: 2))\"]) { favorites } }"

    @Test("max-age is what is left of the life of the first number to go stale")
    func life() async throws {
        let bed = try TestBed.refreshing()
        let both = "\"\(tweet(hoursOld: 2))\", \"\(tweet(hoursOld: 48))\""
        let query = "{ totals(tweetIds: [\(both)]) { favorites } }"
        // (seconds to wait first, Cache-Control, Cache-Status)
        let steps: [(Int64, String, String)] = [
            (0, "public, max-age=120, stale-while-revalidate=120", "EngageQL; fwd=miss; stored; ttl=120"),
            (0, "public, max-age=120, stale-while-revalidate=120", "EngageQL; hit; ttl=120"),
            (50, "public, max-age=70, stale-while-revalidate=120", "EngageQL; hit; ttl=70; detail=remembered"),
            (69, "public, max-age=1, stale-while-revalidate=120", "EngageQL; hit; ttl=1; detail=remembered"),
            (31, "public, no-cache", "EngageQL; hit; ttl=-30"),
        ]
        for (wait, control, status) in steps {
            bed.clock.advance(seconds: wait)
            let response = try await bed.get(query)
            #expect(response.cacheControl == control)
            #expect(response.cacheStatus == status)
            #expect(response.header("Age") == nil)
            #expect(response.header("EngageQL-As-Of") == "2026-11-20T12:30:00Z")
            #expect(response.header("Vary") == "Accept")
        }
    }

    @Test("fractions of a second are rounded down")
    func fractions() async throws {
        let bed = try TestBed.refreshing(at: UnixTime(milliseconds: TestBed.start.milliseconds + 1))
        #expect(try await bed.get(Self.totals).cacheControl == "public, max-age=119, stale-while-revalidate=120")
    }

    /// A field, the header of the request that is authenticated, and who may keep the answer.
    static let scopes: [(field: String, authorization: String?, scope: String)] = [
        ("totals(tweetIds: $ids) { favorites }", nil, "public"),
        ("totals(tweetIds: $ids) { favorites }", "Bearer abc", "private"),
        ("totals(tweetIds: $ids) { favorites impressions }", nil, "private"),
        ("totals(tweetIds: $ids) { favorites engagementRate }", nil, "private"),
        ("last28Hours(tweetIds: $ids) { favorites }", nil, "private"),
        ("historical(tweetIds: $ids, start: \"2026-11-19\", end: \"2026-11-20\") { favorites }", nil, "private"),
    ]

    @Test("private numbers are never public, nor is what was said to one person", arguments: scopes)
    func scope(_ field: String, _ authorization: String?, _ scope: String) async throws {
        let bed = try TestBed.refreshing()
        let headers = authorization.map { [(name: "Authorization", value: $0)] } ?? []
        let query = "{ \(field) }".replacing("$ids", with: "[\"\(tweet(hoursOld: 48))\"]")
        for _ in 1...3 {
            let response = try await bed.get(query, headers: headers)
            #expect(response.cacheControl?.hasPrefix(scope + ", max-age=") == true)
        }
        // Who is asked of the memory afterwards has a header of his own.
        let other = try await bed.get(query, headers: [(name: "Authorization", value: "Basic eA==")])
        #expect(other.cacheControl?.hasPrefix("private, max-age=") == true)
    }

    @Test("a window that moves with the clock holds to the end of the hour, one that lies behind holds longer")
    func windows() async throws {
        let bed = try TestBed.refreshing(at: UnixTime(seconds: TestBed.start.seconds + 1800 - 20))
        let id = tweet(hoursOld: 20 * 24)
        let moving = try await bed.get("{ last28Hours(tweetIds: [\"\(id)\"]) { favorites } }")
        #expect(moving.cacheControl == "private, max-age=20, stale-while-revalidate=300")
        let query = "{ historical(tweetIds: [\"\(id)\"], start: \"2026-11-01\", end: \"2026-11-08\") { favorites } }"
        #expect(try await bed.get(query).cacheControl == "private, max-age=3600, stale-while-revalidate=3600")
    }

    @Test("an absence that is for good is kept as long as we keep it")
    func absence() async throws {
        let response = try await TestBed.refreshing().get("{ totals(tweetIds: [\"20\"]) { favorites } }")
        #expect(response.code == "TWEET_UNAVAILABLE")
        #expect(response.cacheControl == "public, max-age=3600, stale-while-revalidate=3600")
    }

    /// Requests whose answers may be others in a moment.
    static let refusals: [Probe] = [
        .get([(name: "query", value: "{ nothing }")]), .get([(name: "query", value: "{")]), .get([]),
        .get([(name: "query", value: "mutation { a }")]),
        .get([(name: "query", value: "{ totals(tweetIds: [], first: -1) { favorites } }")]),
        .get([(name: "query", value: "{ __typename }")], accept: "text/html"),
        .get([(name: "query", value: totals), (name: "extensions", value: "{\"cost\":true}")]),
        .get([(name: "query", value: totals), (name: "extensions", value: "{\"explain\":true}")]),
        Probe(method: "GET", path: "/q/nothing"), Probe(method: "GET", path: "/q/top-tweets?by=FAVORITES"),
        Probe(method: "GET", path: "/q/top-tweets.csv?ids=x&first=y"), Probe(method: "PUT", path: "/graphql"),
        .post("{}"), .get([(name: "query", value: totals)], headers: [(name: "Origin", value: "https://other.test")]),
    ]

    @Test("refusals and reports of one request are not kept", arguments: refusals.indices)
    func refusal(_ index: Int) async throws {
        let response = try await TestBed().send(Self.refusals[index])
        #expect(response.headers.filter { $0.name == "Cache-Control" }.map(\.value) == ["no-store"])
        #expect(response.tag == nil)
    }

    @Test(
        "numbers that upstream failed to give are not kept, nor old ones in their place",
        arguments: ["/graphql?query=" + "%7BtotalsX%7D", "/q/top-tweets.csv?ids="]
    )
    func failure(_ path: String) async throws {
        let bed = try TestBed.refreshing()
        let id = tweet(hoursOld: 2)
        let query = "%7Btotals(tweetIds:%22\(id)%22)%7Bfavorites%7D%7D"
        let url = path.hasSuffix("ids=") ? path + "\(id)" : path.replacing("%7BtotalsX%7D", with: query)
        let fails = JSONValue.array([.object([.init("fault", .string("500"))])])
        let faults = JSONValue.object([.init("faults", fails)])
        try await bed.put("faults", faults)
        let missing = try await bed.send("GET", url)
        #expect(missing.headers.filter { $0.name == "Cache-Control" }.map(\.value) == ["no-store"])
        #expect(missing.cacheStatus == "EngageQL; fwd=miss; detail=UPSTREAM_UNAVAILABLE")
        try await bed.put("faults", .object([.init("faults", .array([]))]))
        #expect(try await bed.send("GET", url).cacheControl?.hasPrefix("public, max-age=120") == true)
        bed.clock.advance(seconds: 1000)
        try await bed.put("faults", faults)
        let old = try await bed.send("GET", url)
        #expect(old.status == 200)
        #expect(old.cacheControl == "no-store")
        #expect(old.cacheStatus == "EngageQL; fwd=stale; detail=UPSTREAM_UNAVAILABLE")
        #expect(old.tag == nil)
    }

    @Test("a saved query varies by Accept only if its URL leaves the form open")
    func variants() async throws {
        let bed = try TestBed()
        let id = tweet(hoursOld: 2)
        #expect(try await bed.send("GET", "/q/top-tweets?ids=\(id)").header("Vary") == "Accept")
        #expect(try await bed.send("GET", "/q/top-tweets.csv?ids=\(id)").header("Vary") == "Accept-Encoding")
        #expect(try await bed.send("GET", "/q/top-tweets.json?ids=\(id)").header("Vary") == "Accept-Encoding")
    }

    @Test("POST says how fresh its numbers are as well, and has no tag")
    func post() async throws {
        let bed = try TestBed.refreshing()
        let response = try await bed.send(body: TestBed.body(Self.totals, nil))
        #expect(response.cacheControl == "public, max-age=120, stale-while-revalidate=120")
        #expect(response.cacheStatus == "EngageQL; fwd=miss; stored; ttl=120")
        #expect(response.tag == nil)
    }
}
