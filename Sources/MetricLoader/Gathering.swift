internal import Engagement
internal import EngagementAPI

/// Gaps that one kind of call can close, waiting for company and for the quota.
///
/// Each Tweet's gaps are merged as they come, so that operations that lack the same cell wait for the same departure.
internal struct Gathering {
    /// Which gaps may share calls: those of the same eyes and family.
    struct Key: Hashable, Sendable {
        let access: UpstreamAccess
        let family: MetricFamily

        init(_ gap: CellGap) {
            access = gap.access
            family = gap.window == nil ? .totals : .series
        }
    }

    private struct Entry {
        var gap: CellGap
        var urgency: CallUrgency
        /// When somebody first wanted it.
        let since: UnixTime
        /// When the last who waits for it gives up.
        var until: UnixTime
        /// Whether other nodes were asked for it.
        var isConsulted = false
    }

    private var entries: [Entry] = []
    private var places: [TweetID: [Int]] = [:]
    private var departures: [CallUrgency: Promise<[Flight]>] = [:]
    /// How many gaps have come so far: whether there is news.
    private(set) var arrivals = 0
    /// Whether entries have waited for the quota, so that others may have closed them in the meantime.
    var isDelayed = false
    /// Kept when the last wait for the quota began; fulfilled to end it early.
    var alarm: Promise<Void>?

    /// Gaps beyond this many are not queued for a later refresh.
    static let maximumEntries = 200_000

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    /// The urgencies of those who wait, the most urgent first.
    var urgencies: [CallUrgency] {
        let present = Set(entries.map(\.urgency))
        return CallUrgency.allCases.sorted(by: >).filter(present.contains)
    }

    /// Enters a gap, and returns the departure that will close it.
    mutating func enter(
        _ gap: CellGap,
        _ urgency: CallUrgency,
        since: UnixTime,
        until: UnixTime
    ) -> Promise<[Flight]> {
        arrivals += 1
        for place in places[gap.tweet] ?? [] {
            guard let merged = entries[place].gap.merged(with: gap) else { continue }
            if merged != entries[place].gap { entries[place].isConsulted = false }
            entries[place].gap = merged
            entries[place].urgency = max(entries[place].urgency, urgency)
            entries[place].until = max(entries[place].until, until)
            return departure(at: entries[place].urgency)
        }
        places[gap.tweet, default: []].append(entries.count)
        entries.append(Entry(gap: gap, urgency: urgency, since: since, until: until))
        return departure(at: urgency)
    }

    private mutating func departure(at urgency: CallUrgency) -> Promise<[Flight]> {
        if let departure = departures[urgency] { return departure }
        let departure = Promise<[Flight]>()
        departures[urgency] = departure
        return departure
    }

    /// Tells of `flights` those that have nothing left to wait for here: what they wanted has been taken, with theirs or with
    /// more urgent ones. Whoever comes later waits for another departure.
    mutating func announce(_ flights: [Flight]) {
        let present = Set(entries.map(\.urgency))
        for urgency in Set(departures.keys).subtracting(present) {
            departures.removeValue(forKey: urgency)?.fulfil(flights)
        }
    }

    /// Makes whoever waits at `urgency` look again; what they wanted is still fetched some time, if it is kept.
    mutating func dismiss(_ urgency: CallUrgency, isKept: Bool) {
        if isKept {
            for place in entries.indices where entries[place].urgency == urgency {
                entries[place].urgency = .background
            }
        } else {
            replaceEntries(entries.filter { $0.urgency != urgency })
        }
        departures.removeValue(forKey: urgency)?.fulfil([])
    }

    /// Takes out the gaps of these urgencies, and as many less urgent ones as find room in calls that are not full.
    mutating func take(_ urgencies: Set<CallUrgency>, capacity: Int?) -> [CellGap] {
        var taken: [CellGap] = []
        var left: [Entry] = []
        for entry in entries {
            if urgencies.contains(entry.urgency) { taken.append(entry.gap) } else { left.append(entry) }
        }
        if let capacity, !taken.isEmpty {
            let room = (capacity - taken.count % capacity) % capacity
            taken += left.prefix(room).map(\.gap)
            left.removeFirst(min(room, left.count))
        }
        replaceEntries(left)
        return taken
    }

    /// The gaps that other nodes were not asked for yet, and those that somebody waits for: for want of quota, perhaps for long.
    mutating func takeUnconsulted() -> [CellGap] {
        let places = entries.indices.filter { !entries[$0].isConsulted || entries[$0].urgency > .background }
        for place in places { entries[place].isConsulted = true }
        return places.map { entries[$0].gap }
    }

    /// Takes out the gaps that are closed by now. All who wait look again what is left for them.
    mutating func close(_ stillOpen: ([CellGap]) -> [CellGap]) {
        let open = Set(stillOpen(entries.map(\.gap)).map(\.tweet))
        let left = entries.filter { open.contains($0.gap.tweet) }
        guard left.count < entries.count else { return }
        replaceEntries(left)
        for departure in departures.values { departure.fulfil([]) }
        departures = [:]
    }

    /// What nobody waits for any more becomes a refresh.
    mutating func demote(at now: UnixTime) {
        for place in entries.indices where entries[place].until < now { entries[place].urgency = .background }
    }

    /// Forgets refreshes that have waited since before `time`.
    mutating func dropRefreshes(since time: UnixTime) {
        guard entries.contains(where: { $0.urgency == .background && $0.since < time }) else { return }
        replaceEntries(entries.filter { $0.urgency != .background || $0.since >= time })
    }

    private mutating func replaceEntries(_ entries: [Entry]) {
        self.entries = entries
        places.removeAll(keepingCapacity: true)
        for (place, entry) in entries.enumerated() { places[entry.gap.tweet, default: []].append(place) }
    }
}

extension CellGap {
    /// One gap for both, if one call would close them: hours of the same grain that are less than a day apart.
    fileprivate func merged(with other: CellGap) -> CellGap? {
        guard access == other.access, tweet == other.tweet, grain == other.grain else { return nil }
        var merged = self
        merged.types.formUnion(other.types)
        merged.freshness = freshness.strictest(with: other.freshness)
        switch (window, other.window) {
        case (nil, nil): return merged
        case (let window?, let wanted?):
            let reach = HourWindow(start: window.start.advanced(by: -24), end: window.end.advanced(by: 24))
            guard reach.intersection(wanted) != nil else { return nil }
            merged.window = HourWindow(start: min(window.start, wanted.start), end: max(window.end, wanted.end))
            return merged
        default: return nil
        }
    }
}
