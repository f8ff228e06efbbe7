import Engagement
import EngagementServer
import JSON
import TestSupport
import Testing

/// Who has a response already is not sent it again.
@Suite("ETag and If-None-Match")
struct EntityTagTests {
    private static let id = tweet(hoursOld: 2)
    private static let paths = [
        "/graphql?query=%7Btotals(tweetIds:%22\(id)%22)%7Bfavorites%20asOf%7D%7D", "/q/top-tweets?ids=\(id)",
        "/q/top-tweets.csv?ids=\(id)",
    ]

    @Test("the same response is 304, computed or remembered, by GET and by HEAD", arguments: paths)
    func notModified(_ path: String) async throws {
        let bed = try TestBed.refreshing()
        let first = try await bed.send("GET", path, headers: [])
        let tag = try #require(first.tag)
        #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
        // The third request and those after it are answered by the memory of responses.
        for round in 1...4 {
            for condition in [tag, "W/" + tag, "\"other\", \(tag)", "*"] {
                let headers = [(name: "If-None-Match", value: condition)]
                let response = try await bed.send(round == 2 ? "HEAD" : "GET", path, headers: headers)
                #expect(response.status == 304)
                #expect(response.body.isEmpty)
                // Of what is not sent: RFC 9110 §8.6.
                #expect(response.header("Content-Length") == first.header("Content-Length"))
                #expect(response.tag == tag)
                #expect(response.cacheControl == first.cacheControl)
                #expect(response.header("Vary") == first.header("Vary"))
            }
            let other = try await bed.send("GET", path, headers: [(name: "If-None-Match", value: "\"other\"")])
            #expect(other.status == 200)
            #expect(other.tag == tag)
            #expect(other.body == first.body)
        }
        #expect(bed.callCount() == 1)
    }

    @Test(
        "a stale answer has no tag and is sent in full: a 304 would renew it in caches that overlook no-cache",
        arguments: paths
    )
    func stale(_ path: String) async throws {
        let bed = try TestBed.refreshing()
        let tag = try #require(try await bed.send("GET", path, headers: []).tag)
        bed.clock.advance(seconds: 150)
        let response = try await bed.send("GET", path, headers: [(name: "If-None-Match", value: tag)])
        #expect(response.status == 200)
        #expect(response.cacheControl == "public, no-cache")
        #expect(response.tag == nil)
    }

    @Test("numbers that were fetched again have a new tag if they changed, or if it shows when they were fetched")
    func change() async throws {
        let bed = try TestBed.refreshing()
        let old = tweet(hoursOld: 9000)
        let plain = "{ totals(tweetIds: [\"\(old)\"]) { favorites } }"
        let timed = "{ totals(tweetIds: [\"\(old)\"]) { favorites at: asOf } }"
        let young = "{ totals(tweetIds: [\"\(Self.id)\"]) { favorites } }"
        func ask(_ query: String) async throws -> (body: [UInt8], tag: String?) {
            let response = try await bed.get(query)
            return (response.body, response.tag)
        }
        let before = (try await ask(plain), try await ask(timed), try await ask(young))
        bed.clock.advance(seconds: 3 * 86_400)
        let after = (try await ask(plain), try await ask(timed), try await ask(young))
        #expect((before.0.tag == after.0.tag) == (before.0.body == after.0.body))
        #expect(before.0.body == after.0.body)
        #expect(before.1.tag != after.1.tag)
        #expect(before.2.body != after.2.body)
        #expect(before.2.tag != after.2.tag)
    }

    @Test("the same tag for the same bytes after a restart, another one for another form")
    func restart() async throws {
        let bed = try TestBed.refreshing()
        let before = try await bed.send("GET", Self.paths[1], headers: [])
        try await bed.restart()
        let after = try await bed.send("GET", Self.paths[1], headers: [])
        #expect(after.tag == before.tag)
        let csv = try await bed.send("GET", Self.paths[1], headers: [(name: "Accept", value: "text/csv")])
        #expect(csv.tag != nil && csv.tag != before.tag)
        let graphql = "/graphql?query=%7Btotals(tweetIds:%22\(Self.id)%22)%7Bfavorites%7D%7D"
        let json = try await bed.send("GET", graphql, headers: [(name: "Accept", value: Probe.json)])
        let other = try await bed.send("GET", graphql, headers: [(name: "Accept", value: Probe.graphqlResponse)])
        #expect(json.tag != nil && other.tag != nil && json.tag != other.tag)
    }

    @Test("after a 304 the connection is good for the next request, also after a restart")
    func keepAlive() async throws {
        let bed = try TestBed.refreshing()
        let tag = try #require(try await bed.send("GET", Self.paths[1], headers: []).tag)
        for _ in 1...2 {
            let port = bed.server.port
            let statuses = try await onThread {
                let client = try RawClient(port: port)
                return try ["If-None-Match: \(tag)\r\n", "", "If-None-Match: \(tag)\r\n"].map { condition in
                    try client.request("GET \(Self.paths[1]) HTTP/1.1\r\nHost: test\r\n\(condition)\r\n").status
                }
            }
            #expect(statuses == [304, 200, 304])
            try await bed.restart()
        }
    }

    @Test("POST overlooks If-None-Match")
    func post() async throws {
        let headers = TestBed.json + [(name: "If-None-Match", value: "*")]
        let bed = try TestBed()
        let response = try await bed.send(headers: headers, body: TestBed.body("{ __typename }", nil))
        #expect(response.status == 200)
    }
}
