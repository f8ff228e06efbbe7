import Engagement
import EngagementSandbox
import JSON
import Testing

/// The routes that change who and what exists.
@Suite struct WorldRouteTests {
    private let bench: Bench
    private let id = TweetID(rawValue: 1_785_265_636_840_173_569)

    init() throws {
        bench = try Bench()
    }

    @discardableResult
    private func send(_ method: String, _ path: String, _ body: String = "") throws -> JSONValue {
        let answer = try bench.send(SandboxRequest(method: method, path: path, body: Array(body.utf8)))
        #expect(answer.status == 200, "\(text(answer.json))")
        return answer.json
    }

    private func status(as identity: Bench.Identity = .acme, _ types: [String] = ["favorites"]) throws -> Int {
        try bench.call(.totals, body([id], types), as: identity).status
    }

    @Test("A Tweet changes its owner and its state, from a moment on")
    func tweets() throws {
        #expect(try status() == 200)
        try send("PUT", "/sandbox/tweets", "{\"tweets\":[{\"id\":\"\(id)\",\"owner\":\"globex\"}]}")
        #expect(try status() == 403)
        #expect(try status(as: .globex) == 200)
        try send(
            "PUT",
            "/sandbox/tweets",
            "{\"tweets\":[{\"id\":\"\(id)\",\"state\":\"deleted\",\"since\":\"2024-10-01T13:00:00Z\"}]}"
        )
        #expect(try status() == 200)
        bench.endpoint.advance(seconds: 2400)
        #expect(try status() == 400)
    }

    @Test("Prescribed counts are served: of a lifetime, and hour by hour")
    func counts() throws {
        let listed = """
            {"tweets":[{"id":"\(id)","hourly":{"from":"2024-09-30T10:00:00Z","impressions":[5,7],"favorites":[1]}}]}
            """
        try send("PUT", "/sandbox/tweets", listed)
        let window = body(
            [id],
            ["impressions", "favorites"],
            start: "2024-09-30T11:00:00Z",
            end: "2024-09-30T12:00:00Z"
        )
        let series = try bench.call(.historical, window).json["g"]?[id.description]
        #expect(series?["impressions"]?.string == "7")
        #expect(series?["favorites"]?.string == "0")
        try send("PUT", "/sandbox/tweets", "{\"tweets\":[{\"id\":\"\(id)\",\"lifetime\":{\"favorites\":42}}]}")
        #expect(
            try bench.call(.totals, body([id], ["favorites"])).json["g"]?[id.description]?["favorites"]?.string == "42"
        )
        // The numbers for arithmetic follow.
        #expect(bench.endpoint.metrics.total(tweet: id, type: .favorites, asOf: bench.now) == 42)
    }

    @Test("Numbers depend on the seed and the Tweet, not on what else is listed or in which order it came")
    func numbersStay() throws {
        let before = try bench.call(.totals, body([id], ["favorites", "impressions"])).json
        try send("PUT", "/sandbox/tweets", "{\"tweets\":[{\"id\":\"5\",\"lifetime\":{\"favorites\":1}}]}")
        try send("PUT", "/sandbox/tweets", "{\"tweets\":[{\"id\":\"\(id)\",\"hasVideo\":true,\"note\":\"again\"}]}")
        #expect(try bench.call(.totals, body([id], ["favorites", "impressions"])).json == before)
    }

    @Test("An account is added and signs; another one loses its token")
    func accounts() throws {
        let initech = Signer(token: "t", tokenSecret: "s")
        #expect(try status(as: .user(initech)) == 401)
        try send(
            "PUT",
            "/sandbox/accounts",
            #"{"accounts":[{"name":"initech","userId":"9","token":"t","tokenSecret":"s"},{"name":"globex","userId":"7"}]}"#
        )
        try send("PUT", "/sandbox/tweets", "{\"tweets\":[{\"id\":\"\(id)\",\"owner\":\"initech\"}]}")
        #expect(try status(as: .user(initech)) == 200)
        #expect(try status(as: .globex) == 401)
        // The first account stays the default one.
        #expect(bench.endpoint.world.accounts.map(\.name.rawValue) == ["acme", "globex", "stranger", "initech"])
    }

    @Test("An application is enrolled, and another one comes")
    func applications() throws {
        let late = Signer(consumerKey: "SandboxNotEnrolledKey", consumerSecret: "SandboxNotEnrolledSecret")
        #expect(try status(as: .user(late)) == 403)
        var enrolled = try #require(try send("GET", "/sandbox/applications")["applications"]?[1]?.members)
        #expect(enrolled.removeLast() == .init("allowListed", .boolean(false)))
        try send("PUT", "/sandbox/applications", text(.object([.init("applications", .array([.object(enrolled)]))])))
        #expect(try status(as: .user(late)) == 200)
    }

    @Test("What GET tells can be PUT again, and changes nothing", arguments: ["tweets", "accounts", "applications"])
    func roundTrip(_ route: String) throws {
        let world = bench.endpoint.world
        let listed = try send("GET", "/sandbox/\(route)")
        #expect(listed[route]?.array?.isEmpty == false)
        #expect(try send("PUT", "/sandbox/\(route)", text(listed)) == listed)
        #expect(bench.endpoint.world == world)
    }

    @Test("Whoever holds the server can change the world too")
    func setWorld() throws {
        var world = bench.endpoint.world
        world.put(SandboxTweet(id: id, state: .protected, note: ""))
        bench.endpoint.setWorld(world)
        #expect(try status() == 400)
    }
}
