import Engagement
import EngagementSandbox
import EngagementServer
import Foundation
import JSON
import MetricLoader
import MicroHTTP
import TestSupport
import Testing

/// What a rush of page loads costs: the fewest calls that can answer it, or nearly.
extension SoakTests {
    /// Page loads at once, each of 20 Tweets on a connection of its own, by what they ask for.
    static let rushes: [(name: String, isOwner: Bool)] = [
        ("everybody's numbers", false), ("the owner's numbers", true),
    ]

    /// A build for debugging takes ten times as long to read 60 requests, so it gathers for ten times as long; what is gathered
    /// when time stands still is for the loader's own tests to say. Still a machine can be too busy: only `make soak` runs this.
    @Test(
        "60 page loads at once take hardly more calls than their Tweets fill",
        .enabled(if: ProcessInfo.processInfo.environment["ENGAGEQL_SOAK_SECONDS"] != nil),
        arguments: rushes
    )
    func rush(_ rush: (name: String, isOwner: Bool)) async throws {
        var generator = SeededGenerator(seed: runSeed)
        let world = SoakWorld(now: TestBed.start, using: &generator)
        let bed = try TestBed { server, sandbox in
            server.http.workers = 2
            server.pacing.quietMilliseconds = 80
            server.pacing.longestMilliseconds = 640
            sandbox.world = world.sandbox
            sandbox.latencyMilliseconds = 150
        }
        var (calls, bound) = (0, 0)
        var known: Set<TweetID> = []
        for _ in 0..<5 {
            let pages = (0..<60).map { _ in
                world.page(20, using: &generator) { !rush.isOwner || world.owner(of: $0) == SoakWorld.acme }
            }
            bed.sandbox.forgetCalls()
            try await SoakTests.load(pages, isOwner: rush.isOwner, bed)
            let asked = Set(pages.joined()).subtracting(known)
            known.formUnion(asked)
            // The owner's page has public numbers too, which are asked with the app's own credentials.
            bound += (asked.count + 249) / 250 * (rush.isOwner ? 2 : 1)
            calls += bed.sandbox.calls.count
        }
        let ratio = Double(calls) / Double(bound)
        print("Five rushes of 60 pages for \(rush.name): \(calls) calls, \(bound) at least, \(known.count) Tweets")
        #expect(ratio <= 1.1, "\(calls) calls where \(bound) would do")
    }

    /// Connects first, so that the requests come as close together as they can.
    private static func load(_ pages: [[TweetID]], isOwner: Bool, _ bed: TestBed) async throws {
        let port = bed.server.port
        try await onThread {
            let clients = try pages.map { _ in try RawClient(port: port) }
            for (client, page) in zip(clients, pages) {
                let body = TestBed.body(SoakQuery(page: page, isOwner: isOwner).text, nil)
                let head = "POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
                client.send(Array((head + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n").utf8) + body)
            }
            for client in clients {
                let response = try JSONValue(parsing: try client.readResponse().body)
                #expect(response["data"]?["f0"]?.array?.count == 20)
            }
        }
    }
}
