internal import Engagement

/// The window of a field with metrics over time, and how its rows divide it.
internal struct FieldTime: Hashable, Sendable {
    let window: HourWindow
    /// The name of a time zone.
    let zone: String
    /// The dimensions of time among the field's grouping.
    let calendar: CalendarUnit?
    let hasHoursOfDay: Bool

    init(window: HourWindow, zone: String, grouping: Grouping) {
        self.window = window
        self.zone = zone
        calendar = grouping.calendar
        hasHoursOfDay = grouping.contains(.hourOfDay)
    }

    /// Days of UTC can be had as days; everything else is put together from hours.
    var grain: MetricNeed.Grain {
        let needsHours =
            !window.isDayAligned || calendar == .hour || hasHoursOfDay
            || (calendar != nil && !ZoneOffsets.isUTC(zone))
        return needsHours ? .hour : .day
    }

    /// How many hours or days there are.
    var steps: Int { grain == .day ? window.hours / 24 : window.hours }

    /// At most this many rows of one Tweet. Hours of the day are counted for each calendar unit, of which the first and
    /// the last may be a part only.
    var maximumRows: Int {
        guard hasHoursOfDay else { return steps }
        return calendar == .hour ? steps * 24 : steps + 2 * 24
    }
}

/// How much an operation asks for, counted before any of it is built.
internal struct PlanSize {
    /// Tweets named in all arguments together.
    var tweets = 0
    /// Tweets × metrics × hours or days, of all fields together.
    var cells = 0

    /// What one field adds: its cells, or its rows if it has more of them. A Tweet that is named twice is shown twice.
    /// Even a field without Tweets or metrics has its buckets of time.
    ///
    /// No overflow: a request has fewer than 2^24 ids and the API's history fewer than 2^24 hours.
    static func cells(tweets: Int, types: EngagementTypeSet, _ grouping: Grouping, _ time: FieldTime?) -> Int {
        max(tweets, 1) * max(types.count, 1) * (time?.maximumRows ?? 1)
    }

    func problem(lookups: Int, within limits: PlanLimits) -> PlanningError? {
        if tweets > limits.maximumTweets {
            return PlanningError(
                .tooManyTweets,
                """
                The operation names \(tweets) Tweets, more than the \(limits.maximumTweets) that \(limits.tweetsKey) allows. \
                Ask for them in several operations.
                """
            )
        }
        if cells > limits.maximumCells {
            return PlanningError(
                .tooManyCells,
                """
                The operation spans \(cells) cells (Tweets × metrics × hours or days), more than the \
                \(limits.maximumCells) that \(limits.cellsKey) allows. Ask for fewer Tweets, fewer metrics, a shorter window, \
                or days of UTC instead of hours.
                """
            )
        }
        if lookups > limits.maximumLookups {
            return PlanningError(
                .tooComplex,
                """
                The operation costs \(lookups) look-ups (Tweets × totals and windows), more than the \
                \(limits.maximumLookups) that limits.complexity allows. Ask for fewer Tweets or fewer windows at a time.
                """
            )
        }
        return nil
    }
}
