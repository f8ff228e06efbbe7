import Bytes
import Engagement
import Foundation
import JSON
import TestSupport

/// A question about a series, drawn at random, with the answer by brute force: every hour looked at by itself, its day,
/// week and month told by Foundation's calendar, and sums kept in a dictionary.
struct RowOracle {
    let tweets: [TweetID]
    let window: HourWindow
    let zone: String
    let grouping: [String]
    let types: [EngagementType]
    let cells: [TweetID: [EngagementType: [Int32: Cell]]]

    static let zones = [
        "UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Sydney", "Pacific/Apia",
        "Asia/Tokyo",
        "Africa/Casablanca", "America/Havana", "Pacific/Kiritimati", "Pacific/Pago_Pago",
    ]

    static let dimensions = ["TWEET", "ENGAGEMENT_TYPE", "HOUR", "DAY", "WEEK", "MONTH", "HOUR_OF_DAY"]

    init(using generator: inout SeededGenerator) {
        let everyone = (1...5).map { TweetID(rawValue: $0) }
        tweets = (0..<Int.random(in: 1...5, using: &generator)).compactMap { _ in
            everyone.randomElement(using: &generator)
        }
        // Half of the windows lie around changes of clocks.
        let around = ["2026-03-29", "2025-10-26", "2026-03-08", "2025-11-02", "2017-10-15", "2018-02-18", "2025-12-31"]
        let middle = time(around.randomElement(using: &generator) ?? "2026-03-01").flooredHour
        let start = middle.advanced(by: -Int.random(in: 0...100, using: &generator))
        let isAligned = Bool.random(using: &generator)
        let hours = [1, 2, 23, 24, 25, 49, 200, 800].randomElement(using: &generator) ?? 24
        window =
            isAligned
            ? HourWindow(start: start.day.firstHour, end: start.day.firstHour.advanced(by: (hours / 24 + 1) * 24))
            : HourWindow(start: start, end: start.advanced(by: hours))
        zone = RowOracle.zones.randomElement(using: &generator) ?? "UTC"
        grouping = (0..<Int.random(in: 0...4, using: &generator)).compactMap { _ in
            RowOracle.dimensions.randomElement(using: &generator)
        }
        let offered = EngagementTypeSet.series.types
        types = (0..<Int.random(in: 1...3, using: &generator)).compactMap { _ in
            offered.randomElement(using: &generator)
        }
        // Days of UTC are answered by day cells, so whole days are of one kind.
        let isPatchy = Int.random(in: 0..<3, using: &generator) == 0
        var cells: [TweetID: [EngagementType: [Int32: Cell]]] = [:]
        for tweet in everyone {
            for type in offered {
                for day in window.days ?? 0...0 {
                    let kind = isPatchy ? Int.random(in: 0..<20, using: &generator) : 9
                    for slot in 0..<24 {
                        let hour = UTCDay(index: day).firstHour.advanced(by: slot)
                        let cell: Cell =
                            switch kind {
                            case 0: .missing
                            case 1: absent(.unavailable)
                            case 2: absent(.tooOld)
                            default:
                                counted(
                                    .random(in: 0...1000, using: &generator),
                                    secondsOld: .random(in: 0...50, using: &generator)
                                )
                            }
                        cells[tweet, default: [:]][type, default: [:]][hour.index] = cell
                    }
                }
            }
        }
        self.cells = cells
    }

    var query: String {
        """
        { historical(tweetIds: [\(tweets.map { "\($0)" }.joined(separator: ","))], start: "\(window.start.start.iso8601)", \
        end: "\(window.end.start.iso8601)", groupBy: [\(grouping.joined(separator: ","))], timeZone: "\(zone)") \
        { tweetId engagementType count start end hourOfDay \(types.map(RowOracle.fieldName).joined(separator: " ")) asOf } }
        """
    }

    static func fieldName(_ type: EngagementType) -> String {
        let words = type.wireName.split(separator: "_")
        return words.dropFirst().reduce(String(words[0])) { $0 + $1.capitalized }
    }

    /// The cell of some hours: of a day, its hours added up.
    func cell(_ tweet: TweetID, _ type: EngagementType, _ hours: HourWindow?) -> Cell {
        guard let hours, let all = cells[tweet]?[type] else { return .missing }
        let parts = (hours.start.index..<hours.end.index).map { all[$0] ?? .missing }
        guard let first = parts.first, first.state == .counted else { return parts.first ?? .missing }
        return Cell(
            count: parts.reduce(0) { $0 + $1.count },
            fetchedAt: parts.map(\.fetchedAt).min() ?? 0,
            state: .counted,
            freshness: .fresh
        )
    }

    // MARK: - The answer

    /// What a row stands for, the parts in the order of the grouping.
    private struct Key: Hashable {
        var parts: [Int]
    }

    private struct Row {
        var tweet: TweetID?
        var type: EngagementType?
        var hourOfDay: Int?
        var start: Int32
        var end: Int32
        var sums: [EngagementType: Int64] = [:]
        var unknown: Set<EngagementType> = []
        var asOf = UInt32.max
    }

    /// The value of `data`.
    func expected() -> String {
        let clock = Clock(zone)
        let finest = ["HOUR", "DAY", "WEEK", "MONTH"].first(where: grouping.contains)
        var listed: [String] = []
        for dimension in grouping {
            let unit = ["HOUR", "DAY", "WEEK", "MONTH"].contains(dimension) ? finest ?? dimension : dimension
            if !listed.contains(unit) { listed.append(unit) }
        }
        let columns = EngagementType.allCases.filter(types.contains)
        let named = tweets.enumerated().filter { tweets.firstIndex(of: $1) == $0 }.map(\.element)
        // Buckets of the calendar by their first hour in the window.
        var spans: [[Int]: (Int32, Int32)] = [:]
        let moments = (window.start.index..<window.end.index).map { clock.read($0) }
        for (offset, moment) in moments.enumerated() {
            let hour = window.start.index + Int32(offset)
            let name = moment.name(of: finest)
            spans[name] = (spans[name]?.0 ?? hour, hour + 1)
        }
        var rows: [Key: Row] = [:]
        for (position, tweet) in named.enumerated() {
            for type in columns {
                for (offset, moment) in moments.enumerated() {
                    let span = spans[moment.name(of: finest)] ?? (0, 0)
                    let key = Key(
                        parts: listed.map { dimension in
                            switch dimension {
                            case "TWEET": position
                            case "ENGAGEMENT_TYPE": Int(type.rawValue)
                            case "HOUR_OF_DAY": moment.hour
                            default: Int(span.0)
                            }
                        }
                    )
                    var row =
                        rows[key]
                        ?? Row(
                            tweet: listed.contains("TWEET") ? tweet : nil,
                            type: listed.contains("ENGAGEMENT_TYPE") ? type : nil,
                            hourOfDay: listed.contains("HOUR_OF_DAY") ? moment.hour : nil,
                            start: span.0,
                            end: span.1
                        )
                    let cell = cells[tweet]?[type]?[window.start.index + Int32(offset)] ?? .missing
                    if cell.fetchedAt > 0 { row.asOf = min(row.asOf, cell.fetchedAt) }
                    if cell.state == .counted { row.sums[type, default: 0] += cell.count }
                    if cell.state == .missing { row.unknown.insert(type) }
                    rows[key] = row
                }
            }
        }
        let sorted = rows.sorted { $0.key.parts.lexicographicallyPrecedes($1.key.parts) }
        return "{\"historical\":[\(sorted.map { text($0.value) }.joined(separator: ","))]}"
    }

    private func text(_ row: Row) -> String {
        func number(_ type: EngagementType) -> String {
            guard row.type == nil || row.type == type, !row.unknown.contains(type), let sum = row.sums[type] else {
                return "null"
            }
            return "\(sum)"
        }
        func quoted(_ text: String?) -> String { text.map { "\"\($0)\"" } ?? "null" }
        func moment(_ seconds: Int64) -> String { "\"\(UnixTime(seconds: seconds).iso8601)\"" }
        var members = [
            "\"tweetId\":\(quoted(row.tweet.map { "\($0)" }))",
            "\"engagementType\":\(quoted(row.type.map { $0.wireName.uppercased() }))",
            "\"count\":\(row.type.map(number) ?? "null")",
            "\"start\":\(moment(Int64(row.start) * 3600))",
            "\"end\":\(moment(Int64(row.end) * 3600))",
            "\"hourOfDay\":\(row.hourOfDay.map { "\($0)" } ?? "null")",
        ]
        var seen: [EngagementType] = []
        for type in types where !seen.contains(type) {
            seen.append(type)
            members.append("\"\(RowOracle.fieldName(type))\":\(number(type))")
        }
        members.append("\"asOf\":\(row.asOf == .max ? "null" : moment(Int64(row.asOf)))")
        return "{\(members.joined(separator: ","))}"
    }
}

/// Reads hours as the people of a zone do.
private struct Clock {
    private var calendar = Calendar(identifier: .iso8601)

    struct Moment {
        let index: Int
        let year: Int
        let month: Int
        let day: Int
        let hour: Int
        let weekYear: Int
        let week: Int

        /// What the calendar unit that the moment lies in is called; without a unit all time is one.
        func name(of unit: String?) -> [Int] {
            switch unit {
            case "HOUR": [index]
            case "DAY": [year, month, day]
            case "WEEK": [weekYear, week]
            case "MONTH": [year, month]
            default: []
            }
        }
    }

    init(_ zone: String) {
        calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
    }

    func read(_ hour: Int32) -> Moment {
        let date = Date(timeIntervalSince1970: TimeInterval(hour) * 3600)
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .weekOfYear, .yearForWeekOfYear], from: date)
        return Moment(
            index: Int(hour),
            year: parts.year ?? 0,
            month: parts.month ?? 0,
            day: parts.day ?? 0,
            hour: parts.hour ?? 0,
            weekYear: parts.yearForWeekOfYear ?? 0,
            week: parts.weekOfYear ?? 0
        )
    }
}
