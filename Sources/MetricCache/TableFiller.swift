internal import Engagement

/// Writes the cells of packed records into a table, with their freshness.
@safe
struct TableFiller {
    private let cells: UnsafeMutableBufferPointer<Cell>
    private let need: MetricNeed
    private let tweetStride: Int
    private let bucketCount: Int
    private let timeToLive: TimeToLive
    private let now: Int64
    private let notBefore: Int64
    /// Counts of totals that are younger than this are fresh, however old the Tweet is.
    private let shortestLifeOfTotals: Int

    /// The place of each totals type's cell within a Tweet's cells, -1 for those that are not wanted.
    typealias Columns = InlineArray<7, Int>

    /// `cells` are those of `table` and must stay valid as long as the filler is used.
    init(
        _ cells: UnsafeMutableBufferPointer<Cell>,
        need: MetricNeed,
        tweetStride: Int,
        bucketCount: Int,
        timeToLive: TimeToLive,
        now: UnixTime,
        notBefore: UnixTime?
    ) {
        unsafe self.cells = unsafe cells
        self.need = need
        self.tweetStride = tweetStride
        self.bucketCount = bucketCount
        self.timeToLive = timeToLive
        self.now = now.seconds
        // Cells carry whole seconds, rounded down, so the moment must be rounded in the same way.
        self.notBefore = notBefore?.seconds ?? .max
        shortestLifeOfTotals = timeToLive.shortestLifeOfTotals(need.freshness)
    }

    private func freshness(
        _ state: Cell.State,
        _ fetchedAt: UInt32,
        _ subject: TimeToLive.Subject,
        isOutdated: Bool
    ) -> Cell.Freshness {
        if isOutdated {
            // Whoever wants nothing that is past its time does not want this either.
            if need.freshness.onlyIfCached || need.freshness.staleness == .refused { return .gone }
            let freshness = self.freshness(state, fetchedAt, subject, isOutdated: false)
            return freshness == .gone ? .gone : .expired
        }
        if Int64(fetchedAt) >= notBefore { return .fresh }
        let lifetime = timeToLive.lifetime(of: state, subject: subject, fetchedAt: fetchedAt)
        if need.freshness == .usual { return timeToLive.freshness(fetchedAt: fetchedAt, lifetime: lifetime, now: now) }
        return timeToLive.freshness(fetchedAt: fetchedAt, lifetime: lifetime, now: now, demand: need.freshness)
    }

    // MARK: - Totals

    func columns(_ types: EngagementTypeSet) -> Columns {
        var columns = Columns(repeating: -1)
        for type in EngagementType.allCases where types.contains(type) && EngagementTypeSet.totals.contains(type) {
            columns[Int(type.rawValue)] = need.types.rank(of: type)
        }
        return columns
    }

    /// Fills the totals of the Tweet in row `row`.
    @inline(__always)
    func fillTotals(_ row: Int, _ tweet: TweetID, _ columns: Columns, _ record: UnsafeRawBufferPointer) {
        let base = row &* tweetStride
        var reader = unsafe TotalsReader(record)
        while let group = reader.nextGroup() {
            let age = now &- Int64(group.fetchedAt)
            let freshness =
                group.state == .counted && !group.isOutdated && age >= 0 && age < shortestLifeOfTotals
                ? .fresh
                : freshness(group.state, group.fetchedAt, .totals(tweet), isOutdated: group.isOutdated)
            var types = group.types
            while types != 0 {
                let type = types.trailingZeroBitCount
                types &= types &- 1
                let count = group.state == .counted ? reader.count() : 0
                let column = columns[type]
                guard column >= 0, freshness != .gone else { continue }
                unsafe cells[base &+ column] = Cell(
                    count: count,
                    fetchedAt: group.fetchedAt,
                    state: group.state,
                    freshness: freshness
                )
            }
        }
    }

    // MARK: - Series

    /// Fills the hours, or the one day, that the table wants of the day `day` of the Tweet in row `row`.
    func fillSeries(_ row: Int, _ day: Int32, _ types: EngagementTypeSet, _ record: UnsafeRawBufferPointer) {
        guard let window = need.window else { return }
        var reader = unsafe SeriesReader(record)
        let firstHour = UTCDay(index: day).firstHour
        let bucketOfFirstHour = Int(firstHour.index - window.start.index)
        while let type = reader.nextType(of: types) {
            let base = row * tweetStride + need.types.rank(of: type) * bucketCount
            switch need.grain {
            case .hour: fillHours(base + bucketOfFirstHour, firstHour, window, &reader)
            case .day: fillDay(base + bucketOfFirstHour / 24, UTCDay(index: day), &reader)
            }
        }
    }

    private func fillHours(_ base: Int, _ firstHour: UTCHour, _ window: HourWindow, _ reader: inout SeriesReader) {
        while let run = reader.nextRun() {
            for slot in run.slots {
                let count = run.state == .counted ? reader.count() : 0
                let hour = firstHour.advanced(by: slot)
                guard slot != SeriesDay.daySlot, window.contains(hour) else { continue }
                let freshness = freshness(run.state, run.fetchedAt, .hour(hour), isOutdated: run.isOutdated)
                guard freshness != .gone else { continue }
                unsafe cells[base + slot] = Cell(
                    count: count,
                    fetchedAt: run.fetchedAt,
                    state: run.state,
                    freshness: freshness
                )
            }
        }
    }

    /// A day is answered by its own cell or by its hours, whichever is fresher and, among equals, younger.
    private func fillDay(_ place: Int, _ day: UTCDay, _ reader: inout SeriesReader) {
        var sum = DaySum()
        var best = Cell.missing
        while let run = reader.nextRun() {
            for slot in run.slots {
                let count = run.state == .counted ? reader.count() : 0
                let subject: TimeToLive.Subject =
                    slot == SeriesDay.daySlot ? .day(day) : .hour(day.firstHour.advanced(by: slot))
                let freshness = freshness(run.state, run.fetchedAt, subject, isOutdated: run.isOutdated)
                let cell = Cell(count: count, fetchedAt: run.fetchedAt, state: run.state, freshness: freshness)
                if slot == SeriesDay.daySlot { best = cell } else { sum.add(cell) }
            }
        }
        if let cell = sum.cell,
            (cell.freshness.rawValue, cell.fetchedAt) > (best.freshness.rawValue, best.fetchedAt)
        {
            best = cell
        }
        if best.freshness != .gone { unsafe cells[place] = best }
    }
}

/// The hours of a day added up: a day as old as its oldest hour, and only as fresh as its least fresh one. Hours of which some
/// are counted and some are not add up to nothing.
private struct DaySum {
    private var total = Cell.missing
    private var hours = 0
    private var isBroken = false

    mutating func add(_ hour: Cell) {
        defer { hours += 1 }
        if hours == 0 {
            total = hour
            return
        }
        let (count, overflow) = total.count.addingReportingOverflow(hour.count)
        isBroken = isBroken || overflow || hour.state != total.state
        total.count = count
        total.fetchedAt = min(total.fetchedAt, hour.fetchedAt)
        if hour.freshness.rawValue < total.freshness.rawValue { total.freshness = hour.freshness }
    }

    /// The day's cell, if all its hours were added.
    var cell: Cell? { hours == 24 && !isBroken ? total : nil }
}
