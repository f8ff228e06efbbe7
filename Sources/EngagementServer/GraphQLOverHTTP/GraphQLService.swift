internal import GraphQL
internal import JSON
internal import MicroHTTP

/// Answers one GraphQL request, whatever carried it: finds the document, picks the operation, coerces the variables, runs it.
///
/// One object, as are the parts below it: each request hands them on, and a value of many parts would be counted part by part.
internal final class GraphQLService: Sendable {
    /// What answers subscriptions; nil where there are none.
    let live: LiveService?
    let documents: PreparedDocuments
    let persisted: PersistedDocuments
    let safelist: Safelist
    let runner: OperationRunner
    let policy: StatusPolicy
    let observer: Observer
    let responder: AnswerResponder
    /// What answers with rows.
    let rows: RowService

    init(
        live: LiveService?,
        documents: PreparedDocuments,
        persisted: PersistedDocuments,
        safelist: Safelist,
        runner: OperationRunner,
        policy: StatusPolicy,
        observer: Observer,
        responder: AnswerResponder
    ) {
        self.live = live
        self.documents = documents
        self.persisted = persisted
        self.safelist = safelist
        self.runner = runner
        self.policy = policy
        self.observer = observer
        self.responder = responder
        rows = RowService(runner: runner, responder: responder, observer: observer)
    }

    /// - Parameters:
    ///   - mutations: Whether the request may change something.
    ///   - key: What was sent, if the response may be given again to whoever sends the same.
    ///   - wish: What is said of a stream of events, if one is accepted.
    func answer(
        _ request: GraphQLRequest,
        _ conditions: CacheConditions,
        mutations: MutationRule = .bySafeMethod,
        key: ResponseMemory.Key? = nil,
        wish: EventStreamWish? = nil,
        _ mediaType: ResponseMediaType
    ) -> HTTPReply {
        let operation: Operation
        do throws(DocumentRefusal) {
            operation = try self.operation(request, mutations)
        } catch {
            if wish?.isOnly == true, !error.errors.isEmpty { return .now(EventStream.refusal(error.errors)) }
            return .now(refused(error, mutations, mediaType))
        }
        if let wish, let live, operation.kind == .subscription {
            return live.reply(operation, key: request.operationKey, wish)
        }
        if wish?.isOnly == true {
            return runner.run(operation, wanted: request.wanted, freshness: conditions.demand) {
                [policy] outcome in
                EventStream.single(GraphQLResponse.response(outcome, policy, mediaType))
            }
        }
        return runner.run(operation, wanted: request.wanted, freshness: conditions.demand) {
            [responder, policy] outcome in
            responder.response(to: outcome, conditions, key: key, format: mediaType.headerValue) { outcome in
                GraphQLResponse.response(outcome, policy, mediaType)
            }
        }
    }

    /// Answers a request with rows.
    func rows(
        _ request: GraphQLRequest,
        _ rowRequest: RowRequest,
        _ conditions: CacheConditions,
        key: ResponseMemory.Key?
    ) -> HTTPReply {
        let operation: Operation
        do throws(DocumentRefusal) {
            operation = try self.operation(request, .allowed)
        } catch {
            // Nobody who reads rows looks for errors behind a 200.
            let status = policy.status(of: error.failure, .graphqlResponse)
            return .now(ErrorResponse.json(status, error.errors))
        }
        return rows.answer(operation, rowRequest, name: operation.name ?? "rows", conditions, key: key)
    }

    /// - Throws: Why the request has no operation that can be run.
    func operation(
        _ request: GraphQLRequest,
        _ mutations: MutationRule
    ) throws(DocumentRefusal) -> Operation {
        let text = try text(of: request)
        let document: PreparedDocument
        do throws(DocumentRefusal) {
            document = try documents.document(text)
        } catch {
            // A schema without mutations finds them invalid, but it is the method that is wrong first.
            if mutations == .bySafeMethod, documents.isMutation(text, operationName: request.operationName) {
                throw .forbiddenMutation
            }
            throw error
        }
        if let hash = request.persistedHash, request.query != nil { persisted.teach(text, hash: hash) }
        do throws(GraphQLErrors) {
            let prepared = try document.operation(named: request.operationName)
            if mutations != .allowed, prepared.kind == .mutation { throw GraphQLErrors([]) }
            return try prepared.bind(variables: request.variables)
        } catch {
            if error.errors.isEmpty { throw .forbiddenMutation }
            throw DocumentRefusal(failure: .invalid, errors: error.errors)
        }
    }

    private func refused(
        _ refusal: DocumentRefusal,
        _ mutations: MutationRule,
        _ mediaType: ResponseMediaType
    ) -> HTTPResponse {
        if refusal.errors.isEmpty { return mutations.refusal(mediaType) }
        let status = policy.status(of: refusal.failure, mediaType)
        return GraphQLResponse.refusal(refusal.errors, status: status, mediaType)
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

extension DocumentRefusal {
    /// A mutation where none may be: what is said of it depends on why.
    fileprivate static let forbiddenMutation = DocumentRefusal(failure: .notAllowed, errors: [])
}
