import Engagement
import EngagementServer
import JSON
import MicroHTTP
import TestSupport
import Testing

@Suite("Caches and answers to somebody with a key")
struct KeyedCachingTests {
    private static let paths = [
        "/graphql?query=%7Btotals(tweetIds:%5B%221260294888811347969%22%5D)%7Bfavorites%7D%7D",
        "/q/top-tweets.csv?ids=1260294888811347969", "/q/top-tweets?ids=1260294888811347969", "/q", "/openapi.json",
        "/schema.graphql", "/odata", "/odata/$metadata", "/odata/Lists", "/odata/common_Totals?$select=favorites",
    ]

    @Test("No shared cache may keep one, public numbers or not, and a browser only for the same key", arguments: paths)
    func control(_ path: String) async throws {
        let bed = try KeyedBed.make()
        let mark = path.contains("?") ? "&" : "?"
        for _ in 0..<3 {
            for probe in [
                Probe(method: "GET", path: path, headers: TestKey.bearer(TestKey.open)),
                Probe(method: "GET", path: "\(path)\(mark)key=\(TestKey.open)", headers: []),
            ] {
                let response = try await bed.send(probe)
                #expect(response.status == 200)
                let control = response.header("Cache-Control") ?? ""
                #expect(control.hasPrefix("private") || control == "no-store", "\(control)")
                #expect(!control.contains("public"))
                #expect(response.headers.contains { $0.name == "Vary" && $0.value == "Authorization" })
            }
        }
    }

    @Test("Where there are no keys, public numbers are public as ever")
    func withoutKeys() async throws {
        let bed = try TestBed()
        let response = try await bed.send(Probe(method: "GET", path: Self.paths[0], headers: []))
        #expect(response.header("Cache-Control")?.hasPrefix("public, max-age=") == true)
        #expect(response.headers.allSatisfy { $0.name != "Vary" || $0.value != "Authorization" })
    }

    @Test("Keys that see the same share what is remembered; others do not")
    func memory() async throws {
        let bed = try KeyedBed.make()
        let probe = Probe(method: "GET", path: Self.paths[0], headers: [])
        func status(_ key: String) async throws -> String {
            var probe = probe
            probe.headers = TestKey.bearer(key)
            return try await bed.send(probe).header("Cache-Status") ?? ""
        }
        // A request is remembered when it comes the second time, and given again the third.
        for _ in 0..<2 { _ = try await status(TestKey.open) }
        #expect(try await status(TestKey.open).contains("detail=remembered"))
        #expect(try await status(TestKey.metrics).contains("detail=remembered"))
        #expect(try await !status(TestKey.acme).contains("remembered"))
    }
}

@Suite("Who is answered without a key where there are keys")
struct AnonymousTests {
    @Test("Nobody, unless programs of this machine are allowed to; a proxy and another name are none of them")
    func anonymous() async throws {
        let probe = Probe(method: "GET", path: "/q", headers: [])
        func statuses(_ anonymous: AnonymousCallers) async throws -> [Int] {
            let bed = try KeyedBed.make { $0.anonymous = anonymous }
            var statuses: [Int] = []
            for headers in [
                [], [("X-Forwarded-For", "192.0.2.1")], [("Forwarded", "for=192.0.2.1")], [("Host", "evil.example")],
                [("Authorization", "Bearer \(TestKey.unknown)")],
            ] as [[(String, String)]] {
                var probe = probe
                probe.headers = headers.map { (name: $0.0, value: $0.1) }
                statuses.append(try await bed.send(probe).status)
            }
            return statuses
        }
        #expect(try await statuses(.none) == [401, 401, 401, 401, 401])
        #expect(try await statuses(.loopback) == [200, 401, 401, 401, 401])
    }

    @Test("They see what they would see without keys")
    func owner() async throws {
        let bed = try KeyedBed.make { $0.anonymous = .loopback }
        let body = TestBed.body(
            "{ totals(tweetIds: [\"\(KeyedBed.tweetOfAcme)\"]) { impressions } lists { name } }",
            nil
        )
        let response = try await bed.send(body: body)
        #expect(response.errorCount == 0)
        #expect(response.json?["data"]?["lists"]?.array?.count == 3)
    }
}

@Suite("A server without keys")
struct KeylessTests {
    /// `Host`, and whether the request is answered.
    private static let hosts = [
        ("localhost:8080", true), ("127.0.0.1", true), ("[::1]:1", true), ("numbers.lan", true),
        ("evil.example", false),
        ("127.evil.example", false),
    ]

    @Test("answers to names of this machine and to server.hosts, and says what to do about others")
    func host() async throws {
        let bed = try TestBed { server, _ in server.hosts = ["numbers.lan"] }
        let mutation = Probe.post(#"{"query":"mutation { purge(everything: true) { isDurable } }"}"#)
        for (host, isAnswered) in Self.hosts {
            for probe in [Probe(method: "GET", path: "/q"), Probe(method: "GET", path: "/odata/"), mutation] {
                var probe = probe
                // A page that was rebound: to the browser it is ours.
                probe.headers += [(name: "Host", value: host), (name: "Origin", value: "http://\(host)")]
                let response = try await bed.send(probe)
                #expect(response.status == (isAnswered ? 200 : 421), "\(host): \(response.text)")
                if !isAnswered { #expect(response.text.contains("server.hosts")) }
            }
            let alive = Probe(method: "GET", path: "/health/live", headers: [(name: "Host", value: host)])
            #expect(try await bed.send(alive).status == 200)
        }
    }

    @Test("refuses to listen beyond this machine; with keys it may", arguments: ["0.0.0.0", "::"])
    func exposure(_ host: String) async throws {
        let error = #expect(throws: ServerError.self) { try TestBed { server, _ in server.http.host = host } }
        #expect(error?.code == .exposed)
        #expect(error?.reason.contains("engageql key new") == true)
        let bed = try KeyedBed.make { $0.http.host = host }
        #expect(try await bed.send(Probe(method: "GET", path: "/q")).status == 401)
    }

    /// What is wrong with a key, and a part of what is said about it.
    private static let mistakes: [(says: String, make: @Sendable (inout [KeyConfiguration]) -> Void)] = [
        ("is of account initech", { $0[0].account = AccountName("initech") }),
        ("is of account initech", { $0[0].alsoReads = [AccountName("initech")] }),
        ("has the hash of the key", { $0[0].hash = $0[1].hash }),
        ("may purge", { $0[0].account = nil }),
        (
            "has alsoReads and no account",
            { keys in
                keys[0].account = nil
                keys[0].alsoReads = [TestKey.acmeAccount]
            }
        ),
    ]

    @Test("is not started with keys that make no sense")
    func mistakes() throws {
        for (says, make) in Self.mistakes {
            let error = #expect(throws: ServerError.self) { try KeyedBed.make { make(&$0.keys) } }
            #expect(error?.reason.contains(says) == true, "\(error?.reason ?? "")")
        }
    }
}
