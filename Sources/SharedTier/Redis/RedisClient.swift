internal import Glibc
internal import Synchronization

/// A Redis or Valkey server, as far as it can be reached: whoever asks gets an answer within the timeout or none.
///
/// After a failure nothing is asked, so that a server that is down costs nothing. It is tried again in the background, first
/// after a quarter of a second and then twice as long each time up to ten seconds; when it answers, it is asked again.
///
/// What somebody waits for and what nobody waits for go by lanes of their own, so that a large write is in nobody's way.
internal final class RedisClient: Sendable {
    enum Event: Equatable, Sendable {
        case down(RedisError)
        case up
    }

    private struct State {
        var isUp = false
        var isClosed = false
        /// Whether the failure was reported: the first connection is expected to come about.
        var isReported = false
        var pause = RedisClient.firstPauseMilliseconds
        /// Commands on their way in the lane of those that nobody waits for.
        var bytesUnderWay = 0
        var dropped = 0
    }

    private let asking: RedisLane
    private let telling: RedisLane
    private let timeoutMilliseconds: Int
    private let report: @Sendable (Event) -> Void
    private let state = Mutex(State())

    private static let firstPauseMilliseconds = 250
    private static let longestPauseMilliseconds = 10_000
    /// For connecting, and for what nobody waits for.
    private static let patienceMilliseconds = 2000
    private static let maximumReplyBytes = 64 << 20
    /// What nobody waits for is dropped rather than piled up.
    private static let maximumBytesUnderWay = 64 << 20

    /// Begins to connect. From then on the whole process ignores `SIGPIPE`, as hiredis asks for: a server that has left is
    /// found out by the return value of a write.
    init(_ url: RedisURL, timeoutMilliseconds: Int, report: @escaping @Sendable (Event) -> Void) {
        _ = signal(SIGPIPE, SIG_IGN)
        asking = RedisLane("asking", url: url, maximumReplyBytes: RedisClient.maximumReplyBytes)
        telling = RedisLane("telling", url: url, maximumReplyBytes: RedisClient.maximumReplyBytes)
        self.timeoutMilliseconds = timeoutMilliseconds
        self.report = report
        probe()
    }

    /// Closes the connections, after what is under way. Nothing is asked from then on.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.isUp = false
        }
        asking.disconnect()
        telling.disconnect()
    }

    var isUp: Bool { state.withLock { $0.isUp } }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// How many writes were given up, since too much waited or they failed.
    var dropped: Int { state.withLock { $0.dropped } }

    /// How much is on its way that nobody waits for.
    var bytesUnderWay: Int { state.withLock { $0.bytesUnderWay } }

    // MARK: - Commands

    /// The answers to `commands`, in one round trip; nil if there are none in time.
    func ask(_ commands: [RedisCommand]) async -> [RedisReply]? {
        guard isUp else { return nil }
        let deadline = ContinuousClock.now + .milliseconds(timeoutMilliseconds)
        return await withCheckedContinuation { continuation in
            asking.perform(commands, deadline: deadline) { result in
                continuation.resume(returning: self.settled(result))
            }
        }
    }

    /// As ``ask(_:)``, for what has time: it does not delay those who wait.
    func tell(_ commands: [RedisCommand]) async -> [RedisReply]? {
        let bytes = commands.reduce(0) { $0 + $1.arguments.reduce(0) { $0 + $1.count } }
        let isAccepted = state.withLock { state in
            guard state.isUp else { return false }
            guard state.bytesUnderWay + bytes <= RedisClient.maximumBytesUnderWay else {
                state.dropped += 1
                return false
            }
            state.bytesUnderWay += bytes
            return true
        }
        guard isAccepted else { return nil }
        let deadline = ContinuousClock.now + .milliseconds(RedisClient.patienceMilliseconds)
        let replies = await withCheckedContinuation { continuation in
            telling.perform(commands, deadline: deadline) { result in
                continuation.resume(returning: self.settled(result))
            }
        }
        state.withLock { state in
            state.bytesUnderWay -= bytes
            if replies == nil { state.dropped += 1 }
        }
        return replies
    }

    private func settled(_ result: Result<[RedisReply], RedisError>) -> [RedisReply]? {
        switch result {
        case .success(let replies): return replies
        case .failure(.busy): return nil
        case .failure(let error):
            failed(error)
            return nil
        }
    }

    // MARK: - Health

    private func failed(_ error: RedisError) {
        let isNews = state.withLock { state in
            guard state.isUp else { return false }
            state.isUp = false
            state.isReported = true
            state.pause = RedisClient.firstPauseMilliseconds
            return true
        }
        guard isNews else { return }
        asking.disconnect()
        telling.disconnect()
        report(.down(error))
        probeLater()
    }

    private func probeLater() {
        let pause = state.withLock { state in
            defer { state.pause = min(state.pause * 2, RedisClient.longestPauseMilliseconds) }
            return state.isClosed ? nil : state.pause
        }
        guard let pause else { return }
        // Half of it by chance, so that nodes that lost the server together do not all come back at once.
        asking.schedule(after: pause / 2 + .random(in: 0...pause / 2)) { [weak self] in self?.probe() }
    }

    private func probe() {
        guard !state.withLock({ $0.isClosed }) else { return }
        let deadline = ContinuousClock.now + .milliseconds(RedisClient.patienceMilliseconds)
        asking.perform([.ping], deadline: deadline) { [weak self] result in self?.probed(result) }
    }

    private func probed(_ result: Result<[RedisReply], RedisError>) {
        let isUp = if case .success = result { true } else { false }
        let isNews = state.withLock { state in
            if state.isClosed { return false }
            let isNews = isUp ? !state.isUp : !state.isReported
            state.isUp = isUp
            state.isReported = !isUp
            return isNews
        }
        if isNews {
            if case .failure(let error) = result { report(.down(error)) } else { report(.up) }
        }
        if !isUp { probeLater() }
    }
}
