import Digests
import Engagement
import EngagementServer
import JSON
import TestSupport
import Testing

/// Keys go in and never come out, but for the links that lead on from a URL with one.
@Suite("No log and no answer shows a key")
struct KeySecrecyTests {
    private static func base64(_ text: String) -> String { Base64.encode(Array(text.utf8)) }

    /// Keys as they are, as they stand in Basic, and parts of them that would be as good as the whole.
    private static let secrets = TestKey.all.flatMap { key in
        [key, String(key.dropFirst(4)), String(key.dropLast(8)), base64("user:\(key)"), base64("\(key):")]
    }

    private static let paths = [
        "/", "/graphql?query=%7B__typename%7D", "/graphql?query=%7B",
        "/graphql?query=%7Btotals(list:%22x%22)%7Bcount%7D%7D",
        "/graphql", "/q", "/q/top-tweets", "/q/top-tweets?ids=12", "/q/top-tweets.csv?ids=12",
        "/q/top-tweets.csv?ids=x&no=1",
        "/q/top-tweets.csv?limit=none&ids=12", "/q/none", "/openapi.json", "/schema.graphql", "/metrics",
        "/health/live",
        "/odata", "/odata/", "/odata/$metadata", "/odata/Lists", "/odata/common_Totals?$select=favorites",
        "/odata/common_Totals?$filter=nonsense", "/odata/none", "/odata/$batch", "/insights/engagement/totals",
        "/nothing",
    ]

    @Test("whatever is asked, however the key is shown, good or bad, at the most talkative level")
    func everywhere() async throws {
        let bed = try KeyedBed.make { $0.origins = ["https://page.example"] }
        for key in [TestKey.globex, TestKey.acme, TestKey.expired, TestKey.unknown, TestKey.limited] {
            var cut = key
            cut.removeLast(3)
            for path in Self.paths {
                let mark = path.contains("?") ? "&" : "?"
                let headers = [
                    ("Authorization", "Bearer \(key)"), ("Authorization", "Basic \(Self.base64("user:\(key)"))"),
                    ("Authorization", "Basic \(Self.base64("\(key):"))"), ("Authorization", key),
                    ("Authorization", "Digest \(key)"), ("Authorization", "Basic \(key)"),
                    ("Authorization", "Bearer \(cut)"),
                ]
                var probes = headers.map { Probe(method: "GET", path: path, headers: [(name: $0.0, value: $0.1)]) }
                for name in ["key", "%6bey", "KEY", "api_key"] {
                    probes.append(Probe(method: "GET", path: "\(path)\(mark)\(name)=\(key)", headers: []))
                }
                probes.append(Probe(method: "GET", path: "\(path)\(mark)key=\(cut)", headers: []))
                probes.append(Probe(method: "GET", path: "\(path)\(mark)key=\(key)&key=\(key)", headers: []))
                probes.append(
                    Probe(
                        method: "OPTIONS",
                        path: "\(path)\(mark)key=\(key)",
                        headers: [(name: "Origin", value: "https://page.example")]
                    )
                )
                probes.append(
                    Probe(
                        method: "POST",
                        path: "\(path)\(mark)key=\(key)",
                        headers: [(name: "Content-Type", value: "application/json")],
                        body: Array(
                            #"{"query":"{ tweet(id: \"12\") { totals { favorites } } }","extensions":{"explain":true}}"#
                                .utf8
                        )
                    )
                )
                for probe in probes {
                    let response = try await bed.send(probe)
                    let text =
                        response.text + "\n"
                        + response.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
                    let found = Self.secrets.filter(text.contains)
                    #expect(found.isEmpty, "\(probe.method) \(path): \(text.prefix(2000))")
                }
            }
        }
        let log = bed.log.text
        #expect(log.contains("request answered"), "it is talkative")
        #expect(log.contains("key refused") && log.contains("expired"), "it tells of refusals, by name")
        #expect(Self.secrets.filter(log.contains).isEmpty)
        let metrics = try await bed.metrics()
        #expect(Self.secrets.filter(metrics.contains).isEmpty)
    }

    @Test("but a link to the next page has the key if the URL had it, and only then")
    func links() async throws {
        let bed = try KeyedBed.make()
        let rows = "/q/top-tweets.csv?limit=1&ids=1260294888811347969,850006245121695744"
        let feed = "/odata/common_Hourly?$select=favorites"
        for path in [rows, feed] {
            func next(_ probe: Probe) async throws -> String {
                let response = try await bed.send(probe)
                #expect(response.status == 200, "\(response.text.prefix(300))")
                let link = response.header("Link").map { $0.dropFirst().prefix { $0 != ">" } }
                return try #require(link.map(String.init) ?? response.json?["@odata.nextLink"]?.string)
            }
            let headers = TestKey.bearer(TestKey.globex) + [(name: "Prefer", value: "odata.maxpagesize=1")]
            let plain = headers.filter { $0.name == "Prefer" }
            // In turn, so that what is remembered of one would be seen in the other.
            for _ in 0..<3 {
                let byHeader = try await next(Probe(method: "GET", path: path, headers: headers))
                #expect(!byHeader.contains("key=") && !byHeader.contains(TestKey.globex))
                for key in [TestKey.globex, TestKey.open] {
                    let byURL = try await next(Probe(method: "GET", path: "\(path)&key=\(key)", headers: plain))
                    #expect(byURL.contains("key=\(key)"))
                    let target = String(byURL.trimmingPrefix("http://test"))
                    let page = try await bed.send(Probe(method: "GET", path: target, headers: plain))
                    #expect(page.status == 200, "\(page.text.prefix(300))")
                }
            }
        }
    }
}
