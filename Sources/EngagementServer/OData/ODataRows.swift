internal import Engagement
internal import EngagementGraph
internal import GraphQL
internal import JSON

/// The rows of an answer as entities of a table: the fields of the operation where the properties stand, and the list.
internal struct ODataRows {
    /// Why numbers are missing.
    let absences: [GraphQLError]
    private let answer: OperationAnswer
    private let resolver: EngagementResolver
    private let columns: RowColumns
    /// For each column the place of its property.
    private let places: [Int]
    private let empty: ODataWriter.Row
    private let table: ODataTable

    /// - Parameter needed: The places of the properties that the operation has as fields, the list among them.
    init(_ answer: OperationAnswer, _ table: ODataTable, _ needed: [Int], _ list: ListName?) throws(RowShapeError) {
        self.answer = answer
        self.table = table
        resolver = answer.makeResolver()
        absences = resolver.absences
        columns = try RowColumns(answer.operation)
        places = needed.filter { $0 != 0 }
        var empty = ODataWriter.Row(repeating: .null, count: table.properties.count)
        if let list { empty[0] = .text(list.rawValue) }
        self.empty = empty
    }

    /// Calls `body` with each row.
    func read(_ body: (ODataWriter.Row) -> Void) {
        var reader = RowReader(answer.operation, resolver, columns)
        var row = empty
        reader.read { values in
            for (place, value) in zip(places, values) { row[place] = value }
            body(row)
        }
    }

    /// Why numbers are not there, if `format` tells.
    func reasons(_ format: ODataFormat) -> AbsenceCodes {
        AbsenceCodes(format.hasAnnotations ? absences : [], table)
    }
}

/// For each Tweet and metric the code of the reason for which there is no number.
internal struct AbsenceCodes {
    private var codes: [String: [UInt64: String]] = [:]
    private let table: ODataTable

    init(_ errors: [GraphQLError], _ table: ODataTable) {
        self.table = table
        for error in errors {
            guard let code = error.code else { continue }
            func texts(_ name: String) -> [String] {
                (error.extensions.first { $0.name == name }?.value.array ?? []).compactMap(\.string)
            }
            let tweets = texts("tweetIds").compactMap(UInt64.init)
            for type in texts("engagementTypes").compactMap({ EngagementType(wireName: $0.lowercased()) }) {
                for tweet in tweets where codes["\(type)"]?[tweet] == nil {
                    codes["\(type)", default: [:]][tweet] = code
                }
            }
        }
    }

    /// The code for a property of a row that is null.
    func code(_ property: Int, _ row: ODataWriter.Row) -> String? {
        guard !codes.isEmpty, case .identifier(let tweet) = row[1] else { return nil }
        let name = table.properties[property].name
        if name == "engagementRate" { return codes["impressions"]?[tweet] ?? codes["engagements"]?[tweet] }
        return codes[name]?[tweet]
    }
}
