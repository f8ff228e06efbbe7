import Engagement
import EngagementSandbox
import EngagementServer
import Foundation
import JSON
import Synchronization
import TestSupport

/// Sleeps that last until a test has turned the time so far.
final class SimulatedSleep: Sendable {
    private struct State {
        var now: Int64 = 0
        var sleepers: [Int: (until: Int64, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    func sleep(_ milliseconds: Int64) async throws {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                state.withLock { $0.sleepers[number] = ($0.now + milliseconds, continuation) }
                if Task.isCancelled { cancel(number) }
            }
        } onCancel: {
            cancel(number)
        }
    }

    /// How many are asleep.
    var count: Int { state.withLock { $0.sleepers.count } }

    /// Lets time pass, and wakes whose time has come.
    func advance(seconds: Int64) {
        let woken = state.withLock { state in
            state.now += seconds * 1000
            let woken = state.sleepers.filter { $0.value.until <= state.now }
            for number in woken.keys { state.sleepers[number] = nil }
            return woken.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    private func cancel(_ number: Int) {
        let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}

/// A server whose subscriptions look when a test says so.
struct LiveBed {
    let bed: TestBed
    let sleep: SimulatedSleep

    init(adjust: (inout ServerConfiguration, inout SandboxConfiguration) throws -> Void = { _, _ in }) throws {
        let sleep = SimulatedSleep()
        self.sleep = sleep
        bed = try TestBed(at: LiveBed.start) { server, sandbox in
            server.live.sleep = { try await sleep.sleep($0) }
            server.live.keepAliveSeconds = 3600
            sandbox.quotaPerMinute = 100_000
            try adjust(&server, &sandbox)
        }
    }

    /// A whole minute, so that looks come every full minute from then on.
    static let start = TestBed.start

    /// Posted a minute before: its totals live for 30 seconds, so that each look costs a call.
    static let tweet = SandboxWorld.tweetID(postedAt: start.advanced(bySeconds: -60), sequence: 1)

    /// Waits until so many wait for the next look or the next sign of life.
    func settle(_ sleepers: Int) async throws {
        try await until { sleep.count == sleepers }
    }

    /// Lets a minute pass.
    func minute(_ sleepers: Int = 2) async throws {
        try await settle(sleepers)
        bed.clock.advance(seconds: 60)
        sleep.advance(seconds: 60)
        try await settle(sleepers)
    }

    var now: UnixTime { UnixTime(milliseconds: bed.clock.milliseconds) }

    /// What the sandbox's arithmetic says.
    func favorites(_ tweet: TweetID = LiveBed.tweet) -> Int64 {
        bed.sandbox.metrics.total(tweet: tweet, type: .favorites, asOf: now)
    }

    /// Opens a stream of events.
    func open(_ query: String, headers: [(name: String, value: String)] = []) throws -> EventClient {
        let body = TestBed.body(query, nil)
        var head =
            "POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        return try EventClient(bed, Array((head + "Content-Length: \(body.count)\r\n\r\n").utf8) + body)
    }

    func metrics() async throws -> String { try await bed.send("GET", "/metrics", headers: []).text }
}

/// A stream of events that has been asked for.
///
/// - Note: `@unchecked Sendable` holds because a test reads one event after the other. It reads on a thread of its own, since the
///   server's work needs those of tasks.
final class EventClient: @unchecked Sendable {
    struct Event: Equatable {
        var id: String?
        var name: String?
        var data: String?

        var json: JSONValue? { data.flatMap { try? JSONValue(parsing: Array($0.utf8)) } }
    }

    let client: RawClient
    /// The server lives as long as somebody reads.
    private let bed: TestBed
    private(set) var head = ""

    init(_ bed: TestBed, _ request: [UInt8]) throws {
        self.bed = bed
        client = try RawClient(port: bed.server.port)
        client.send(request)
    }

    /// Reads the header and returns the first line.
    func begin() async throws -> String {
        head = try await onThread { try self.client.readStreamHead() }
        return head.components(separatedBy: "\r\n")[0]
    }

    /// The next event that is no comment; nil at the end.
    func next() async throws -> Event? {
        while let chunk = try await onThread({ try self.client.readChunk() }) {
            if chunk == ":\n\n" { continue }
            var event = Event()
            for line in chunk.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                let value = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
                switch parts[0] {
                case "id": event.id = value
                case "event": event.name = value
                case "data": event.data = value
                default: continue
                }
            }
            return event
        }
        return nil
    }
}
