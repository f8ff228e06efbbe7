internal import GraphQL
internal import JSON
internal import Synchronization

/// Documents that have been parsed and validated, by their bytes: a query that was seen before skips both.
///
/// Bounded; when it is full, documents that nobody used since the last sweep make room (second chance). Only valid documents
/// are kept, so that nobody can push the good ones out with rubbish.
internal final class PreparedDocuments: Sendable {
    fileprivate struct Entry {
        let document: PreparedDocument
        var isUsed: Bool
    }

    fileprivate struct State {
        var entries: [ArraySlice<UInt8>: Entry] = [:]
        /// The keys in the order in which they are swept.
        var queue: [ArraySlice<UInt8>] = []
        var hand = 0
    }

    private let schema: Schema
    private let limits: OperationLimits
    private let state = Mutex(State())

    init(schema: Schema, limits: OperationLimits) {
        self.schema = schema
        self.limits = limits
    }

    /// The prepared form of the document `text`.
    ///
    /// - Throws: ``DocumentRefusal`` if it is too long, no GraphQL, not valid against the schema, or beyond a limit.
    func document(_ text: ArraySlice<UInt8>) throws(DocumentRefusal) -> PreparedDocument {
        if let document = find(text) { return document }
        guard text.count <= limits.documentBytes else {
            throw DocumentRefusal(.invalid, limit: "documentBytes", "bytes", text.count, limits.documentBytes)
        }
        let bytes = Array(text)
        let document = try prepare(bytes)
        keep(document, as: bytes[...])
        return document
    }

    private func prepare(_ bytes: [UInt8]) throws(DocumentRefusal) -> PreparedDocument {
        let document: Document
        do throws(GraphQLError) {
            document = try Document.parse(Source(bytes), limits: limits.parser)
        } catch {
            throw DocumentRefusal(failure: .unparsable, errors: [error])
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

    private func check(_ document: Document, isValid: Bool) throws(DocumentRefusal) {
        guard let violation = limits.document.violation(in: document, isValid: isValid) else { return }
        let name = violation.limit.rawValue
        throw DocumentRefusal(.invalid, limit: name, violation.limit.noun, violation.value, violation.maximum)
    }

    private func find(_ text: ArraySlice<UInt8>) -> PreparedDocument? {
        state.withLock { state in
            guard let index = state.entries.index(forKey: text) else { return nil }
            state.entries.values[index].isUsed = true
            return state.entries.values[index].document
        }
    }

    private func keep(_ document: PreparedDocument, as key: ArraySlice<UInt8>) {
        state.withLock { state in
            guard state.entries[key] == nil else { return }
            let entry = Entry(document: document, isUsed: false)
            if state.queue.count < limits.preparedDocuments {
                state.queue.append(key)
            } else {
                let place = state.nextVictim()
                state.entries[state.queue[place]] = nil
                state.queue[place] = key
            }
            state.entries[key] = entry
        }
    }
}

extension PreparedDocuments.State {
    /// The first document from the hand on that was not used since the hand last passed it.
    fileprivate mutating func nextVictim() -> Int {
        while true {
            let place = hand
            hand = (hand + 1) % queue.count
            guard let index = entries.index(forKey: queue[place]), entries.values[index].isUsed else { return place }
            entries.values[index].isUsed = false
        }
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
        self.init(
            failure: failure,
            errors: [GraphQLError(message, extensions: [.init("code", .string("DOCUMENT_TOO_LARGE"))])]
        )
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
