internal import Engagement

/// When each list is looked at next: a value without a clock.
struct RefreshTimetable: Sendable {
    private struct Entry {
        var list: NamedList
        var next: UnixTime
        var isUnderWay = false
        /// Changed while its round was under way: what is new is not in that.
        var isOverdue = false
    }

    private var entries: [ListName: Entry] = [:]
    private var version: UInt64?

    /// Lists that are due so soon are looked at with those that are due now, so that their calls go full.
    static let companyMilliseconds: Int64 = 2000

    /// Takes up lists that are new or changed, which are due at once, and forgets those that are gone. A clock that was set back
    /// puts nothing off for longer than a day.
    mutating func note(_ directory: ListDirectory, now: UnixTime) {
        let latest = now.advanced(bySeconds: ListRefresh.everySecondsBounds.upperBound)
        for name in entries.keys where entries[name].map({ $0.next > latest }) == true { entries[name]?.next = now }
        guard directory.version != version else { return }
        version = directory.version
        let lists = directory.all.filter { $0.refresh != nil && !$0.tweets.isEmpty }
        let names = Set(lists.map(\.name))
        entries = entries.filter { names.contains($0.key) }
        for list in lists {
            guard var entry = entries[list.name] else {
                entries[list.name] = Entry(list: list, next: now)
                continue
            }
            guard entry.list != list else { continue }
            entry.list = list
            entry.next = now
            entry.isOverdue = entry.isUnderWay
            entries[list.name] = entry
        }
    }

    /// Makes every list due, as after a purge. A round that is under way may have looked before it: its list has another.
    mutating func hurry(now: UnixTime) {
        for name in entries.keys {
            guard var entry = entries[name] else { continue }
            entry.next = now
            entry.isOverdue = entry.isUnderWay
            entries[name] = entry
        }
    }

    /// The lists whose round begins now.
    mutating func takeDue(now: UnixTime) -> [ListName] {
        let idle = entries.filter { !$0.value.isUnderWay }
        guard idle.values.contains(where: { $0.next <= now }) else { return [] }
        let limit = now.advanced(byMilliseconds: RefreshTimetable.companyMilliseconds)
        let due = idle.filter { $0.value.next <= limit }.keys.sorted()
        for name in due { entries[name]?.isUnderWay = true }
        return due
    }

    /// A round of the list has ended.
    mutating func finish(_ name: ListName, next: UnixTime, now: UnixTime) {
        guard var entry = entries[name] else { return }
        entry.next = entry.isOverdue ? now : max(next, now)
        entry.isOverdue = false
        entry.isUnderWay = false
        entries[name] = entry
    }

    /// When the next round begins, of the lists that have none under way.
    var next: UnixTime? { entries.values.lazy.filter { !$0.isUnderWay }.map(\.next).min() }
}

extension UnixTime {
    internal func advanced(byMilliseconds milliseconds: Int64) -> UnixTime {
        UnixTime(milliseconds: self.milliseconds + milliseconds)
    }
}
