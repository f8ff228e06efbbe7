internal import Engagement

/// A clock that runs fast while people are awake and slowly at night, so that the sandbox's counts have a daily rhythm.
///
/// Each hour of UTC has a weight in per cent of an average hour; the 24 weights add up to 2400, so a whole day of active time
/// is as long as a day. The unit is a hundredth of a millisecond: one millisecond of an hour with weight 60 adds 60 units.
///
///     active(t) = day(t) × 2400 × 3,600,000 + (sum of the weights before the hour) × 3,600,000 + weight × milliseconds
///
/// where `milliseconds` are those since the hour began. Being a table lookup, it costs the same for every moment.
enum ActiveTime {
    /// Per cent of an average hour, for 00 to 23 o'clock UTC.
    static let weights: [Int64] = [
        60, 45, 35, 30, 30, 35, 50, 70, 85, 95, 100, 110, 125, 140, 150, 155, 160, 165, 165, 155, 140, 120, 100, 80,
    ]

    /// Units in an hour of average weight.
    static let unitsPerHour: Int64 = 100 * millisecondsPerHour

    /// Units in a day.
    static let unitsPerDay: Int64 = 24 * unitsPerHour

    /// The units from 1970 up to `time`. Never falls as time passes.
    static func units(at time: UnixTime) -> Int64 {
        let hour = time.flooredHour
        let within = time.milliseconds - hour.start.milliseconds
        return Int64(hour.day.index) * unitsPerDay
            + weightsBefore[hour.hourOfDay] * millisecondsPerHour
            + weights[hour.hourOfDay] * within
    }

    private static let millisecondsPerHour: Int64 = 3_600_000

    /// Sums of the weights of the hours before each hour of the day.
    private static let weightsBefore: [Int64] = weights.reduce(into: [0]) { sums, weight in
        sums.append((sums.last ?? 0) + weight)
    }
}
