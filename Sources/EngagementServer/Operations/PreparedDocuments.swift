internal import GraphQL
internal import JSON
internal import Synchronization

/// Documents that have been parsed and validated, by their bytes: a query that was seen before skips both.
///
/// Only valid documents are kept, so that nobody can push the good ones out with rubbish.
internal final class PreparedDocuments: Sendable {
    private let schema: Schema
    private let limits: OperationLimits
    private let prepared: Mutex<SecondChanceCache<ByteKey, PreparedDocument>>

    init(schema: Schema, limits: OperationLimits) {
        self.schema = schema
        self.limits = limits
        prepared = Mutex(SecondChanceCache(maximumCost: limits.preparedDocuments))
    }

    /// The prepared form of the document `text`.
    ///
    /// - Throws: ``DocumentRefusal`` if it is too long, no GraphQL, not valid against the schema, or beyond a limit.
    func document(_ text: ArraySlice<UInt8>) throws(DocumentRefusal) -> PreparedDocument {
        if let document = prepared.withLock({ $0.value(for: ByteKey(text)) }) { return document }
        guard text.count <= limits.documentBytes else {
            throw DocumentRefusal(.invalid, limit: "documentBytes", "bytes", text.count, limits.documentBytes)
        }
        let bytes = Array(text)
        let document = try prepare(bytes)
        prepared.withLock { $0.insert(document, for: ByteKey(bytes[...]), cost: 1) }
        return document
    }

    private func prepare(_ bytes: [UInt8]) throws(DocumentRefusal) -> PreparedDocument {
        let document: Document
        do throws(GraphQLError) {
            document = try Document.parse(Source(bytes), limits: limits.parser)
        } catch {
            throw DocumentRefusal(error, limits.parser)
        }
        try check(document, isValid: false)
        let prepared: PreparedDocument
        do throws(GraphQLErrors) {
            prepared = try PreparedDocument(document, schema: schema, validation: limits.validation)
        } catch {
            throw DocumentRefusal(failure: .invalid, errors: error.errors)
        }
        try check(document, isValid: true)
        return prepared
    }

    /// Whether a document, valid or not, asks for a mutation to be executed.
    func isMutation(_ text: ArraySlice<UInt8>, operationName: String?) -> Bool {
        guard text.count <= limits.documentBytes,
            let document = try? Document.parse(Source(Array(text)), limits: limits.parser)
        else { return false }
        guard let operationName else {
            return document.operations.count == 1 && document.operations[0].kind == .mutation
        }
        return document.operations.contains { operation in
            operation.kind == .mutation && operation.name.map(document.text) == operationName
        }
    }

    private func check(_ document: Document, isValid: Bool) throws(DocumentRefusal) {
        guard let violation = limits.document.violation(in: document, isValid: isValid) else { return }
        let name = violation.limit.rawValue
        throw DocumentRefusal(.invalid, limit: name, violation.limit.noun, violation.value, violation.maximum)
    }
}

/// Why a document is not executed, and at which point that was found.
internal struct DocumentRefusal: Error {
    let failure: RequestFailure
    let errors: [GraphQLError]

    init(failure: RequestFailure, errors: [GraphQLError]) {
        self.failure = failure
        self.errors = errors
    }

    /// A limit that is broken: its name in the configuration, what there is, and what may be.
    init(_ failure: RequestFailure, limit: String, _ noun: String, _ value: Int, _ maximum: Int) {
        let message = "The document has \(value) \(noun), more than the \(maximum) that limits.\(limit) allows."
        self.init(failure: failure, errors: [GraphQLError(message, extensions: DocumentRefusal.tooLarge)])
    }

    /// A document that the parser did not read to its end: it is wrong, or one of the parser's limits came first.
    init(_ error: GraphQLError, _ limits: ParserLimits) {
        let message: String
        switch error.limit {
        case nil:
            self.init(failure: .unparsable, errors: [error])
            return
        case .tokens:
            message = "The document has more than the \(limits.maximumTokens) tokens that limits.tokens allows."
        case .depth:
            message = "The document nests deeper than the \(limits.maximumDepth) levels that limits.nesting allows."
        }
        let refusal = GraphQLError(message, locations: error.locations, extensions: DocumentRefusal.tooLarge)
        self.init(failure: .invalid, errors: [refusal])
    }

    private static let tooLarge: [JSONValue.Member] = [.init("code", .string("DOCUMENT_TOO_LARGE"))]
}

extension GraphQLError {
    /// The parser's limit that a document broke, if that is what is wrong.
    fileprivate var limit: ParserLimits.Limit? {
        extensions.first { $0.name == "code" }?.value.string.flatMap(ParserLimits.Limit.init)
    }
}

extension DocumentLimits.Limit {
    fileprivate var noun: String {
        switch self {
        case .aliases: "aliases"
        case .directives: "directives"
        case .fragments: "fragments"
        case .rootFields: "fields at the root of an operation"
        case .depth: "levels of fields"
        }
    }
}
