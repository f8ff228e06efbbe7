public import Engagement
public import MetricCache
internal import Synchronization

/// Keeps the numbers of lists warm: fetches what would go stale before it looks again, ahead of the pages that will ask for it.
///
/// A *round* looks at all lists that are due, plans full calls over them together (250 Tweets of totals, 25 of a series), and sends
/// them one after the other, spread over a part of the time until the next round. All calls are ``CallUrgency/background``: they
/// leave the shares of the quota that are kept for others alone, wait while there is nothing left over or the API is left alone,
/// and go on after. They are boarded like everybody's, so that nobody asks twice for what a page has under way.
///
/// No list has two rounds at once. A round that takes longer than it should, for want of quota, puts its list's next one off; other
/// lists have theirs meanwhile.
public final class ListRefresher: Sendable {
    private let loader: MetricLoader
    private let lists: @Sendable () -> ListDirectory
    private let readers: ListReaders
    private let timeToLive: TimeToLive
    private let clock: TimeSource
    private let pacing: RefreshPacing
    private let state = Mutex(State())

    private static let idleMilliseconds: Int64 = 3_600_000

    private struct State {
        var timetable = RefreshTimetable()
        var statuses: [ListName: ListRefreshStatus] = [:]
        var statistics = RefreshStatistics()
        var isStopped = false
        /// Fulfilled to end the wait for the next round early.
        var alarm = Promise<Void>()
        var task: Task<Void, Never>?
    }

    /// - Parameters:
    ///   - lists: The lists as they are now.
    ///   - readers: Who asks for the numbers, as pages will.
    ///   - timeToLive: How long numbers live.
    public init(
        loader: MetricLoader,
        lists: @escaping @Sendable () -> ListDirectory,
        readers: ListReaders,
        timeToLive: TimeToLive,
        clock: @escaping TimeSource,
        pacing: RefreshPacing = RefreshPacing()
    ) {
        self.loader = loader
        self.lists = lists
        self.readers = readers
        self.timeToLive = timeToLive
        self.clock = clock
        self.pacing = pacing
    }

    // MARK: - Life

    /// Has rounds as they come due, until ``stop()``.
    public func start() {
        let task = Task { [weak self] in
            await withDiscardingTaskGroup { rounds in
                while let self, let alarm = self.nextAlarm() {
                    let due = self.takeDue()
                    if !due.isEmpty { rounds.addTask { await self.round(due) } }
                    let wait = self.millisecondsToNext()
                    _ = await alarm.value(within: wait, sleep: self.pacing.sleep)
                }
            }
        }
        state.withLock { $0.task = task }
    }

    /// No call is begun any more. Those that are under way end by themselves.
    public func stop() {
        let (alarm, task) = state.withLock { state in
            state.isStopped = true
            return (state.alarm, state.task)
        }
        alarm.fulfil(())
        task?.cancel()
    }

    /// Looks at once at lists that were changed.
    public func listsChanged() {
        let alarm = state.withLock { state in
            state.timetable.note(lists(), now: clock())
            return state.alarm
        }
        alarm.fulfil(())
    }

    /// Looks at all lists at once: numbers were purged.
    public func numbersPurged() {
        let alarm = state.withLock { state in
            state.timetable.hurry(now: clock())
            return state.alarm
        }
        alarm.fulfil(())
    }

    // MARK: - What is known

    /// How far a list is refreshed.
    public func status(of name: ListName) -> ListRefreshStatus? { state.withLock { $0.statuses[name] } }

    /// What was done so far.
    public var statistics: RefreshStatistics { state.withLock { $0.statistics } }

    /// When the next round begins, as far as no round is under way; nil without lists to refresh.
    public var nextRound: UnixTime? { state.withLock { $0.timetable.next } }

    // MARK: - Rounds

    /// Has the round that is due now, if one is, to its end: one turn of what ``start()`` does all the time.
    public func runDue() async {
        let due = takeDue()
        if !due.isEmpty { await round(due) }
    }

    private func nextAlarm() -> Promise<Void>? {
        state.withLock { state in
            if state.isStopped { return nil }
            state.alarm = Promise()
            return state.alarm
        }
    }

    private func takeDue() -> [NamedList] {
        let (directory, now) = (lists(), clock())
        return state.withLock { state in
            if state.isStopped { return [] }
            state.timetable.note(directory, now: now)
            state.statuses = state.statuses.filter { directory[$0.key]?.refresh != nil }
            return state.timetable.takeDue(now: now).compactMap { directory[$0] }
        }
    }

    private func millisecondsToNext() -> Int64 {
        let now = clock()
        // Without lists there is nothing to look for before one is made.
        guard let next = nextRound else { return ListRefresher.idleMilliseconds }
        return min(max(next.milliseconds - now.milliseconds, 1), pacing.lookMilliseconds)
    }

    private func round(_ due: [NamedList]) async {
        let began = clock()
        let spans = Dictionary(uniqueKeysWithValues: due.map { ($0.name, RefreshSpan($0, timeToLive, now: began)) })
        let spread = spans.values.map(\.spreadMilliseconds).min() ?? 0
        var gaps: [CellGap] = []
        var cold: Set<TweetID> = []
        for list in due {
            guard let span = spans[list.name] else { continue }
            for need in ListNeeds.needs(of: list, readers, now: began, freshFor: span.seconds) {
                let table = loader.reader.table(need, now: began)
                gaps += loader.reader.gaps(in: table, now: began)
                for (row, tweet) in need.tweets.enumerated() where table.isCold(row: row) { cold.insert(tweet) }
                await Task.yield()
            }
        }
        let calls = RefreshCall.plan(gaps, cold: cold, now: began, recent: loader.board.recent)
        let isComplete = await send(calls, within: spread)
        let ended = clock()
        for list in due {
            let (numbers, warm) = await warmth(of: list, now: ended)
            state.withLock { state in
                var status = state.statuses[list.name] ?? ListRefreshStatus()
                status.numbers = numbers
                status.warmNumbers = warm
                status.rounds += 1
                if isComplete { status.refreshedAt = ended }
                state.statuses[list.name] = status
                let delay = spans[list.name]?.delayMilliseconds(jitter: pacing.jitter()) ?? 0
                state.timetable.finish(list.name, next: list.nextLook(after: began, delay: delay), now: ended)
            }
        }
        state.withLock { $0.statistics.rounds += 1 }
    }

    /// How many numbers a list has, and how many of them can be served without waiting.
    private func warmth(of list: NamedList, now: UnixTime) async -> (numbers: Int, warm: Int) {
        var (numbers, warm) = (0, 0)
        for need in ListNeeds.needs(of: list, readers, now: now, freshFor: 0) {
            let table = loader.reader.table(need, now: now)
            numbers += table.cells.count
            warm += table.cells.count { $0.freshness == .fresh || $0.freshness == .stale }
            await Task.yield()
        }
        return (numbers, warm)
    }

    /// Sends the calls, those of each account and of the app in a row of their own. Returns whether all were answered.
    private func send(_ calls: [RefreshCall], within milliseconds: Int64) async -> Bool {
        let rows = Dictionary(grouping: calls, by: \.planned.access)
        return await withTaskGroup(of: Bool.self) { group in
            for calls in rows.values {
                let row = RefreshRow(
                    loader: loader,
                    pacing: pacing,
                    clock: clock,
                    pauseMilliseconds: milliseconds / Int64(calls.count),
                    isStopped: { self.state.withLock { $0.isStopped } },
                    sent: { count in self.state.withLock { $0.statistics.calls += count } }
                )
                group.addTask { await row.send(calls) }
            }
            return await group.reduce(true) { $0 && $1 }
        }
    }
}

extension MetricTable {
    /// Whether a page would wait for a number of the Tweet in a row.
    fileprivate func isCold(row: Int) -> Bool {
        cells[row * tweetStride..<(row + 1) * tweetStride].contains { $0.state == .missing || $0.freshness == .gone }
    }
}

extension NamedList {
    /// When to look again: the numbers of the hour that begins then have to be there as soon as there are any.
    fileprivate func nextLook(after began: UnixTime, delay: Int64) -> UnixTime {
        let next = began.advanced(byMilliseconds: delay)
        guard refresh?.hasSeries == true else { return next }
        return min(next, began.flooredHour.advanced(by: 1).start.advanced(bySeconds: 1))
    }
}
