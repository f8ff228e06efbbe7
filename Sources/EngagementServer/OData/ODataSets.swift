internal import Engagement

/// The entity sets of a service: `Lists`; `Totals`, `Daily` and `Hourly` of all lists together; and the same of each list on its
/// own, `<list>_Totals`, since few tools that load tables let their users filter before the whole table is loaded.
internal struct ODataSets: Sendable {
    let directory: ListDirectory
    /// In the order of the service document.
    let all: [ODataSet]
    /// The names that several lists would have.
    private let ambiguous: [String: [ListName]]

    init(_ directory: ListDirectory) {
        self.directory = directory
        var lists: [String: [ListName]] = [:]
        let names = directory.all.map(\.name)
        for name in names { lists[ODataSets.identifier(of: name), default: []].append(name) }
        var sets = ODataTable.allCases.map { ODataSet(name: $0.rawValue, table: $0, list: nil) }
        for name in names {
            let identifier = ODataSets.identifier(of: name)
            guard lists[identifier]?.count == 1 else { continue }
            sets += ODataTable.ofNumbers.map { table in
                ODataSet(name: "\(identifier)_\(table.rawValue)", table: table, list: name)
            }
        }
        all = sets
        ambiguous = lists.filter { $0.value.count > 1 }
    }

    /// The set of that name.
    ///
    /// - Throws: ``ODataError`` with 404, and why there is none.
    func set(named name: String) throws(ODataError) -> ODataSet {
        if let set = all.first(where: { $0.name == name }) { return set }
        let suffix = ODataTable.ofNumbers.map { "_" + $0.rawValue }.first { name.hasSuffix($0) }
        if let suffix, let lists = ambiguous[String(name.dropLast(suffix.count))] {
            throw ODataError(
                404,
                "AmbiguousSet",
                """
                Several lists would have the set \(name): \(lists.map(\.rawValue).joined(separator: ", ")). Ask for one of them by \
                \(suffix.dropFirst())?$filter=list eq '\(lists[0])'.
                """
            )
        }
        var message = "There is no entity set \"\(name.prefix(200))\"; the service document lists those that there are."
        if let lacking = directory.lacking { message += " Lists that were saved cannot be read now: \(lacking)." }
        throw ODataError(404, "UnknownSet", message)
    }

    /// A list's name as an identifier of CSDL (4.0 §17.2): letters, digits and `_`, no digit in front.
    static func identifier(of name: ListName) -> String {
        let plain = name.rawValue.map { $0 == "-" || $0 == "." ? "_" : String($0) }.joined()
        return plain.first?.isNumber == true ? "_" + plain : plain
    }
}

/// One entity set.
internal struct ODataSet: Equatable, Sendable {
    let name: String
    let table: ODataTable
    /// The list that it shows; nil for all.
    let list: ListName?
}
