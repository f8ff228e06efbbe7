internal import Engagement
internal import GraphQL
internal import JSON
internal import MicroHTTP
internal import Synchronization

/// So many calls of the Engagement API in any 24 hours, counted by the hour: what a key may have others pay for.
///
/// A call counts when it was waited for. Who joins one that is under way for somebody else pays as well, since nobody can tell whose
/// it is; refreshes that nobody waits for are free.
internal final class CallBudget: Sendable {
    private let perDay: Int
    private let spent = Mutex<[Int64: Int]>([:])

    init(perDay: Int) {
        self.perDay = perDay
    }

    /// Takes a call ahead of those that will be made, so that many requests at once find no more than there are. Nil if there was
    /// one, else in how many seconds there is.
    func take(now: UnixTime) -> Int64? {
        let hour = CallBudget.hour(now)
        return spent.withLock { spent in
            spent = spent.filter { hour - 24 < $0.key && $0.key <= hour }
            var left = perDay - spent.values.reduce(0, +)
            guard left <= 0 else {
                spent[hour, default: 0] += 1
                return nil
            }
            for (key, calls) in spent.sorted(by: { $0.key < $1.key }) {
                left += calls
                if left > 0 { return (key + 24) * 3600 - now.seconds }
            }
            return 3600
        }
    }

    /// Notes how many calls it was that one was taken for at `now`.
    func settle(_ calls: Int, takenAt now: UnixTime) {
        spent.withLock { $0[CallBudget.hour(now), default: 0] += calls - 1 }
    }

    private static func hour(_ time: UnixTime) -> Int64 { time.seconds.floorDivided(by: 3600) }
}

extension CallBudget {
    /// What is said when none is left.
    static let exhausted = GraphQLError(
        """
        The key has used up its calls of the Engagement API for 24 hours (keys: callsPerDay). What is cached is answered all the \
        same.
        """,
        extensions: [.init("code", .string("CALLS_EXHAUSTED"))]
    )

    /// The response that says so, with when there are calls again.
    static func refusal(_ seconds: Int64, _ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.status = 429
        response.headers.append((name: "Retry-After", value: String(seconds)))
        return response
    }
}
