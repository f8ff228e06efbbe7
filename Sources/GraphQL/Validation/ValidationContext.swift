/// What rules read: the document, the schema, and what is known about the document's nodes.
///
/// A class, so that handing it on copies one reference rather than the several dozen arrays behind it. For the same
/// reason rules read `context.document` in place.
internal final class ValidationContext {
    let document: Document
    let schema: Schema
    let facts: DocumentFacts
    let options: ValidationOptions

    init(_ document: Document, _ schema: Schema, options: ValidationOptions) {
        self.document = document
        self.schema = schema
        self.options = options
        facts = DocumentFacts(of: document, against: schema)
    }

    // MARK: Text for messages

    func text(_ name: Name) -> String { document.text(of: name) }

    func name(of type: TypeID) -> String { schema[type].name }

    /// ` Did you mean "one" or "two"?`, with a space in front, or nothing if no name is near.
    func didYouMean(_ unknown: String, among names: some Sequence<String>, as phrase: String = "") -> String {
        guard options.suggestions else { return "" }
        return Suggestions.sentence(Suggestions.near(unknown, among: names), as: phrase)
    }

    // MARK: Names in lists

    /// Which names of a list stand there before: the index of the first of the same name, and the index of the later
    /// one. Empty, and without an allocation, for lists that are as they should be.
    func repeatedNames(in range: Range<Int>, name: (Int) -> Name) -> [(first: Int, later: Int)] {
        guard range.count > 1 else { return [] }
        var repeated: [(first: Int, later: Int)] = []
        if range.count <= NameIndex.smallCount {
            for later in range.dropFirst() {
                let name2 = name(later)
                if let first = (range.lowerBound..<later).first(where: { document.isSame(name($0), name2) }) {
                    repeated.append((first, later))
                }
            }
        } else {
            var index = NameIndex()
            for later in range {
                if let first = index.insert(name(later), number: later, of: document) {
                    repeated.append((first, later))
                }
            }
        }
        return repeated
    }

    /// The same, one group a name: the indices of all that share it.
    func groupsOfRepeatedNames(in range: Range<Int>, name: (Int) -> Name) -> [[Int]] {
        var groups: [[Int]] = []
        var groupOfFirst: [Int: Int] = [:]
        for (first, later) in repeatedNames(in: range, name: name) {
            if let group = groupOfFirst[first] {
                groups[group].append(later)
            } else {
                groupOfFirst[first] = groups.count
                groups.append([first, later])
            }
        }
        return groups
    }
}

/// The names of a document by their text. A dictionary, because its seed is not known outside: a document full of names
/// whose 32-bit hashes collide costs no more than another one.
internal struct NameIndex {
    private var numbers: [ArraySlice<UInt8>: Int] = [:]

    /// Lists up to this length are searched from the front rather than put into an index.
    static let smallCount = 8

    /// Adds a name; if it is there already, returns the number that it has.
    mutating func insert(_ name: Name, number: Int, of document: Document) -> Int? {
        let bytes = document.source.bytes[name.range]
        if let earlier = numbers[bytes] { return earlier }
        numbers[bytes] = number
        return nil
    }

    func find(_ name: Name, of document: Document) -> Int? { numbers[document.source.bytes[name.range]] }
}
