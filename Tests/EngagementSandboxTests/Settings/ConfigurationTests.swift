import Engagement
import EngagementSandbox
import Foundation
import JSON
import Settings
import TestSupport
import Testing

/// `config/sandbox.yaml` and what happens to files with mistakes.
@Suite struct ConfigurationTests {
    @Test("The file in config says the same as the built-in defaults")
    func fileEqualsDefaults() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../config/sandbox.yaml").path
        let file = try SandboxConfiguration(yamlFile: path)
        let builtIn = SandboxConfiguration()
        #expect(file.world == builtIn.world)
        #expect(file.switches == builtIn.switches)
        #expect(file.faults == builtIn.faults)
        #expect(file.host == builtIn.host)
        #expect(file.port == builtIn.port)
        #expect(file.seed == builtIn.seed)
        #expect(file.quotaPerMinute == builtIn.quotaPerMinute)
        #expect(file.quotaPerSecond == builtIn.quotaPerSecond)
        #expect(file.quotaHeaders == builtIn.quotaHeaders)
        #expect(file.record == nil)
        #expect(file.replay == nil)
        #expect(file.latencyMilliseconds == builtIn.latencyMilliseconds)
        #expect(file.timestampToleranceSeconds == builtIn.timestampToleranceSeconds)
    }

    @Test("The file names every switch and every fault")
    func fileNamesAll() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../config/sandbox.yaml").path
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let switches = SandboxRequest(method: "GET", path: "/sandbox")
        let settings = try Bench().send(switches).json["settings"]
        for key in try #require(settings?["switches"]?.members?.map(\.name)) { #expect(text.contains("\n  \(key): ")) }
        let words = Set(text.split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init))
        for name in Fault.all().map(\.name) { #expect(words.contains(name), "\(name)") }
    }

    @Test("An empty file is all defaults, and a file changes only what it names")
    func defaultsRemain() throws {
        #expect(try SandboxConfiguration(yaml: "", source: "x").world == SandboxWorld.standard)
        let configuration = try SandboxConfiguration(
            yaml: "quotaPerMinute: 5\nswitches: {counts: bare}\nfaults: [{fault: '429', times: 3, endpoint: 28hr}]",
            source: "x"
        )
        #expect(configuration.quotaPerMinute == 5)
        #expect(configuration.switches.counts == .bare)
        #expect(configuration.switches.hourWithoutDay == .hourOfDay)
        #expect(configuration.faults == FaultPlan([.init(.tooManyRequests, times: 3, endpoint: .last28Hours)]))
        #expect(configuration.seed == 1)
    }

    @Test(
        "A mistake is reported with file, line and key",
        arguments: [
            ("port: 99999", "f:1: port: expected a whole number from 0 to 65535"),
            ("host: h\nprot: 1", "f:2: prot: unknown key"),
            ("switches:\n  counts: roman", "f:2: switches.counts: expected one of strings, bare"),
            ("switches:\n  strict: maybe", "f:2: switches.strict: expected true or false"),
            ("accounts:\n  - name: a", "f:2: accounts[0]: lacks the key userId"),
            ("accounts: []", "f:1: accounts: needs at least one account"),
            (
                "accounts:\n  - {name: a, userId: 1, token: t}",
                "f:2: accounts[0]: token and tokenSecret belong together"
            ),
            ("tweets:\n  - {id: x, note: n}", "f:2: tweets[0].id: expected a Tweet id"),
            ("tweets:\n  - {id: 5, note: n, owner: z}", "f:2: tweets[0].owner: there is no account named z"),
            (
                "tweets:\n  - {id: 5, note: n, lifetime: {likes: 1}}",
                "f:2: tweets[0].lifetime.likes: there is no such metric"
            ),
            (
                "tweets:\n  - {id: 5, note: n, lifetime: {favorites: -1}}",
                "f:2: tweets[0].lifetime.favorites: expected a whole"
            ),
            (
                "tweets:\n  - {id: 5, lifetime: {favorites: 1}, hourly: {from: 2024-01-01, favorites: [1]}}",
                "f:2: tweets[0].hourly: a Tweet has either lifetime or hourly"
            ),
            ("tweets:\n  - {id: 5, hourly: {favorites: [1]}}", "f:2: tweets[0].hourly: lacks the key from"),
            (
                "accounts:\n  - {name: a, userId: 1}\n  - {name: a, userId: 2}",
                "f:3: accounts[1]: a second account named a"
            ),
            (
                "accounts:\n  - {name: a, userId: 1, token: t, tokenSecret: s}\n"
                    + "  - {name: b, userId: 2, token: t, tokenSecret: s}",
                "f:1: two accounts have the same token"
            ),
            ("quotaHeaders: some", "f:1: quotaHeaders: expected one of all, without-reset, none"),
            ("switches:\n  unknownMetrics: [likes]", "f:2: switches.unknownMetrics[0]: there is no such metric"),
            ("tweets: 7", "f:1: tweets: expected a list"),
            ("faults:\n  - fault: explode", "f:2: faults[0].fault: there is no such fault"),
            ("- a\n- b", "f:1: expected keys and values"),
            ("port: 1\nport: 2", "f:1: a key stands twice"),
            ("host: [", "f:"),
            ("\u{1}", "f"),
        ]
    )
    func mistakes(_ yaml: String, _ description: String) {
        let error = #expect(throws: SettingsError.self) { try SandboxConfiguration(yaml: yaml, source: "f") }
        #expect(error?.description.hasPrefix(description) == true, "\(error?.description ?? "")")
    }

    @Test("A file that is not there is named")
    func missingFile() {
        let error = #expect(throws: SettingsError.self) { try SandboxConfiguration(yamlFile: "/nowhere/s.yaml") }
        #expect(error?.description == "/nowhere/s.yaml: cannot be read as UTF-8 text")
    }

    @Test("Whoever starts a sandbox finds credentials as values")
    func credentials() {
        let world = SandboxWorld.standard
        #expect(world.defaultAccount.name == AccountName("acme"))
        #expect(world.defaultAccount.token != nil)
        #expect(world.defaultApplication.isAllowListed)
    }

    @Test("Examples are young Tweets of the default account, each of its age")
    func examples() throws {
        let now = UnixTime(seconds: 1_727_785_235)
        let ages = SandboxWorld.examples(at: now).compactMap { $0.id.createdAt }.map {
            (now.seconds - $0.seconds) / 86_400
        }
        #expect(ages == [0, 1, 7, 30, 85, 100])
    }

    @Test("A made id carries the time that it was made for")
    func idsCarryTheirTime() throws {
        let time = try #require(UnixTime(iso8601: "2018-12-04T20:56:26.846Z"))
        let id = SandboxWorld.tweetID(postedAt: time, sequence: 0)
        #expect(id.createdAt == time)
        #expect(id.rawValue >> 22 == 1_070_059_276_213_702_656 >> 22)
    }
}
