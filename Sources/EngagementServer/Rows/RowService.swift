internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import GraphQL
internal import MicroHTTP

/// Answers operations with rows, whatever route they come by.
///
/// A small table is made as a whole: it has a length, an entity tag, parts, and it is remembered. A large one is streamed.
internal struct RowService: Sendable {
    let runner: OperationRunner
    let responder: AnswerResponder
    let observer: Observer

    /// The moment by which windows and relative times are meant.
    func asked(_ request: RowRequest) -> UnixTime { request.page?.cursor?.asked ?? runner.clock() }

    /// The answer to the same request, if it still holds.
    func remembered(
        _ key: ResponseMemory.Key,
        _ request: RowRequest,
        _ conditions: CacheConditions
    ) -> HTTPResponse? {
        responder.remembered(key, conditions).map { finished($0, request) }
    }

    /// - Parameters:
    ///   - name: What the file is called, without its ending.
    ///   - movesWithTheClock: Whether the request names times as seen from now.
    ///   - key: Under which the answer may be given again; nil if it may not.
    func answer(
        _ operation: Operation,
        _ request: RowRequest,
        name: String,
        movesWithTheClock: Bool = false,
        _ conditions: CacheConditions,
        key: ResponseMemory.Key?
    ) -> HTTPReply {
        let asked = asked(request)
        var table: WholeTable
        let plan: EngagementPlan
        do throws(RowShapeError) {
            table = WholeTable(request: request, columns: try RowColumns(operation), name: name, asked: asked)
        } catch {
            return .now(ErrorResponse.json(400, error.message))
        }
        if operation.kind == .subscription { return .now(ErrorResponse.json(400, [.needsEventStream])) }
        guard operation.kind == .query else { return .now(table.response(.refusedMutation)) }
        do throws(GraphQLErrors) {
            guard let slices = PlanSlices(try runner.plan(operation, for: .rows, now: asked)) else {
                plan = try runner.plan(operation, for: .response, now: asked)
                table.skipped = request.page?.offset ?? 0
                return whole(operation, plan, table, movesWithTheClock, conditions, key)
            }
            if let page = request.page {
                plan = table.turn(to: page, slices)
            } else if slices.tweets * max(slices.cellsPerTweet, slices.rowsPerTweet) > RowSource.cellsPerSlice {
                return stream(
                    RowSource(runner: runner, operation: operation, slices: slices, freshness: conditions.demand),
                    table
                )
            } else {
                plan = slices[0..<slices.tweets]
            }
        } catch {
            return .now(table.response(.refused(error.errors)))
        }
        return whole(operation, plan, table, movesWithTheClock, conditions, key)
    }

    private func whole(
        _ operation: Operation,
        _ plan: EngagementPlan,
        _ table: WholeTable,
        _ movesWithTheClock: Bool,
        _ conditions: CacheConditions,
        _ key: ResponseMemory.Key?
    ) -> HTTPReply {
        runner.run(operation, plan, urgency: .export, freshness: conditions.demand) { outcome in
            let outcome = movesWithTheClock ? outcome.movingWithTheClock : outcome
            let response = responder.response(to: outcome, conditions, key: key, format: table.request.form) {
                outcome in
                table.response(outcome)
            }
            return finished(response, table.request)
        }
    }

    private func stream(_ source: RowSource, _ table: WholeTable) -> HTTPReply {
        .later {
            let stream = RowStream(source, table.request, table.columns, observer)
            let errors = await stream.begin()
            guard errors.isEmpty else {
                return ErrorResponse.json(source.freshness.onlyIfCached ? 504 : 502, errors)
            }
            var headers = WholeTable.headers(table.request, name: table.name) + [CacheControl.noStore]
            headers.append((name: "EngageQL-Rows", value: String(source.slices.rows)))
            headers.append((name: "Accept-Ranges", value: "none"))
            if table.request.isPacked { headers.append((name: "Content-Encoding", value: "gzip")) }
            return HTTPResponse(status: 200, headers: headers, body: .stream(HTTPBodyStream { await stream.next() }))
        }
    }

    /// A table that is there as a whole, or the part of it that is asked for.
    private func finished(_ response: HTTPResponse, _ request: RowRequest) -> HTTPResponse {
        var response = response
        if response.status == 200, !request.isPacked {
            let hasParts = response.header("ETag") != nil
            response.headers.append((name: "Accept-Ranges", value: hasParts ? "bytes" : "none"))
        }
        return request.range?.part(of: response) ?? response
    }
}

extension WholeTable {
    /// The plan of the Tweets that a page shows, which it begins in the midst of.
    fileprivate mutating func turn(to page: RowPage, _ slices: PlanSlices) -> EngagementPlan {
        let rows = max(slices.rowsPerTweet, 1)
        let first = min(page.offset / rows, slices.tweets)
        skipped = page.offset - first * rows
        total = slices.rows
        return slices[first..<min(slices.tweets, first + (skipped + page.limit + rows - 1) / rows)]
    }
}

extension OperationOutcome {
    /// What a route is answered that changes nothing.
    fileprivate static let refusedMutation = OperationOutcome.refused([
        GraphQLError("Rows have no place for a mutation: ask for JSON.")
    ])

    /// The same, if what was asked means other hours later.
    internal var movingWithTheClock: OperationOutcome {
        guard case .answered(let answer) = self else { return self }
        return .answered(answer.movingWithTheClock)
    }
}
