import Engagement
import EngagementSandbox
import EngagementServer
import Foundation
import JSON
import TestSupport
import Testing

@Suite("What is read often is refreshed before it goes stale")
struct EarlyRefreshTests {
    /// Born a minute before: its totals live for 30 seconds, the last three of which are early.
    private static let tweet = SandboxWorld.tweetID(postedAt: TestBed.start.advanced(bySeconds: -60), sequence: 1)
    private static let query = "{ tweet(id: \"\(tweet)\") { totals { favorites asOf } } }"

    /// Stale numbers are not served, so that whoever comes too late has to wait.
    private static func bed(remembers: Bool, refreshes: Bool = true) throws -> TestBed {
        try TestBed { server, sandbox in
            server.refreshEarly = refreshes
            if !remembers { server.responseBytes = 0 }
            sandbox.quotaPerMinute = 100_000
        }
    }

    @Test(
        "A page that is read all the time never waits, is never old, and costs one call each time",
        arguments: [true, false]
    )
    func hot(remembers: Bool) async throws {
        let bed = try Self.bed(remembers: remembers)
        let body = TestBed.body(Self.query, nil)
        let request =
            Array("POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n".utf8)
            + Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
        _ = try await bed.ask(Self.query)
        #expect(bed.sandbox.calls.count == 1)
        var forwarded: [String] = []
        for _ in 0..<310 {
            bed.clock.advance(milliseconds: 200)
            let port = bed.server.port
            forwarded += try await onThread {
                let client = try RawClient(port: port)
                return try (0..<20).compactMap { _ in
                    client.send(request)
                    let status = try client.readResponse().header("Cache-Status")
                    return status?.contains("; hit") == true ? nil : status ?? "no Cache-Status"
                }
            }
            try await bed.settle(["waiting", "under_way"])
        }
        #expect(forwarded.isEmpty, "\(forwarded.first ?? "")")
        // In 62 seconds: at the beginning, and after at least 27 and at most 30 seconds each.
        #expect(bed.sandbox.calls.count == 3)
    }

    @Test("What is switched off refreshes nothing, and neither does what is read once")
    func cold() async throws {
        for refreshes in [false, true] {
            let bed = try Self.bed(remembers: true, refreshes: refreshes)
            for _ in 0..<3 { _ = try await bed.ask(Self.query) }
            bed.clock.advance(seconds: refreshes ? 26 : 29)
            for _ in 0..<50 { _ = try await bed.ask(Self.query) }
            try await bed.settle(["waiting", "under_way"])
            #expect(bed.sandbox.calls.count == 1)
        }
    }
}
