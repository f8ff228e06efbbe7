import EngagementAPI
import Testing

@testable import SharedTier

@Suite("URLs of the shared tier")
struct RedisURLTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let place: RedisURL.Place
        var user: String?
        var password: String?
        var database = 0
        let description: String
        var testDescription: String { text }
    }

    static let cases = [
        Case(text: "redis://cache", place: .host("cache", port: 6379), description: "redis://cache:6379/0"),
        Case(
            text: "redis://127.0.0.1:7000/3",
            place: .host("127.0.0.1", port: 7000),
            database: 3,
            description: "redis://127.0.0.1:7000/3"
        ),
        Case(text: "REDIS://[::1]:1/", place: .host("::1", port: 1), description: "redis://[::1]:1/0"),
        Case(
            text: "redis://:p%40ss%3A@h",
            place: .host("h", port: 6379),
            password: "p@ss:",
            description: "redis://h:6379/0"
        ),
        Case(
            text: "redis://me:pass@h/1",
            place: .host("h", port: 6379),
            user: "me",
            password: "pass",
            database: 1,
            description: "redis://h:6379/1"
        ),
        Case(
            text: "unix:///run/redis",
            place: .socket(path: "/run/redis"),
            description: "unix:///run/redis?database=0"
        ),
        Case(
            text: "unix://:pass@/run/redis?database=2",
            place: .socket(path: "/run/redis"),
            password: "pass",
            database: 2,
            description: "unix:///run/redis?database=2"
        ),
    ]

    @Test("What they say, and what is shown of it", arguments: cases)
    func accepted(_ expected: Case) throws {
        let url = try RedisURL(expected.text)
        #expect(url.place == expected.place)
        #expect(url.user == expected.user)
        #expect(url.password?.reveal() == expected.password)
        #expect(url.database == expected.database)
        #expect(url.description == expected.description)
        var dumped = ""
        dump(url, to: &dumped)
        #expect(!dumped.contains("\"pass\"") && !dumped.contains("p@ss"))
    }

    @Test(
        "What is no such URL",
        arguments: [
            "", "cache", "127.0.0.1:6379", "http://cache", "rediss://cache", "redis://", "redis://:hush@",
            "redis://h:0",
            "redis://h:65536", "redis://h/x", "redis://h/-1", "redis://h/1/2", "redis://h?database=1",
            "redis://:hu#sh@h", "unix://", "unix:///", "unix://host/path", "unix:///path?db=1",
            "unix:///" + String(repeating: "x", count: 107),
        ]
    )
    func refused(_ text: String) {
        let problem = #expect(throws: RedisURL.Problem.self) { try RedisURL(text) }
        #expect(problem?.description.contains("hush") == false, "a complaint repeats no password")
    }
}
