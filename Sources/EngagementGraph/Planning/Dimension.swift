internal import Engagement

/// What rows can be divided by: the values of `TotalsGrouping` and `SeriesGrouping`.
internal enum Dimension: String, Hashable, Sendable {
    case tweet = "TWEET"
    case engagementType = "ENGAGEMENT_TYPE"
    case hour = "HOUR"
    case day = "DAY"
    case week = "WEEK"
    case month = "MONTH"
    case hourOfDay = "HOUR_OF_DAY"
}

/// The dimensions of one field's rows, in the order of its `groupBy`, each once.
internal struct Grouping: Equatable, Sendable {
    /// Of hours, days, weeks and months only the finest one, at the place of the first that was listed: an hour lies in
    /// one day, so dividing by both divides by the hour.
    let dimensions: [Dimension]
    /// How time is divided, if it is.
    let calendar: CalendarUnit?

    init(_ listed: [Dimension]) {
        let calendar = listed.compactMap(CalendarUnit.init).min()
        var dimensions: [Dimension] = []
        for dimension in listed {
            var dimension = dimension
            if let calendar, CalendarUnit(dimension) != nil { dimension = calendar.dimension }
            if !dimensions.contains(dimension) { dimensions.append(dimension) }
        }
        self.dimensions = dimensions
        self.calendar = calendar
    }

    func contains(_ dimension: Dimension) -> Bool { dimensions.contains(dimension) }
}

/// The divisions of time that follow one another, finest first.
internal enum CalendarUnit: Int, Comparable, Sendable {
    case hour
    case day
    case week
    case month

    init?(_ dimension: Dimension) {
        switch dimension {
        case .hour: self = .hour
        case .day: self = .day
        case .week: self = .week
        case .month: self = .month
        case .tweet, .engagementType, .hourOfDay: return nil
        }
    }

    var dimension: Dimension {
        switch self {
        case .hour: .hour
        case .day: .day
        case .week: .week
        case .month: .month
        }
    }

    static func < (left: CalendarUnit, right: CalendarUnit) -> Bool { left.rawValue < right.rawValue }
}
