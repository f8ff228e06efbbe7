internal import Bytes
internal import EngagementAPI
internal import EngagementGraph
internal import GraphQL
internal import JSON
internal import MicroHTTP

/// `GET /q/<name>` and `GET /q/<name>.csv`: saved operations as plain URLs, for spreadsheets and BI tools.
internal struct SavedQueryEndpoint: Sendable {
    let queries: SavedQueries
    let runner: OperationRunner
    let policy: StatusPolicy
    let responder: AnswerResponder
    let crossOrigin: CrossOrigin

    /// - Parameter path: What stands behind `/q`, empty for the list of all.
    func respond(to request: borrowing HTTPRequest, path: String) -> HTTPReply {
        let methods = "GET, HEAD, OPTIONS"
        if request.method == .options { return .now(crossOrigin.options(request, allow: methods)) }
        guard request.method == .get || request.method == .head else {
            let allow = [(name: "Allow", value: methods)]
            return .now(ErrorResponse.json(405, "Saved queries are asked by GET.", headers: allow))
        }
        if crossOrigin.refuses(request) { return .now(CrossOrigin.refusal) }
        return answer(request, path: path).adding(crossOrigin.headers(for: request))
    }

    private func answer(_ request: borrowing HTTPRequest, path: String) -> HTTPReply {
        let name = path.drop { $0 == "/" }
        if name.isEmpty { return .now(list()) }
        let (stem, format) = RowFormat.split(String(name), accept: request.header("accept"))
        let reply = answer(request, stem, format)
        // Without a suffix it is up to `Accept`, which a cache in between has to know.
        return stem == name ? reply.adding([(name: "Vary", value: "Accept")]) : reply
    }

    private func answer(_ request: borrowing HTTPRequest, _ stem: String, _ format: RowFormat) -> HTTPReply {
        guard let query = queries[stem] else {
            return .now(
                ErrorResponse.json(404, "There is no saved query \"\(stem)\"; GET /q lists those that there are.")
            )
        }
        let conditions = CacheConditions(request, obeying: responder.obedience)
        let url = "/q/\(stem).\(format.rawValue)?\(request.rawQuery ?? "")"
        let key = responder.key(Array(url.utf8)[...], .json)
        if let response = responder.remembered(key, conditions) { return .now(response) }
        let schema = runner.schema.schema
        do throws(MalformedRequest) {
            guard let items = request.validQueryItems else {
                throw MalformedRequest("The URL has bytes that are not UTF-8.")
            }
            let parameters = try QueryParameters(items, for: query.operation, in: schema)
            return try run(query, parameters, format, key, conditions)
        } catch {
            return .now(ErrorResponse.json(400, error.message))
        }
    }

    private func run(
        _ query: SavedQueries.SavedQuery,
        _ parameters: QueryParameters,
        _ format: RowFormat,
        _ key: ResponseMemory.Key,
        _ conditions: CacheConditions
    ) throws(MalformedRequest) -> HTTPReply {
        let operation: Operation
        do throws(GraphQLErrors) {
            operation = try query.operation.bind(variables: JSONReader(parameters.variables))
        } catch {
            return .now(ErrorResponse.json(400, error.errors))
        }
        switch format {
        case .response:
            return runner.run(operation, freshness: conditions.demand) { outcome in
                responder.response(to: outcome, conditions, key: key, format: format.rawValue) { outcome in
                    GraphQLResponse.response(outcome, policy, .json)
                }
            }
        case .csv:
            let columns: RowColumns
            do throws(RowShapeError) {
                columns = try RowColumns(operation)
            } catch {
                throw MalformedRequest(error.message)
            }
            let name = query.name
            return runner.run(operation, urgency: .export, freshness: conditions.demand) { outcome in
                responder.response(to: outcome, conditions, key: key, format: format.rawValue) { outcome in
                    CSVResponse.response(outcome, columns, name: name)
                }
            }
        }
    }

    private func list() -> HTTPResponse {
        let schema = runner.schema.schema
        let entries = queries.all.map { query in
            JSONValue.object([
                .init("name", .string(query.name)),
                .init("url", .string("/q/\(query.name)")),
                .init("csv", .string("/q/\(query.name).csv")),
                .init("description", .string(query.description)),
                .init("parameters", .array(query.operation.variables.map { parameter($0, schema) })),
                .init("document", .string(String(decoding: query.text, as: UTF8.self))),
            ])
        }
        var buffer = ByteBuffer()
        buffer.append(json: .object([.init("queries", .array(entries))]))
        return HTTPResponse(
            status: 200,
            headers: [(name: "Content-Type", value: ResponseMediaType.json.headerValue)],
            body: .bytes(buffer.freeze())
        )
    }

    private func parameter(_ variable: PreparedOperation.Variable, _ schema: Schema) -> JSONValue {
        .object([
            .init("name", .string(variable.name)),
            .init("type", .string(schema.text(of: variable.type))),
            .init("required", .boolean(variable.type.isNonNull && variable.defaultValue == nil)),
        ])
    }
}

/// In which form a saved query is answered: by the suffix of its URL, else by `Accept`.
internal enum RowFormat: String, Sendable {
    /// The GraphQL response.
    case response = "json"
    case csv

    static func split(_ name: String, accept: String?) -> (stem: String, format: RowFormat) {
        if name.hasSuffix(".csv") { return (String(name.dropLast(4)), .csv) }
        if name.hasSuffix(".json") { return (String(name.dropLast(5)), .response) }
        return (name, accept?.hasPrefix("text/csv") == true ? .csv : .response)
    }
}
