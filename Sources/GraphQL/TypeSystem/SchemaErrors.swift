/// What is wrong with a type system document, collected so that its author sees all of it at once.
internal struct SchemaErrors {
    private let document: Document
    private(set) var errors: [GraphQLError] = []

    init(document: Document) {
        self.document = document
    }

    /// Adds an error at places of the document.
    mutating func add(_ message: String, at offsets: [UInt32]) {
        errors.append(GraphQLError(message, locations: offsets.map(document.location(ofByte:))))
    }

    mutating func add(_ message: String, at offset: UInt32) { add(message, at: [offset]) }

    /// Ends the work if anything was found.
    func throwIfAny() throws(GraphQLErrors) {
        if !errors.isEmpty { throw GraphQLErrors(errors) }
    }
}
