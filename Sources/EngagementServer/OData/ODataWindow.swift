internal import Engagement

/// The hours that a table over time shows: those that the conditions on the time leave, in one piece.
///
/// Days and hours are shown when they are over. If nothing says how far back, it is a number of days.
internal struct ODataWindow: Equatable, Sendable {
    /// Nil if there are none.
    private(set) var window: HourWindow?
    /// Whether every row of the window fits the conditions.
    private(set) var isExact = true

    /// - Parameters:
    ///   - width: How many hours a row has: 1, or 24 for days of UTC.
    ///   - conditions: What look at the time and at nothing else; all of them have to hold.
    ///   - since: The first hour that was ever counted, at which a day begins.
    init(width: Int, _ conditions: [FilterExpression], defaultDays: Int, since: UTCHour, asked: UnixTime) {
        let end = width == 24 ? asked.flooredHour.day.firstHour : asked.flooredHour
        guard since < end else { return }
        func fits(_ hour: UTCHour) -> Bool {
            let time = ODataValue.moment(hour.start)
            return conditions.allSatisfy { $0.holds { _ in time } }
        }
        // What holds changes at the times of the conditions only, so that it is enough to look there.
        var turns: Set<Int32> = [since.index]
        for case .moment(let time) in conditions.flatMap(\.literals) {
            let hour = time.milliseconds.floorDivided(by: 3_600_000 * Int64(width)) * Int64(width)
            for turn in [hour, hour + Int64(width)] where turn > Int64(since.index) && turn < Int64(end.index) {
                turns.insert(Int32(turn))
            }
        }
        let starts = turns.sorted()
        var fitting: [HourWindow] = []
        for (start, next) in zip(starts, starts.dropFirst() + [end.index]) where fits(UTCHour(index: start)) {
            fitting.append(HourWindow(start: UTCHour(index: start), end: UTCHour(index: next)))
        }
        guard let last = fitting.last?.end else { return }
        // What fits long before anything was counted, fits as far back as one likes.
        if fits(UTCHour(index: Int32.min)) {
            let limit = HourWindow(start: max(since, last.advanced(by: -defaultDays * 24)), end: last)
            fitting = fitting.compactMap { $0.intersection(limit) }
        }
        guard let first = fitting.first?.start else { return }
        window = HourWindow(start: first, end: last)
        isExact = fitting.reduce(0) { $0 + $1.hours } == window?.hours
    }
}
