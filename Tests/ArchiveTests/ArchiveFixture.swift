import Archive
import Engagement
import Synchronization
import TestSupport

let ada = AccountName("ada")
let bob = AccountName("bob")

/// A time of UTC.
func time(_ text: String) -> UnixTime {
    guard let time = UnixTime(iso8601: text) else { preconditionFailure("\(text) is a time") }
    return time
}

let noon = time("2024-03-05T12:00:00Z")

/// Collects the events of an archive.
final class EventLog: Sendable {
    private let events = Mutex<[ArchiveEvent]>([])

    var all: [ArchiveEvent] { events.withLock { $0 } }

    @Sendable func note(_ event: ArchiveEvent) {
        events.withLock { $0.append(event) }
    }
}

/// An archive over a file in a folder of its own.
func makeArchive(
    _ folder: TemporaryFolder,
    log: EventLog = EventLog(),
    _ configure: (inout ArchiveConfiguration) -> Void = { _ in }
) throws -> Archive {
    var configuration = ArchiveConfiguration(path: folder.path(Archive.fileName))
    configuration.busyTimeoutMilliseconds = 50
    configure(&configuration)
    return try Archive(configuration, report: log.note)
}

extension Archive {
    /// Notes counts of Tweets as the API gave them at `now`.
    func note(
        _ counts: [UInt64: Int64],
        _ type: EngagementType = .favorites,
        as scope: CellScope = .everyone,
        at now: UnixTime,
        since purge: Int? = nil
    ) {
        note(counts.mapValues { Cell(count: $0, at: now) }, type, as: scope, at: now, since: purge)
    }

    /// Notes that the API called Tweets unavailable at `now`.
    func noteUnavailable(_ tweets: UInt64..., at now: UnixTime) {
        let seconds = UInt32(now.seconds)
        let gone = Cell(count: 0, fetchedAt: seconds, state: .unavailable, freshness: .fresh)
        note(
            Dictionary(uniqueKeysWithValues: tweets.map { ($0, gone) }),
            .favorites,
            as: .everyone,
            at: now,
            since: nil
        )
    }

    private func note(
        _ cells: [UInt64: Cell],
        _ type: EngagementType,
        as scope: CellScope,
        at now: UnixTime,
        since purge: Int?
    ) {
        let account = if case .account(let account) = scope { account } else { AccountName("") }
        let tweets = cells.keys.sorted()
        var answer = MetricTable(
            .totals(account: account, tweets: tweets.map(TweetID.init(rawValue:)), types: EngagementTypeSet(type))
        )
        for (row, tweet) in tweets.enumerated() { answer[row, type] = cells[tweet] ?? .missing }
        note(answer, scope: scope, now: now, since: purge ?? purgeCount)
    }

    /// What was seen of a Tweet at `moment` or before, and when.
    func seen(
        _ tweet: UInt64,
        _ type: EngagementType = .favorites,
        by account: AccountName = ada,
        asOf moment: UnixTime
    ) -> Seen? {
        var need = MetricNeed.totals(
            account: account,
            tweets: [TweetID(rawValue: tweet)],
            types: EngagementTypeSet(type)
        )
        need.moments = [moment]
        let cell = totals(need)[0, type]
        return cell.state == .counted ? Seen(cell.count, UnixTime(seconds: Int64(cell.fetchedAt))) : nil
    }
}

struct Seen: Equatable {
    let count: Int64
    let at: UnixTime

    init(_ count: Int64, _ at: UnixTime) {
        self.count = count
        self.at = at
    }
}

extension Cell {
    fileprivate init(count: Int64, at time: UnixTime) {
        self.init(count: count, fetchedAt: UInt32(time.seconds), state: .counted, freshness: .fresh)
    }
}

extension UnixTime {
    func after(minutes: Int64) -> UnixTime { advanced(bySeconds: minutes * 60) }
    func after(hours: Int64) -> UnixTime { advanced(bySeconds: hours * 3600) }
}
