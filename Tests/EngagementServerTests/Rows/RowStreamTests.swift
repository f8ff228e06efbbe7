import Engagement
import EngagementGraph
import EngagementServer
import Gzip
import JSON
import TestSupport
import Testing

/// Tables that are too large to be made as a whole.
@Suite("Rows that are streamed")
struct RowStreamTests {
    /// 150 Tweets × 672 hours × 2 metrics: more cells than one slice may have.
    private static let count = 150
    private static let ids = (0..<count).map { "\(tweet(hoursOld: 2000, UInt64($0)))" }
    private static let accept: [(name: String, value: String)] = [
        (name: "Content-Type", value: "application/json"), (name: "Accept", value: "text/csv"),
    ]

    private static func body(
        _ ids: some Sequence<String>,
        window: String = "start: \"2026-10-20\", end: \"2026-11-17\""
    ) -> [UInt8] {
        let query = """
            query Hours($ids: [ID!]!) {
              historical(tweetIds: $ids, \(window) groupBy: [TWEET, HOUR]) {
                tweetId start impressions urlClicks
              }
            }
            """
        return TestBed.body(query, .object([.init("ids", .array(ids.map { .string($0) }))]))
    }

    @Test("have the rows of their Tweets one after another, say how many they are, and end")
    func whole() async throws {
        let bed = try TestBed()
        let response = try await bed.send(headers: Self.accept, body: Self.body(Self.ids))
        #expect(response.status == 200)
        #expect(response.isComplete)
        #expect(response.header("Transfer-Encoding") == "chunked")
        #expect(response.header("Cache-Control") == "no-store")
        #expect(response.header("Accept-Ranges") == "none")
        #expect(response.header("EngageQL-Rows") == "\(Self.count * 672)")
        let lines = response.text.split(separator: "\r\n")
        #expect(lines.count == Self.count * 672 + 1)
        #expect(lines.first == "tweetId,start,impressions,urlClicks")
        // A single Tweet is answered as a whole, and its rows are the same.
        for place in [0, 24, 25, 74, 149] {
            let single = try await bed.send(headers: Self.accept, body: Self.body([Self.ids[place]]))
            #expect(single.header("Content-Length") != nil)
            let rows = single.text.split(separator: "\r\n").dropFirst()
            #expect(rows.count == 672)
            #expect(Array(lines.dropFirst(1 + place * 672).prefix(672)) == Array(rows))
        }
    }

    @Test("travel packed to whoever takes them so")
    func packed() async throws {
        let bed = try TestBed()
        let plain = try await bed.send(headers: Self.accept, body: Self.body(Self.ids))
        let gzip = (name: "Accept-Encoding", value: "gzip")
        let packed = try await bed.send(headers: Self.accept + [gzip], body: Self.body(Self.ids))
        #expect(packed.header("Content-Encoding") == "gzip")
        #expect(packed.isComplete)
        #expect(packed.body.count < plain.body.count / 4)
        #expect(try Gzip.decompress(packed.body, limit: plain.body.count) == plain.body)
    }

    @Test("are cut off when upstream fails in their midst, and the log says why")
    func late() async throws {
        let bed = try TestBed()
        _ = try await bed.send(headers: Self.accept, body: Self.body(Self.ids.prefix(25)))
        try await bed.put("faults", .object([.init("faults", .array([.object([.init("fault", .string("503"))])]))]))
        let response = try await bed.send(headers: Self.accept, body: Self.body(Self.ids))
        #expect(response.status == 200)
        #expect(!response.isComplete)
        #expect(response.text.split(separator: "\r\n").count == 25 * 672 + 1)
        #expect(bed.log.text.contains("a table was cut off [\"codes\": UPSTREAM_UNAVAILABLE"))
    }

    @Test("are an error as long as nothing has been sent")
    func early() async throws {
        let bed = try TestBed()
        try await bed.put("faults", .object([.init("faults", .array([.object([.init("fault", .string("503"))])]))]))
        let response = try await bed.send(headers: Self.accept, body: Self.body(Self.ids))
        #expect(response.status == 502)
        #expect(response.text.contains("UPSTREAM_UNAVAILABLE"))
    }

    @Test("may be larger than any response, and not larger than their own limits")
    func limits() async throws {
        let bed = try TestBed { server, _ in
            server.limits.plan.maximumCells = 1000
            server.limits.rowCells = 50 * 672 * 2
        }
        #expect(try await bed.send(headers: Self.accept, body: Self.body(Self.ids.prefix(50))).status == 200)
        let refused = try await bed.send(headers: Self.accept, body: Self.body(Self.ids.prefix(51)))
        #expect(refused.status == 400)
        #expect(refused.text.contains("more than the 67200 that limits.rowCells allows"))
        let json = try await bed.send(body: Self.body(Self.ids.prefix(50)))
        #expect(json.text.contains("more than the 1000 that limits.cells allows"))
    }

    @Test("pages of them are finished tables, which together are the whole as it was when the first was asked for")
    func pages() async throws {
        let bed = try TestBed()
        // Four weeks up to now.
        let body = Self.body(Self.ids.prefix(3), window: "")
        let whole = try await bed.send(headers: Self.accept, body: body)
        var path = "/graphql?limit=1000"
        var lines: [Substring] = []
        for size in [1000, 1000, 16] {
            let page = try await bed.send("POST", path, headers: Self.accept, body: body)
            #expect(page.header("Content-Length") != nil)
            let rows = page.text.split(separator: "\r\n")
            #expect(rows.count == size + 1)
            lines += rows.dropFirst()
            let link = page.header("Link")
            #expect((link == nil) == (size == 16))
            path = link.map { String($0.dropFirst().prefix { $0 != ">" }) } ?? path
            bed.clock.advance(seconds: 3600)
        }
        #expect(lines.map(Self.key) == whole.text.split(separator: "\r\n").dropFirst().map(Self.key))
    }

    /// What a row is of: Tweet and hour. Its numbers may have grown.
    private static func key(_ row: Substring) -> [Substring] { Array(row.split(separator: ",").prefix(2)) }

    @Test("What stands in a URL stands in no log")
    func secrets() async throws {
        let bed = try TestBed()
        for path in [
            "/q/top-tweets.csv?key=s3cr3t&ids=1", "/q/top-tweets.csv?ids=1&limit=1&key=s3cr3t", "/q?s3cr3t",
            "/s3cr3t?s3cr3t",
        ] {
            let response = try await bed.send("GET", path, headers: [(name: "Authorization", value: "Basic s3cr3t")])
            #expect(!response.text.contains("s3cr3t"))
            #expect(!response.headers.contains { $0.value.contains("s3cr3t") })
        }
        #expect(!bed.log.text.contains("s3cr3t"))
    }
}
