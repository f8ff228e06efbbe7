internal import Bytes
internal import Engagement
internal import EngagementGraph
internal import GraphQL
internal import JSON
internal import MicroHTTP

/// `GET /q/<name>` and `GET /q/<name>.csv`: saved operations as plain URLs, for spreadsheets and BI tools. They explain
/// themselves: `/q` lists them, `/q/<name>` without parameters says how it is asked, `/openapi.json` describes them all.
internal struct SavedQueryEndpoint: Sendable {
    let queries: SavedQueries
    let runner: OperationRunner
    let rows: RowService
    let policy: StatusPolicy
    let crossOrigin: CrossOrigin

    private var responder: AnswerResponder { rows.responder }
    private static let methods = "GET, HEAD, OPTIONS"

    /// - Parameter path: What stands behind `/q`, empty for the list of all.
    func respond(to request: borrowing HTTPRequest, path: String) -> HTTPReply {
        respond(to: request) { request in answer(request, path: path) }
    }

    /// `GET /openapi.json`.
    func describe(_ request: borrowing HTTPRequest) -> HTTPReply {
        respond(to: request) { _ in
            .now(SavedQueryEndpoint.json(OpenAPIDocument.value(descriptions), "application/json; charset=utf-8"))
        }
    }

    private func respond(
        to request: borrowing HTTPRequest,
        _ answer: (borrowing HTTPRequest) -> HTTPReply
    ) -> HTTPReply {
        let methods = SavedQueryEndpoint.methods
        if request.method == .options { return .now(crossOrigin.options(request, allow: methods)) }
        guard request.method == .get || request.method == .head else {
            let allow = [(name: "Allow", value: methods)]
            return .now(ErrorResponse.json(405, "Saved queries are asked by GET.", headers: allow))
        }
        if crossOrigin.refuses(request) { return .now(CrossOrigin.refusal) }
        return answer(request).adding(crossOrigin.headers(for: request))
    }

    private func answer(_ request: borrowing HTTPRequest, path: String) -> HTTPReply {
        let name = String(path.drop { $0 == "/" })
        let accept = request.header("accept")
        let vary = [(name: "Vary", value: "Accept")]
        if name.isEmpty { return .now(list(isPage: QueryPage.isPreferred(accept))).adding(vary) }
        if let format = RowFormat.allCases.first(where: { name.hasSuffix(".\($0.rawValue)") }) {
            return rows(request, String(name.dropLast(format.rawValue.count + 1)), format)
        }
        // Without a suffix it is up to `Accept`, which a cache in between has to know.
        if let format = RowFormat(accept: accept) { return rows(request, name, format).adding(vary) }
        return tree(request, name, isPage: QueryPage.isPreferred(accept)).adding(vary)
    }

    private func unknown(_ name: String) -> HTTPReply {
        .now(ErrorResponse.json(404, "There is no saved query \"\(name)\"; GET /q lists those that there are."))
    }

    // MARK: - Answers

    /// Answers with rows.
    private func rows(_ request: borrowing HTTPRequest, _ name: String, _ format: RowFormat) -> HTTPReply {
        guard let query = queries[name] else { return unknown(name) }
        let vary = [(name: "Vary", value: "Accept-Encoding")]
        do throws(MalformedRequest) {
            let items = try items(of: request)
            let wanted = try RowRequest(request, items, format, now: runner.clock())
            let conditions = CacheConditions(request, obeying: responder.obedience)
            let url = "/q/\(name).\(wanted.variant)?\(request.rawQuery ?? "")"
            let key = responder.key(Array(url.utf8)[...], .json)
            if let response = rows.remembered(key, wanted, conditions) { return .now(response).adding(vary) }
            let variables = items.filter { item in !RowRequest.names.contains(item.name) || item.name == "key" }
            let (operation, moves) = try bind(query, variables, now: rows.asked(wanted))
            return rows.answer(operation, wanted, name: name, movesWithTheClock: moves, conditions, key: key).adding(
                vary
            )
        } catch {
            return .now(error.response)
        }
    }

    /// Answers with the GraphQL response, or with what there is to ask.
    private func tree(_ request: borrowing HTTPRequest, _ name: String, isPage: Bool) -> HTTPReply {
        guard let query = queries[name] else { return unknown(name) }
        if (request.rawQuery ?? "").isEmpty {
            let description = QueryDescription(query, runner.schema.schema)
            if isPage { return .now(QueryPage.response(description)) }
            if description.hasRequired { return .now(SavedQueryEndpoint.json(description.json)) }
        }
        let conditions = CacheConditions(request, obeying: responder.obedience)
        let key = responder.key(Array("/q/\(name)?\(request.rawQuery ?? "")".utf8)[...], .json)
        if let response = responder.remembered(key, conditions) { return .now(response) }
        do throws(MalformedRequest) {
            let items = try items(of: request)
            if let item = items.first(where: { item in RowRequest.names.contains(item.name) && item.name != "key" }) {
                throw MalformedRequest(
                    "The parameter \"\(item.name)\" is for rows: ask for /q/\(name).csv or its like."
                )
            }
            let (operation, moves) = try bind(query, items, now: runner.clock())
            return runner.run(operation, freshness: conditions.demand) { outcome in
                let outcome = moves ? outcome.movingWithTheClock : outcome
                return responder.response(to: outcome, conditions, key: key, format: "response") { outcome in
                    GraphQLResponse.response(outcome, policy, .json)
                }
            }
        } catch {
            return .now(error.response)
        }
    }

    private func items(of request: borrowing HTTPRequest) throws(MalformedRequest) -> [(name: String, value: String)] {
        guard let items = request.validQueryItems else {
            throw MalformedRequest("The URL has bytes that are not UTF-8.")
        }
        return items
    }

    /// The operation, and whether it means other hours later.
    private func bind(
        _ query: SavedQueries.SavedQuery,
        _ items: [(name: String, value: String)],
        now: UnixTime
    ) throws(MalformedRequest) -> (Operation, Bool) {
        let parameters = try QueryParameters(items, for: query.operation, in: runner.schema.schema, now: now)
        do throws(GraphQLErrors) {
            return (try query.operation.bind(variables: JSONReader(parameters.variables)), parameters.movesWithTheClock)
        } catch {
            throw MalformedRequest(error.errors)
        }
    }

    // MARK: - Descriptions

    private var descriptions: [QueryDescription] {
        queries.all.map { QueryDescription($0, runner.schema.schema) }
    }

    private func list(isPage: Bool) -> HTTPResponse {
        if isPage { return QueryPage.response(listing: descriptions) }
        return SavedQueryEndpoint.json(.object([.init("queries", .array(descriptions.map(\.json)))]))
    }

    private static func json(
        _ value: JSONValue,
        _ mediaType: String = ResponseMediaType.json.headerValue
    ) -> HTTPResponse {
        var buffer = ByteBuffer()
        buffer.append(json: value)
        return HTTPResponse(
            status: 200,
            headers: [(name: "Content-Type", value: mediaType)],
            body: .bytes(buffer.freeze())
        )
    }
}

extension MalformedRequest {
    /// What becomes of a request that has no answer.
    fileprivate var response: HTTPResponse {
        errors.isEmpty ? ErrorResponse.json(400, message) : ErrorResponse.json(400, errors)
    }
}
