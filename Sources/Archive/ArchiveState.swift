internal import Engagement

/// What an archive knows beside its file: a value under one lock.
struct ArchiveState: Sendable {
    /// What was noted and is not being written yet.
    var waiting: [ObservationKey: ObservedTotals] = [:]
    /// What is being written.
    var writing: [ObservationKey: ObservedTotals] = [:]
    /// Purges that are not in the file yet.
    var unwritten: [PurgeSelection] = []
    /// How often these became too many, and so one of everything.
    private(set) var unwrittenEpoch = 0
    /// The last purges, so that what was asked before them is not kept.
    private(set) var recentPurges: [PurgeSelection] = []
    private(set) var purgeCount = 0
    var unavailable = UnavailableTweets()
    /// The latest time that something came with.
    var latest = UnixTime(seconds: 0)

    /// Histories that wait for a file that cannot be written; beyond it no new ones are noted.
    private static let mostWaiting = 200_000
    /// Purges that wait for a file that cannot be written.
    private static let mostUnwritten = 256
    /// Purges that calls under way are compared with; a call that has seen more pass keeps nothing.
    private static let mostRecentPurges = 64

    mutating func purge(_ selection: PurgeSelection, hasFile: Bool) {
        waiting = waiting.filter { !selection.selects($0.key.tweet, $0.key.scope) }
        writing = writing.filter { !selection.selects($0.key.tweet, $0.key.scope) }
        purgeCount += 1
        recentPurges = recentPurges.suffix(ArchiveState.mostRecentPurges - 1) + [selection]
        guard hasFile else { return }
        unwritten.append(selection)
        if unwritten.count > ArchiveState.mostUnwritten {
            unwritten = [.everything]
            unwrittenEpoch += 1
        }
    }

    /// Whether an observation may be kept: no purge has come over it, and there is room for it.
    func mayNote(_ key: ObservationKey, since purge: Int) -> Bool {
        let missed = purgeCount - purge
        if missed > recentPurges.count { return false }
        if recentPurges.suffix(missed).contains(where: { $0.selects(key.tweet, key.scope) }) { return false }
        return waiting.count < ArchiveState.mostWaiting || waiting[key] != nil
    }

    /// What was noted of a Tweet and may not be in the file yet.
    func recent(_ key: ObservationKey) -> ObservedTotals? {
        guard var record = writing[key] else { return waiting[key] }
        if let later = waiting[key] { record.merge(later) }
        return record
    }

    mutating func putBack() {
        for (key, older) in writing {
            var record = older
            if let later = waiting[key] { record.merge(later) }
            waiting[key] = record
        }
        writing = [:]
    }
}

extension PurgeSelection {
    /// Whether it is about lifetime counts of `tweet` under `scope`.
    func selects(_ tweet: TweetID, _ scope: CellScope) -> Bool {
        if family == .series { return false }
        if let account, scope != .account(account) { return false }
        return tweets?.contains(tweet) ?? true
    }
}
