internal import GraphQL
internal import JSON
internal import MicroHTTP

/// Answers one GraphQL request, whatever carried it: finds the document, picks the operation, coerces the variables, runs it.
internal struct GraphQLService: Sendable {
    let documents: PreparedDocuments
    let persisted: PersistedDocuments
    let safelist: Safelist
    let runner: OperationRunner
    let policy: StatusPolicy
    let observer: Observer
    let responder: AnswerResponder

    /// - Parameters:
    ///   - mutations: Whether the request may change something.
    ///   - key: What was sent, if the response may be given again to whoever sends the same.
    func answer(
        _ request: GraphQLRequest,
        _ conditions: CacheConditions,
        mutations: MutationRule = .bySafeMethod,
        key: ResponseMemory.Key? = nil,
        _ mediaType: ResponseMediaType
    ) -> HTTPReply {
        let operation: Operation
        do throws(DocumentRefusal) {
            let text = try text(of: request)
            let document: PreparedDocument
            do throws(DocumentRefusal) {
                document = try documents.document(text)
            } catch {
                // A schema without mutations finds them invalid, but it is the method that is wrong first.
                if mutations == .bySafeMethod, documents.isMutation(text, operationName: request.operationName) {
                    return .now(mutations.refusal(mediaType))
                }
                throw error
            }
            if let hash = request.persistedHash, request.query != nil { persisted.teach(text, hash: hash) }
            do throws(GraphQLErrors) {
                let prepared = try document.operation(named: request.operationName)
                if mutations != .allowed, prepared.kind == .mutation { return .now(mutations.refusal(mediaType)) }
                operation = try prepared.bind(variables: request.variables)
            } catch {
                throw DocumentRefusal(failure: .invalid, errors: error.errors)
            }
        } catch {
            let status = policy.status(of: error.failure, mediaType)
            return .now(GraphQLResponse.refusal(error.errors, status: status, mediaType))
        }
        return runner.run(operation, wanted: request.wanted, freshness: conditions.demand) { outcome in
            responder.response(to: outcome, conditions, key: key, format: mediaType.headerValue) { outcome in
                GraphQLResponse.response(outcome, policy, mediaType)
            }
        }
    }

    // MARK: - The document

    private func text(of request: GraphQLRequest) throws(DocumentRefusal) -> ArraySlice<UInt8> {
        if let id = request.documentID {
            guard let text = persisted.document(id: id) else {
                throw refusal(
                    .notPersisted,
                    "There is no persisted document \"\(id)\": saved queries are known by the name of their file, or by "
                        + "\"sha256:\" and the hash of their text.",
                    code: "PERSISTED_DOCUMENT_NOT_FOUND"
                )
            }
            return text[...]
        }
        let text: ArraySlice<UInt8>
        if let hash = request.persistedHash {
            text = try automatic(request.query, hash: hash)
        } else if let query = request.query {
            text = query
        } else {
            throw refusal(.malformed, "The request has no \"query\".", code: "NO_QUERY")
        }
        try checkSafelist(text)
        return text
    }

    /// The protocol of automatic persisted queries, in the words that its clients look for.
    private func automatic(_ query: ArraySlice<UInt8>?, hash: String) throws(DocumentRefusal) -> ArraySlice<UInt8> {
        guard persisted.isAutomatic else {
            if let query { return query }
            throw refusal(.notPersisted, "PersistedQueryNotSupported", code: "PERSISTED_QUERY_NOT_SUPPORTED")
        }
        guard let query else {
            guard let text = persisted.document(hash: hash) else {
                throw refusal(.notPersisted, "PersistedQueryNotFound", code: "PERSISTED_QUERY_NOT_FOUND")
            }
            return text[...]
        }
        guard persisted.isHash(hash, of: query) else {
            throw refusal(.invalid, "provided sha does not match query", code: "PERSISTED_QUERY_HASH_MISMATCH")
        }
        return query
    }

    private func checkSafelist(_ text: ArraySlice<UInt8>) throws(DocumentRefusal) {
        guard safelist != .off, !persisted.isSaved(text) else { return }
        if safelist == .enforce {
            throw refusal(
                .notAllowed,
                "This server answers saved queries only (graphql.safelist): name one by documentId.",
                code: "NOT_ON_SAFELIST"
            )
        }
        observer.noteUnsaved(text)
    }

    private func refusal(_ failure: RequestFailure, _ message: String, code: String) -> DocumentRefusal {
        DocumentRefusal(failure: failure, errors: [GraphQLError(message, extensions: [.init("code", .string(code))])])
    }
}
