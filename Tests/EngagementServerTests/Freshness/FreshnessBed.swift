import Engagement
import EngagementSandbox
import EngagementServer
import JSON
import MetricCache
import TestSupport

/// A Tweet that was posted so long before the test bed's clock begins to run.
func tweet(hoursOld hours: Int64, _ sequence: UInt64 = 0) -> TweetID {
    SandboxWorld.tweetID(postedAt: TestBed.start.advanced(bySeconds: -hours * 3600), sequence: sequence)
}

extension TestBed {
    /// A server that serves stale numbers while it refreshes them, as real ones do.
    static func refreshing(at start: UnixTime = TestBed.start) throws -> TestBed {
        try TestBed(at: start) { server, _ in server.cache.timeToLive.staleWhileRevalidate = 3600 }
    }

    /// Asks by `GET`.
    func get(_ query: String, headers: [(name: String, value: String)] = []) async throws -> RawClient.Response {
        try await send(.get([(name: "query", value: query)], headers: headers))
    }

    /// The calls since this was asked last.
    func callCount() -> Int {
        defer { sandbox.forgetCalls() }
        return sandbox.calls.count
    }
}

extension RawClient.Response {
    var cacheControl: String? { header("Cache-Control") }
    var cacheStatus: String? { header("Cache-Status") }
    var tag: String? { header("ETag") }
}
