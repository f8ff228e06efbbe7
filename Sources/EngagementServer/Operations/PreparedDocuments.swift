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
    /// - Throws: ``GraphQLErrors`` if it is too long, no GraphQL, or not valid against the schema.
    func document(_ text: ArraySlice<UInt8>) throws(GraphQLErrors) -> PreparedDocument {
        if let document = find(text) { return document }
        guard text.count <= limits.documentBytes else {
            throw GraphQLErrors([
                GraphQLError(
                    "The document has \(text.count) bytes, more than the \(limits.documentBytes) that limits.documentBytes allows.",
                    extensions: [.init("code", .string("DOCUMENT_TOO_LARGE"))]
                )
            ])
        }
        let bytes = Array(text)
        let document = try PreparedDocument(Source(bytes), schema: schema, parserLimits: limits.parser)
        keep(document, as: bytes[...])
        return document
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
