internal import Engagement

/// How the hours or days of a window are put together to the buckets that rows show.
internal struct TimeBuckets: Sendable {
    /// The bucket of each hour or day of the window.
    let bucketOf: [Int32]
    /// The hour on the zone's clock of each hour of the window; empty unless rows are divided by it.
    let hourOfDay: [UInt8]
    /// The hours of each bucket that lie in the window.
    let spans: [HourWindow]
    /// The day of the zone's calendar on which each bucket begins, also if that day lies before the window; empty unless rows
    /// are divided by days, weeks or months.
    let dates: [UTCDay]

    /// One bucket for all of a table that has no time.
    static let none = TimeBuckets(bucketOf: [0], hourOfDay: [], spans: [], dates: [])

    init(bucketOf: [Int32], hourOfDay: [UInt8], spans: [HourWindow], dates: [UTCDay]) {
        self.bucketOf = bucketOf
        self.hourOfDay = hourOfDay
        self.spans = spans
        self.dates = dates
    }

    /// - Throws: ``PlanningError`` if the zone's clocks do not fit whole hours and the grouping needs them.
    init(
        _ window: HourWindow,
        grain: MetricNeed.Grain,
        grouping: Grouping,
        offsets: ZoneOffsets
    ) throws(PlanningError) {
        let width = grain == .day ? 24 : 1
        let needsHours = grouping.contains(.hourOfDay)
        var bucketOf: [Int32] = []
        var hourOfDay: [UInt8] = []
        var spans: [HourWindow] = []
        var dates: [UTCDay] = []
        let hasDates = grouping.calendar.map { $0 != .hour } ?? false
        var current: Int32?
        bucketOf.reserveCapacity(window.hours / width)
        for step in 0..<window.hours / width {
            let hour = window.start.advanced(by: step * width)
            let end = hour.advanced(by: width)
            let key = try TimeBuckets.key(of: hour, grouping.calendar, offsets)
            if key == current, let last = spans.last {
                spans[spans.count - 1] = HourWindow(start: last.start, end: end)
            } else {
                spans.append(HourWindow(start: hour, end: end))
                if hasDates { dates.append(UTCDay(index: key)) }
                current = key
            }
            bucketOf.append(Int32(spans.count - 1))
            if needsHours {
                hourOfDay.append(UInt8(hour.advanced(by: try offsets.hours(at: hour)).hourOfDay))
            }
        }
        self.init(bucketOf: bucketOf, hourOfDay: hourOfDay, spans: spans, dates: dates)
    }

    /// A number that hours of the same bucket share and its neighbours do not: the day on which the bucket begins, the hour
    /// itself if the bucket is one.
    private static func key(
        of hour: UTCHour,
        _ unit: CalendarUnit?,
        _ offsets: ZoneOffsets
    ) throws(PlanningError) -> Int32 {
        guard let unit else { return 0 }
        if unit == .hour { return hour.index }
        let day = hour.advanced(by: try offsets.hours(at: hour)).day
        switch unit {
        case .hour, .day: return day.index
        // 1970-01-01 was a Thursday, three days after a Monday.
        case .week: return Int32(Int64(day.index + 3).floorDivided(by: 7) * 7 - 3)
        case .month: return day.index - Int32(CalendarDate(day).day - 1)
        }
    }
}
