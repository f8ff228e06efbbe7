import Engagement
import EngagementSandbox
import JSON
import Testing

/// The routes that steer a running sandbox, over real HTTP.
@Suite struct AdminRouteTests {
    private let server: SandboxServer

    init() throws {
        var configuration = SandboxConfiguration()
        configuration.port = 0
        configuration.clock = { UnixTime(seconds: 1_727_785_235) }
        server = try SandboxServer(configuration)
    }

    private func send(
        _ method: String,
        _ path: String,
        _ body: String = ""
    ) async throws -> (status: Int, json: JSONValue) {
        let response = try await RawClient.send(method, path, port: server.port, body: body)
        return (response.status, try JSONValue(parsing: response.body))
    }

    private func call(_ endpoint: Endpoint = .totals) async throws -> Int {
        try await RawClient.send(
            "POST",
            endpoint.path,
            port: server.port,
            headers: [
                ("Accept-Encoding", "gzip"), ("Content-Type", "application/json"),
                ("Authorization", "Bearer SANDBOXBEARERTOKEN"),
            ],
            body: body([TweetID(rawValue: 1_785_265_636_840_173_569)], ["favorites"])
        ).status
    }

    @Test("GET /sandbox tells what opens it and what is listed")
    func description() async throws {
        defer { server.stop() }
        let (status, json) = try await send("GET", "/sandbox")
        #expect(status == 200)
        #expect(json["applications"]?[0]?["consumerKey"]?.string == "SandboxConsumerKey")
        #expect(json["accounts"]?[0]?["token"]?.string == "1000001-SandboxTokenOfAcme")
        #expect(json["listedTweets"]?.array?.contains { $0["state"]?.string == "deleted" } == true)
        #expect(json["exampleTweets"]?.array?.isEmpty == false)
        #expect(json["settings"]?["switches"]?["counts"]?.string == "strings")
    }

    @Test("Calls are listed, counted and forgotten")
    func calls() async throws {
        defer { server.stop() }
        #expect(try await call() == 200)
        #expect(try await call(.historical) == 401)
        let (_, json) = try await send("GET", "/sandbox/calls")
        #expect(json["total"]?.integer == 2)
        #expect(json["byEndpoint"]?["totals"]?.integer == 1)
        #expect(json["byStatus"]?["401"]?.integer == 1)
        let first = json["calls"]?[0]
        #expect(first?["tweetIds"] == .array([.string("1785265636840173569")]))
        #expect(first?["engagementTypes"] == .array([.string("favorites")]))
        #expect(first?["groupings"]?["g"]?[1]?.string == "engagement.type")
        #expect(first?["authentication"]?.string == "bearer")
        #expect(json["calls"]?[1]?["errors"]?[0]?.string?.contains("Unknown Authorization Type") == true)
        #expect(try await send("DELETE", "/sandbox/calls").json["total"]?.integer == 0)
        #expect(server.calls.isEmpty)
    }

    @Test("Faults, switches, quota and clock are set")
    func settings() async throws {
        defer { server.stop() }
        #expect(
            try await send("PUT", "/sandbox/faults", "{\"faults\":[{\"fault\":\"503\",\"times\":1}]}").status == 200
        )
        #expect(try await [call(), call()] == [503, 200])
        #expect(
            try await send("PUT", "/sandbox/switches", "{\"strict\":false,\"last28HoursBuckets\":28}").status == 200
        )
        let switches = try await send("GET", "/sandbox").json["settings"]?["switches"]
        #expect(switches?["strict"]?.string == "false")
        #expect(switches?["last28HoursBuckets"]?.string == "28")
        #expect(switches?["counts"]?.string == "strings")
        #expect(try await send("PUT", "/sandbox/quota", "{\"perMinute\":1}").status == 200)
        #expect(try await [call(), call()] == [200, 429])
        let (_, moved) = try await send("PUT", "/sandbox/clock", "{\"advanceSeconds\":3600}")
        #expect(moved["now"]?.string == "2024-10-01T13:20:35Z")
        #expect(server.now == UnixTime(seconds: 1_727_788_835))
        #expect(try await call() == 200)
        #expect(try await send("PUT", "/sandbox/clock", "{\"now\":\"2026-11-20T12:30:00Z\"}").status == 200)
        #expect(server.now.iso8601 == "2026-11-20T12:30:00Z")
    }

    @Test("The plan is told with what is left of it")
    func plan() async throws {
        defer { server.stop() }
        let rules = """
            {"faults":[{"fault":"403-tweets","tweets":2,"times":3,"endpoint":"totals"},
                       {"fault":"stall","milliseconds":7,"seconds":60}]}
            """
        _ = try await send("PUT", "/sandbox/faults", rules)
        #expect(try await call() == 403)
        let faults = try await send("GET", "/sandbox").json["settings"]?["faults"]
        #expect(faults?[0]?["fault"]?.string == "403-tweets")
        #expect(faults?[0]?["tweets"]?.integer == 2)
        #expect(faults?[0]?["timesLeft"]?.integer == 2)
        #expect(faults?[0]?["endpoint"]?.string == "totals")
        #expect(faults?[1]?["milliseconds"]?.integer == 7)
        #expect(faults?[1]?["until"]?.string == "2024-10-01T12:21:35Z")
    }

    @Test("The quota is set in parts, each of which keeps the others")
    func quota() async throws {
        defer { server.stop() }
        _ = try await send("PUT", "/sandbox/quota", "{\"perSecond\":2}")
        let (_, settings) = try await send("PUT", "/sandbox/quota", "{\"headers\":\"without-reset\"}")
        #expect(settings["quotaPerMinute"]?.integer == 300)
        #expect(settings["quotaPerSecond"]?.integer == 2)
        #expect(settings["quotaHeaders"]?.string == "without-reset")
    }

    @Test(
        "A wrong request changes nothing and says what is wrong",
        arguments: [
            ("PUT", "/sandbox/faults", "{}", 400), ("PUT", "/sandbox/faults", "{\"faults\":[{\"fault\":\"x\"}]}", 400),
            ("PUT", "/sandbox/switches", "{\"strict\":\"x\"}", 400), ("PUT", "/sandbox/switches", "[", 400),
            ("PUT", "/sandbox/switches", "{\"strict\":false,\"counts\":\"x\"}", 400),
            ("PUT", "/sandbox/quota", "{\"perMinute\":-1}", 400), ("PUT", "/sandbox/quota", "{}", 400),
            ("PUT", "/sandbox/quota", "{\"perSecond\":1,\"headers\":\"some\"}", 400),
            ("PUT", "/sandbox/clock", "{\"now\":\"2024-10-01\",\"advanceSeconds\":1}", 400),
            ("PUT", "/sandbox/tweets", "{\"tweets\":[{\"id\":\"7\"},{\"id\":\"8\",\"owner\":\"z\"}]}", 400),
            ("PUT", "/sandbox/accounts", "{\"accounts\":[{\"name\":\"a\"}]}", 400),
            ("PUT", "/sandbox/accounts", "{\"tweets\":[]}", 400),
            (
                "PUT", "/sandbox/accounts",
                #"{"accounts":[{"name":"thief","userId":"1","token":"1000001-SandboxTokenOfAcme","tokenSecret":"s"}]}"#,
                400
            ),
            ("PUT", "/sandbox/clock", "{\"advanceSeconds\":1e9}", 400),
            ("PUT", "/sandbox/clock", String(repeating: "[", count: 100_000), 400), ("PUT", "/sandbox/clock", "", 400),
            ("GET", "/sandbox/nothing", "", 404), ("POST", "/sandbox/faults", "{}", 404),
        ]
    )
    func mistakes(_ method: String, _ path: String, _ body: String, _ status: Int) async throws {
        defer { server.stop() }
        let before = try await send("GET", "/sandbox").json
        let answer = try await send(method, path, body)
        #expect(answer.status == status)
        #expect(answer.json["error"]?.string?.isEmpty == false)
        #expect(try await send("GET", "/sandbox").json == before)
    }
}
