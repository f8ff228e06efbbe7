internal import Engagement
internal import MicroHTTP

/// A request for entities, after its URL was read.
internal struct ODataRequest: Sendable {
    /// What of a set is wanted.
    enum Subject: Equatable, Sendable {
        case entities
        /// How many there are, as text.
        case count
        /// The one that `$filter` finds, which is its key.
        case entity
    }

    let set: ODataSet
    let subject: Subject
    var options: ODataOptions
    let format: ODataFormat
    /// Nil for the first page.
    let cursor: ODataCursor?
    /// The moment by which windows are meant: the beginning of an hour.
    let asked: UnixTime
    /// Where the service is, as clients reach it.
    let root: String
    /// The options as they came, without `$skiptoken`, but with what was withheld: who follows a link adds no key to it.
    let query: String

    /// How many rows a page has, unless the request wants fewer.
    static let pageRows = 5000

    var pageRows: Int { format.pageRows ?? ODataRequest.pageRows }

    /// Where the page is that begins at `cursor`.
    func nextLink(_ cursor: ODataCursor) -> String { "\(root)/\(set.name)?\(query)$skiptoken=\(cursor.text)" }

    var writer: ODataWriter {
        ODataWriter(
            set: set,
            root: root,
            format: format,
            shown: options.select ?? Array(set.table.properties.indices),
            isSelected: options.select != nil
        )
    }

    /// The properties that have to be known: those that are shown, compared or sorted by, and the key.
    var needed: [Int] {
        var places = Set(writer.shown).union(0..<set.table.keyCount)
        places.formUnion(options.filter?.properties ?? [])
        places.formUnion(options.order.map(\.property))
        return places.sorted()
    }

    /// - Parameters:
    ///   - key: The key of the path, if there is one.
    ///   - items: The parameters of the URL.
    init(
        _ request: borrowing HTTPRequest,
        _ set: ODataSet,
        _ subject: Subject,
        key: [ODataPath.Key] = [],
        _ items: [(name: String, value: String)],
        root: String,
        now: UnixTime
    ) throws(ODataError) {
        self.set = set
        self.subject = subject
        self.root = root
        var options = try ODataOptions(items, for: set.table)
        if subject != .entities {
            let isPlain = options.top == nil && options.skip == 0 && options.order.isEmpty && !options.hasCount
            guard isPlain, options.token == nil, subject == .count || options.filter == nil else {
                throw .malformed("$filter", "Here are $select and $format possible, and $filter for $count.")
            }
        }
        if subject == .entity { options.filter = try ODataRequest.condition(key, set) }
        self.options = options
        format = try ODataFormat(request, format: options.format)
        cursor = try options.token.map { (text) throws(ODataError) in try ODataCursor(text, now: now) }
        // By the hour, so that the same table has the same links for as long.
        asked = cursor?.asked ?? now.flooredHour.start
        let kept = (request.rawQuery ?? "").split(separator: "&").filter { piece in
            !["$skiptoken", "%24skiptoken"].contains(piece.prefix { $0 != "=" }.lowercased())
        }
        query = (kept.map(String.init) + [request.withheldQuery].compactMap(\.self)).map { $0 + "&" }.joined()
    }

    /// That the key of an entity is this one.
    private static func condition(_ key: [ODataPath.Key], _ set: ODataSet) throws(ODataError) -> FilterExpression {
        let table = set.table
        var result: FilterExpression?
        func add(_ place: Int, _ value: ODataValue) {
            let condition = FilterExpression.comparison(.eq, .property(place), .literal(value))
            result = result.map { .and($0, condition) } ?? condition
        }
        var names = Set(table.properties.prefix(table.keyCount).map(\.name))
        if let list = set.list, names.remove("list") != nil { add(0, .text(list.rawValue)) }
        for part in key {
            let name = part.name ?? (table.keyCount == 1 ? table.properties[0].name : "")
            // The list of a list's own set is known, but it may be said.
            let isKnown = name == "list" && set.list != nil && part.value == .text(set.list?.rawValue ?? "")
            guard let place = table.property(name), names.remove(name) != nil || isKnown,
                table.properties[place].type.kind == part.value.kind
            else {
                names = [""]
                break
            }
            add(place, part.value)
        }
        guard names.isEmpty, let result else {
            let wanted = table.properties.prefix(table.keyCount).map(\.name).joined(separator: ", ")
            throw .malformed("key", "The key of \(set.name) is: \(wanted).")
        }
        return result
    }
}
