import Engagement
import MetricCache
import Synchronization
import TestSupport

/// 2024-03-05T12:00:00Z, the time at which most tests begin.
let noon = UnixTime(seconds: 1_709_640_000)

/// Two accounts that must never see each other's numbers.
let ada = AccountName("ada")
let bob = AccountName("bob")

/// A Tweet that was posted that many seconds before `noon`.
func tweet(secondsOld: Int64, number: UInt64 = 0) -> TweetID {
    TweetID(rawValue: UInt64(noon.milliseconds - secondsOld * 1000 - 1_288_834_974_657) << 22 | number)
}

/// Collects the events of a cache.
final class EventLog: Sendable {
    private let events = Mutex<[MetricCacheEvent]>([])

    var all: [MetricCacheEvent] { events.withLock { $0 } }

    @Sendable func note(_ event: MetricCacheEvent) {
        events.withLock { $0.append(event) }
    }

    func contains(_ predicate: (MetricCacheEvent) -> Bool) -> Bool { all.contains(where: predicate) }
}

/// A cache over a file in a folder of its own.
func makeCache(
    _ folder: TemporaryFolder? = nil,
    memoryBytes: Int = 1 << 20,
    maximumFileBytes: Int = 64 << 20,
    history: HistoryDepth = HistoryDepth(),
    log: EventLog = EventLog()
) throws -> MetricCache {
    var configuration = MetricCacheConfiguration(path: folder?.path("cache.sqlite"))
    configuration.memoryBytes = memoryBytes
    configuration.maximumFileBytes = maximumFileBytes
    configuration.history = history
    configuration.busyTimeoutMilliseconds = 50
    return try MetricCache(configuration, report: log.note)
}

/// An answer to `need` in which every cell is counted; the counts tell Tweet, type and bucket apart.
func answer(_ need: MetricNeed, at time: UnixTime, plus offset: Int64 = 0) -> MetricTable {
    var table = MetricTable(need)
    for row in need.tweets.indices {
        for type in need.types.types {
            for bucket in 0..<table.bucketCount {
                table[row, type, bucket] = counted(expectedCount(row, type, bucket) + offset, at: time)
            }
        }
    }
    return table
}

func expectedCount(_ row: Int, _ type: EngagementType, _ bucket: Int) -> Int64 {
    Int64(row * 100_000 + Int(type.rawValue) * 1000 + bucket)
}

func counted(_ count: Int64, at time: UnixTime) -> Cell {
    Cell(count: count, fetchedAt: UInt32(time.seconds), state: .counted, freshness: .fresh)
}

func absent(_ state: Cell.State, at time: UnixTime) -> Cell {
    Cell(count: 0, fetchedAt: UInt32(time.seconds), state: state, freshness: .fresh)
}

extension EngagementTypeSet {
    static let privateTotals = EngagementTypeSet([.impressions, .engagements])
}
