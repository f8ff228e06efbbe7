import JSON

/// A line for each series: what it is of, its course, and least, most and sum.
///
/// The column `start`, `date` or `hourOfDay` is the time. Numbers are drawn, a line for each column of them; all other columns
/// but times say what the series is of.
struct SparklineOutput: QueryOutput {
    private var order: [[String]] = []
    private var series: [[String]: [JSONValue]] = [:]
    private var hasRows = false

    mutating func append(_ page: QueryPage, to writer: QueryWriter) throws {
        for row in try page.rows() {
            guard row.contains(where: { SparklineOutput.isTime($0.name) }) else { throw SparklineOutput.noSeries }
            hasRows = true
            let names = row.filter { SparklineOutput.isName($0) }.map { NumberText.text($0.value) }
            for member in row where SparklineOutput.isDrawn(member) {
                let key = names + [DiagnosticText.plain(member.name)]
                if series[key] == nil { order.append(key) }
                series[key, default: []].append(member.value)
            }
        }
    }

    func finish(_ writer: QueryWriter) throws {
        guard hasRows else { return Terminal.complain("the answer has no rows") }
        let drawn = order.map { key in
            (names: key, sparkline: Sparkline(series[key] ?? [], isRate: key.last?.hasSuffix("Rate") == true))
        }
        var lines = drawn.map { $0.names + [$0.sparkline.text] + $0.sparkline.figures }
        let count = lines.map(\.count).max() ?? 0
        lines.insert(Array(repeating: "", count: max(0, count - 3)) + ["min", "max", "sum"], at: 0)
        let widths = (0..<count).map { place in lines.map { $0[place].count }.max() ?? 0 }
        for line in lines {
            var text = line.indices.map { place in
                let space = String(repeating: " ", count: widths[place] - line[place].count)
                return place >= count - 3 ? space + line[place] : line[place] + space
            }.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            try writer.write(text + "\n")
        }
    }

    static let noSeries = Failure(
        .usage,
        "there is no series to draw: select start, date or hourOfDay in rows by HOUR, DAY, WEEK, MONTH or HOUR_OF_DAY"
    )

    private static func last(_ name: String) -> Substring { name.split(separator: ".").last ?? "" }

    private static func isTime(_ name: String) -> Bool { ["start", "date", "hourOfDay"].contains(last(name)) }

    private static func isOtherTime(_ name: String) -> Bool {
        ["end", "asOf", "createdAt", "source"].contains(last(name))
    }

    private static func isName(_ member: JSONValue.Member) -> Bool {
        guard case .string = member.value else { return false }
        return !isTime(member.name) && !isOtherTime(member.name)
    }

    /// A column of numbers has nulls where a number is not known.
    private static func isDrawn(_ member: JSONValue.Member) -> Bool {
        (member.value.isNumber || member.value == .null) && !isTime(member.name) && !isOtherTime(member.name)
    }
}

/// One series in one line of text.
struct Sparkline {
    /// Heights count from zero, so that what is level looks level. A space is a bucket without a number.
    let text: String
    /// Least, most and sum. Rates have no sum.
    let figures: [String]

    /// At most so many characters. A longer series is drawn by the means of neighbours.
    static let width = 60
    private static let bars = Array("▁▂▃▄▅▆▇█")

    init(_ values: [JSONValue], isRate: Bool) {
        let numbers = values.map(\.magnitude)
        let known = values.filter(\.isNumber)
        let least = known.min { ($0.magnitude ?? 0) < ($1.magnitude ?? 0) }
        let most = known.max { ($0.magnitude ?? 0) < ($1.magnitude ?? 0) }
        text = Sparkline.draw(numbers)
        figures =
            [least, most].map { NumberText.text($0 ?? .null) } + [isRate ? NumberText.unknown : Sparkline.sum(known)]
    }

    private static func sum(_ known: [JSONValue]) -> String {
        if known.isEmpty { return NumberText.unknown }
        let integers = known.compactMap(\.integer)
        guard integers.count == known.count else { return NumberText.text(known.compactMap(\.magnitude).reduce(0, +)) }
        // Counts have 64 bits; a sum that does not fit is no count.
        let (sum, overflow) = integers.reduce((Int64(0), false)) { sum, value in
            let (next, overflow) = sum.0.addingReportingOverflow(value)
            return (next, sum.1 || overflow)
        }
        return overflow ? NumberText.unknown : NumberText.grouped(sum)
    }

    static func draw(_ numbers: [Double?]) -> String {
        let columns = min(numbers.count, width)
        let means = (0..<columns).map { column -> Double? in
            let known = numbers[column * numbers.count / columns..<(column + 1) * numbers.count / columns].compactMap(
                \.self
            )
            return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
        }
        let known = means.compactMap(\.self)
        let floor = min(0, known.min() ?? 0)
        let height = max(0, known.max() ?? 0) - floor
        return String(
            means.map { mean -> Character in
                guard let mean else { return " " }
                guard height > 0 else { return bars[0] }
                return bars[min(bars.count - 1, Int((mean - floor) / height * Double(bars.count)))]
            }
        )
    }
}
