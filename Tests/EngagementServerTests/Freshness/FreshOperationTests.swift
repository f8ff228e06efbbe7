import Engagement
import EngagementSandbox
import EngagementServer
import JSON
import TestSupport
import Testing

/// `@fresh` and `extensions.cache` from the request to the answer. Numbers of a Tweet two hours old are fresh for 120 seconds.
@Suite("Freshness demanded by documents")
struct FreshOperationTests {
    private static let id = tweet(hoursOld: 2)

    /// What stands at one of two fields that show the same number; its age; whether each field shows the old number.
    static let cases: [(directive: String, age: Int64, isOld: [Bool], calls: Int)] = [
        ("", 60, [true, true], 0), ("@fresh(maxAge: 60)", 60, [true, true], 0),
        ("@fresh(maxAge: 59)", 60, [false, false], 1), ("@fresh(staleOk: true)", 60, [true, true], 0),
        ("@fresh(maxAge: 0, staleOk: true)", 0, [true, true], 0),
        ("@fresh(staleOk: false)", 119, [true, true], 0), ("@fresh(staleOk: false)", 120, [false, false], 1),
    ]

    @Test("a field's demand costs a call if the number is older", arguments: cases)
    func field(_ directive: String, _ age: Int64, _ isOld: [Bool], _ calls: Int) async throws {
        let bed = try TestBed.refreshing()
        let fields = "totals(tweetIds: [\"\(Self.id)\"])"
        _ = try await bed.ask("{ \(fields) { favorites } }")
        bed.clock.advance(seconds: age)
        _ = bed.callCount()
        let answer = try await bed.ask("{ a: \(fields) \(directive) { asOf favorites } }")
        #expect((answer["data"]?["a"]?[0]?["asOf"]?.string == TestBed.start.iso8601) == isOld[0])
        #expect(bed.callCount() == calls)
    }

    @Test("caches may keep an answer only as long as its document allows")
    func headers() async throws {
        let bed = try TestBed.refreshing()
        func ask(_ directive: String) async throws -> String? {
            let query = "query \(directive) { totals(tweetIds: [\"\(tweet(hoursOld: 48))\"]) { favorites } }"
            for _ in 1...2 { _ = try await bed.get(query) }
            return try await bed.get(query).cacheControl
        }
        #expect(try await ask("") == "public, max-age=1800, stale-while-revalidate=1800")
        #expect(try await ask("@fresh(maxAge: 60)") == "public, max-age=60, stale-while-revalidate=0")
        bed.clock.advance(seconds: 20)
        #expect(try await ask("@fresh(maxAge: 60)") == "public, max-age=40, stale-while-revalidate=0")
        #expect(
            try await ask("@fresh(staleOk: false)")
                == "public, max-age=1780, stale-while-revalidate=0, must-revalidate"
        )
        // What one request demands is not what its answer may be used for.
        let query = "{ totals(tweetIds: [\"\(tweet(hoursOld: 48))\"]) { favorites } }"
        let demanding = try await bed.get(query, headers: [(name: "Cache-Control", value: "max-age=25")])
        #expect(demanding.cacheControl == "public, max-age=1780, stale-while-revalidate=1800")
    }

    @Test("without upstream, staleOk: false gets null, and maxAge alone the old number")
    func failure() async throws {
        let bed = try TestBed.refreshing()
        let fields = "totals(tweetIds: [\"\(Self.id)\"])"
        _ = try await bed.ask("{ \(fields) { favorites } }")
        bed.clock.advance(seconds: 60)
        try await bed.put("faults", .object([.init("faults", .array([.object([.init("fault", .string("500"))])]))]))
        let answer = try await bed.ask(
            "{ a: \(fields) @fresh(maxAge: 5, staleOk: false) { favorites } b: \(fields) @fresh(maxAge: 5) { favorites } }"
        )
        #expect(answer["data"]?["a"]?[0]?["favorites"] == .null)
        #expect(answer["data"]?["b"]?[0]?["favorites"]?.integer != nil)
        #expect(answer["errors"]?[0]?["path"]?[0]?.string == "a")
        #expect(answer["extensions"]?["warnings"]?[0]?["code"]?.string == "STALE")
    }

    @Test("extensions.cache tells of each field what was there and how long it holds")
    func report() async throws {
        let bed = try TestBed.refreshing()
        let (young, old) = (tweet(hoursOld: 2), tweet(hoursOld: 48))
        _ = try await bed.ask("{ tweet(id: \"\(young)\") { totals { favorites } } }")
        bed.clock.advance(seconds: 20)
        let query = """
            { a: totals(tweetIds: ["\(young)", "\(old)"]) { favorites } tweets(ids: ["\(young)"]) { t: totals { favorites } } \
            historical(tweetIds: ["\(tweet(hoursOld: 480))"], start: "2026-11-02", end: "2026-11-03") { favorites } }
            """
        let request = JSONValue.object([
            .init("query", .string(query)), .init("extensions", .object([.init("cache", .boolean(true))])),
        ])
        let response = try await bed.send(body: Array(request.text.utf8))
        #expect(response.cacheControl == "no-store")
        let expected = """
            [{"path":["a"],"cells":{"fresh":1,"stale":0,"expired":0,"missing":1},"asOf":"2026-11-20T12:30:00Z",\
            "freshUntil":"2026-11-20T12:32:00Z","ttl":100},\
            {"path":["tweets","t"],"cells":{"fresh":1,"stale":0,"expired":0,"missing":0},"asOf":"2026-11-20T12:30:00Z",\
            "freshUntil":"2026-11-20T12:32:00Z","ttl":100},\
            {"path":["historical"],"cells":{"fresh":0,"stale":0,"expired":0,"missing":1},"asOf":"2026-11-20T12:30:20Z",\
            "freshUntil":null,"ttl":null}]
            """
        #expect(response.json?["extensions"]?["cache"]?.text == expected)
    }
}
