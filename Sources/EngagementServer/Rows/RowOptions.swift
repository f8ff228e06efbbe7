internal import Bytes

/// How values are written, for importers that expect it otherwise: parameters of the URL, on every route that has rows.
internal struct RowOptions: Hashable, Sendable {
    /// What stands in quotation marks.
    enum Quoting: String, CaseIterable, Sendable {
        /// Only what has to.
        case minimal
        /// Everything but numbers, so that ids are texts.
        case nonnumeric
        /// As `minimal`, but ids are formulas of themselves (`="123"`): the only form that Excel keeps in a file it opens.
        case excel
    }

    var quoting = Quoting.minimal
    /// Between two values; nil for the usual one.
    var delimiter: UInt8?
    var hasDecimalComma = false
    /// Whether a byte order mark stands in front, by which Excel knows UTF-8.
    var hasByteOrderMark = false
    var hasHeader = true

    /// The names of the parameters. No variable of a saved query may have one of them.
    static let names = ["quote", "delimiter", "decimal", "bom", "header"]

    /// What stands between two values.
    var separator: UInt8 { delimiter ?? (hasDecimalComma ? ASCII.semicolon : ASCII.comma) }

    /// - Throws: ``MalformedRequest`` for a value that is none, with those that there are.
    init(_ items: [(name: String, value: String)], _ format: RowFormat?) throws(MalformedRequest) {
        for item in items where RowOptions.names.contains(item.name) {
            guard format == .csv || (format == .tsv && ["decimal", "bom", "header"].contains(item.name)) else {
                throw MalformedRequest(
                    "The parameter \"\(item.name)\" is for CSV, and some for TSV: ask for \(format == nil ? "rows as " : "")CSV."
                )
            }
            switch item.name {
            case "quote": quoting = try RowOptions.choice(item, Quoting.allCases.map { ($0.rawValue, $0) })
            case "delimiter": delimiter = try RowOptions.choice(item, RowOptions.delimiters)
            case "decimal": hasDecimalComma = try RowOptions.choice(item, [("point", false), ("comma", true)])
            case "bom": hasByteOrderMark = try RowOptions.choice(item, [("false", false), ("true", true)])
            default: hasHeader = try RowOptions.choice(item, [("true", true), ("false", false)])
            }
        }
    }

    init() {}

    private static let delimiters: [(String, UInt8)] = [
        ("comma", ASCII.comma), ("semicolon", ASCII.semicolon), ("tab", ASCII.tab), ("pipe", ASCII.verticalBar),
        (",", ASCII.comma), (";", ASCII.semicolon), ("\t", ASCII.tab), ("|", ASCII.verticalBar),
    ]

    private static func choice<Value>(
        _ item: (name: String, value: String),
        _ choices: [(name: String, value: Value)]
    ) throws(MalformedRequest) -> Value {
        if let choice = choices.first(where: { $0.name == item.value }) { return choice.value }
        let names = choices.map(\.name).filter { $0.count > 1 }.joined(separator: ", ")
        throw MalformedRequest("The parameter \"\(item.name)\" is one of: \(names).")
    }
}
