internal import MicroHTTP

/// The system query options of a request (URL Conventions 4.0 §5).
internal struct ODataOptions: Equatable, Sendable {
    var filter: FilterExpression?
    /// Places of properties in the order of their table; nil for all.
    var select: [Int]?
    var order: [ODataOrder] = []
    var top: Int?
    var skip = 0
    var hasCount = false
    var format: String?
    var token: String?

    /// Those that OData has and this server does not.
    private static let unsupported: Set<String> = [
        "$expand", "$search", "$apply", "$compute", "$levels", "$index", "$schemaversion", "$deltatoken",
    ]

    /// - Throws: ``ODataError``: 501 for options that there are elsewhere, 400 for what is none. Options without a dollar sign are
    ///   of others, and passed over.
    init(_ items: [(name: String, value: String)], for table: ODataTable) throws(ODataError) {
        var seen: Set<String> = []
        for (name, value) in items where name.hasPrefix("$") || ODataOptions.isForgotten(name) {
            guard name.hasPrefix("$") else {
                throw .malformed(name, "Options of OData 4.0 begin with a dollar sign: write $\(name).")
            }
            guard seen.insert(name).inserted else { throw .malformed(name, "\(name) is given more than once.") }
            switch name {
            case "$filter": filter = try FilterParser.parse(value, for: table)
            case "$select": select = try ODataOptions.selection(value, table)
            case "$orderby": order = try ODataOptions.order(value, table)
            case "$top": top = try ODataOptions.number(name, value)
            case "$skip": skip = try ODataOptions.number(name, value)
            case "$count":
                guard value == "true" || value == "false" else { throw .malformed(name, "$count is true or false.") }
                hasCount = value == "true"
            case "$format": format = value
            case "$skiptoken": token = value
            case "$inlinecount": throw .malformed(name, "$inlinecount is of OData 3: write $count=true.")
            default:
                guard ODataOptions.unsupported.contains(name) else {
                    throw .malformed(name, "There is no system query option \(name.prefix(40)).")
                }
                throw .unsupported(name, "\(name) is not supported: tables are flat. Ask /graphql for more.")
            }
        }
    }

    init() {}

    private static func isForgotten(_ name: String) -> Bool {
        ["filter", "select", "orderby", "top", "skip", "count", "skiptoken"].contains(name)
    }

    private static func number(_ name: String, _ text: String) throws(ODataError) -> Int {
        guard let value = Int32(text), value >= 0, text.first != "+" else {
            throw .malformed(name, "\(name) is a whole number, 0 or more.")
        }
        return Int(value)
    }

    private static func names(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed }
    }

    private static func selection(_ text: String, _ table: ODataTable) throws(ODataError) -> [Int]? {
        var places: Set<Int> = []
        for name in names(text) {
            if name == "*" { return nil }
            places.insert(try property(name, table, "$select"))
        }
        return places.sorted()
    }

    private static func order(_ text: String, _ table: ODataTable) throws(ODataError) -> [ODataOrder] {
        var keys: [ODataOrder] = []
        for item in names(text) {
            let parts = item.split(separator: " ")
            guard let name = parts.first, parts.count <= 2, ["asc", "desc"].contains(parts.dropFirst().first ?? "asc")
            else {
                throw .malformed("$orderby", "$orderby is a list of properties, each with asc or desc if wanted.")
            }
            keys.append(
                ODataOrder(property: try property(String(name), table, "$orderby"), isDescending: parts.last == "desc")
            )
        }
        return keys
    }

    private static func property(_ name: String, _ table: ODataTable, _ target: String) throws(ODataError) -> Int {
        if let place = table.property(name) { return place }
        if name.contains(where: { "/($".contains($0) }) {
            throw .unsupported(target, "\"\(name.prefix(40))\" is not supported in \(target): it names properties.")
        }
        let names = table.properties.map(\.name).joined(separator: ", ")
        throw .malformed(target, "There is no property \"\(name.prefix(40))\" for \(target): there are \(names).")
    }
}

/// One key of `$orderby`.
internal struct ODataOrder: Equatable, Sendable {
    let property: Int
    let isDescending: Bool
}

extension [ODataOrder] {
    /// Whether a row with these values of the keys comes before another; ties keep their order.
    internal func precedes(_ left: [ODataValue], _ right: [ODataValue]) -> Bool {
        for (key, (left, right)) in zip(self, zip(left, right)) {
            if let isFirst = left.precedes(right) { return isFirst != key.isDescending }
        }
        return false
    }
}

extension Substring {
    /// Without spaces around it.
    fileprivate var trimmed: String {
        let start = drop { $0 == " " }
        return String(start.prefix(start.count - start.reversed().prefix { $0 == " " }.count))
    }
}
