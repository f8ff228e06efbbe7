internal import Dispatch

/// A connection and the queue on which it is used, so that whoever asks never waits for a socket on a thread of its own.
///
/// - Note: `@unchecked Sendable` holds because `connection` is only touched on the serial `queue`.
internal final class RedisLane: @unchecked Sendable {
    private let url: RedisURL
    private let maximumReplyBytes: Int
    private let queue: DispatchQueue
    private var connection: RedisConnection?

    init(_ name: String, url: RedisURL, maximumReplyBytes: Int) {
        self.url = url
        self.maximumReplyBytes = maximumReplyBytes
        queue = DispatchQueue(label: "engageql.shared-tier.\(name)", qos: .utility)
    }

    /// Runs commands, connecting first if there is no connection, and calls `body` with what came of them, on the queue.
    func perform(
        _ commands: [RedisCommand],
        deadline: ContinuousClock.Instant,
        _ body: @escaping @Sendable (Result<[RedisReply], RedisError>) -> Void
    ) {
        queue.async { body(self.result(commands, deadline)) }
    }

    private func result(
        _ commands: [RedisCommand],
        _ deadline: ContinuousClock.Instant
    ) -> Result<[RedisReply], RedisError> {
        do throws(RedisError) {
            guard ContinuousClock.now < deadline else { throw .busy }
            let current: RedisConnection
            if let connection {
                current = connection
            } else {
                current = try RedisConnection(to: url, maximumReplyBytes: maximumReplyBytes, deadline: deadline)
            }
            connection = nil
            let replies = try current.perform(commands, deadline: deadline)
            connection = current
            return .success(replies)
        } catch {
            return .failure(error)
        }
    }

    /// Closes the connection; the next commands open another one.
    func disconnect() {
        queue.async { self.connection = nil }
    }

    /// Calls `body` on the queue after so long.
    func schedule(after milliseconds: Int, _ body: @escaping @Sendable () -> Void) {
        queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds), execute: body)
    }
}
