import Engagement
import Ledger
import Synchronization
import TestSupport

let ada = AccountName("ada")
let bob = AccountName("bob")
let eve = AccountName("eve")

/// A time of UTC.
func time(_ text: String) -> UnixTime {
    guard let time = UnixTime(iso8601: text) else { preconditionFailure("\(text) is a time") }
    return time
}

let noon = time("2024-03-05T12:00:00Z")

/// Tweets whose ids lie apart from each other like those of real Tweets.
func tweets(_ numbers: some Sequence<Int>) -> [TweetID] {
    numbers.map { TweetID(rawValue: 1_700_000_000_000_000_000 + UInt64($0) * 4_194_304_007) }
}

/// Collects the events of a ledger.
final class EventLog: Sendable {
    private let events = Mutex<[LedgerEvent]>([])

    var all: [LedgerEvent] { events.withLock { $0 } }

    @Sendable func note(_ event: LedgerEvent) {
        events.withLock { $0.append(event) }
    }

    func contains(_ predicate: (LedgerEvent) -> Bool) -> Bool { all.contains(where: predicate) }

    /// The thresholds that were reported, in order.
    var reached: [UsageThreshold] {
        all.compactMap { if case .usageReached(let threshold, _, _, _, _) = $0 { threshold } else { nil } }
    }
}

/// A ledger over a file in a folder of its own, or in memory.
func makeLedger(
    _ folder: TemporaryFolder? = nil,
    usage: UsagePolicy = UsagePolicy(),
    rememberedTweets: Int = 200_000,
    log: EventLog = EventLog()
) throws -> Ledger {
    var configuration = LedgerConfiguration(path: folder?.path(Ledger.fileName), usage: usage)
    configuration.rememberedTweets = rememberedTweets
    configuration.busyTimeoutMilliseconds = 50
    return try Ledger(configuration, report: log.note)
}
