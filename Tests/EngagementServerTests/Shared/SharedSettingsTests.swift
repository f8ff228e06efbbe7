import EngagementAPI
import EngagementServer
import Foundation
import Settings
import SharedTier
import TestSupport
import Testing

/// The section `cache.shared` of the configuration.
@Suite
struct SharedSettingsTests {
    private func settings(_ lines: [String], _ environment: [String: String] = [:]) throws -> SharedTierConfiguration? {
        let folder = try TemporaryFolder()
        let path = folder.path("engageql.yaml")
        let text = "cache:\n  shared:\n" + lines.map { "    \($0)\n" }.joined()
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try ServerConfiguration(path: path, environment: environment).shared
    }

    @Test("Nothing is shared unless there is a URL")
    func off() throws {
        #expect(try ServerConfiguration(path: nil, environment: [:]).shared == nil)
        let file = TestBed.packageFolder + "/config/engageql.yaml"
        #expect(try ServerConfiguration(path: file, environment: [:]).shared == nil)
    }

    @Test("What the keys say, and what holds without them")
    func keys() throws {
        let plain = try #require(try settings(["url: redis://cache:7000/1"]))
        #expect(plain.url.description == "redis://cache:7000/1")
        #expect(plain.timeoutMilliseconds == 50 && plain.leaseMilliseconds == 10_000)
        #expect(plain.prefix == "engageql" && plain.secret == nil && plain.url.password == nil)
        let full = try #require(
            try settings(
                [
                    "url: redis://me@cache", "password: {env: P}", "secret: {env: S}", "timeoutMilliseconds: 20",
                    "leaseMilliseconds: 3000", "purgePollMilliseconds: 500", "prefix: team:a",
                ],
                ["P": "hush", "S": "hush2"]
            )
        )
        #expect(full.url.user == "me" && full.url.password == Secret("hush") && full.secret == Secret("hush2"))
        #expect(full.timeoutMilliseconds == 20 && full.leaseMilliseconds == 3000)
        #expect(full.purgePollMilliseconds == 500 && full.prefix == "team:a")
    }

    @Test("The environment gives the URL, password included")
    func environment() throws {
        let shared = try ServerConfiguration(
            path: nil,
            environment: ["ENGAGEQL_CACHE_SHARED_URL": "redis://:hush@cache"]
        ).shared
        #expect(shared?.url.password == Secret("hush"))
    }

    @Test(
        "Nonsense stops the start, with the place and without the password",
        arguments: [
            ["url: cache"], ["url: 'redis://:hush@cache'"], ["url: 'rediss://cache'"], ["prefix: a"],
            ["url: redis://cache", "password: hush"], ["url: redis://cache", "password: {env: NONE}"],
            ["url: redis://cache", "secret: hush"], ["url: redis://cache", "prefix: 'a b'"],
            ["url: redis://cache", "timeoutMilliseconds: 0"], ["url: redis://cache", "leaseMilliseconds: 1"],
            ["url: redis://me@cache"], ["url: redis://cache", "other: 1"],
        ]
    )
    func nonsense(_ lines: [String]) throws {
        let error = #expect(throws: SettingsError.self) { try settings(lines) }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("cache.shared"))
        #expect(text.contains("yaml:"))
        #expect(!text.contains("hush"))
    }
}
