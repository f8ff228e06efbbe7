internal import Bytes
internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import GraphQL
internal import JSON
internal import MicroHTTP

/// Answers with the numbers of lists. A page is an operation as any other: planned for the Tweets that it shows, looked up,
/// fetched with the quota of exports, and resolved to rows.
internal struct ODataNumbers: Sendable {
    let runner: OperationRunner
    let responder: AnswerResponder
    let parserLimits: ParserLimits
    /// The first hour that was ever counted.
    let since: UTCHour

    /// What is sorted or counted by its numbers has to be there as a whole, once, within the limits of responses too.
    private static let maximumSortedRows = 100_000

    func answer(
        _ request: ODataRequest,
        _ directory: ListDirectory,
        _ conditions: CacheConditions,
        key: ResponseMemory.Key
    ) throws(ODataError) -> HTTPReply {
        let lists = request.set.list.map { [directory[$0]].compactMap(\.self) } ?? directory.all
        let scope = ODataScope(
            request.set.table,
            lists,
            request.options.filter,
            since: since,
            asked: request.asked
        )
        if let time = scope.unboundedTime {
            throw .unsupported(
                "$filter",
                "\(time) is joined to other columns by or: narrow the time by and, such as \(time) ge 2026-10-01 and (…)."
            )
        }
        let cursor = request.cursor ?? ODataCursor(asked: request.asked, fingerprint: scope.fingerprint)
        guard cursor.fingerprint == scope.fingerprint else {
            throw ODataError(410, "Gone", "The lists have changed since the first page: begin again.")
        }
        if request.subject == .entity, scope.rows == 0 { throw ODataPage.noEntity }
        var page = ODataPage(request: request, scope: scope, cursor: cursor)
        if let known = page.known { return .now(document(known, request, conditions)) }
        guard let list = page.list else { throw Self.severalLists }
        let operation = try operation(request, list.name, scope.window)
        let slices = try slices(operation, request, scope, list, for: page.isWhole ? .response : .rows)
        if page.isWhole {
            let rows = slices.tweets * scope.rowsPerTweet
            guard rows <= Self.maximumSortedRows else {
                throw .unsupported(
                    "$filter",
                    """
                    \(rows) rows are too many to be sorted, or counted by their numbers: at most \(Self.maximumSortedRows). Ask for \
                    fewer Tweets or a shorter time ($filter).
                    """
                )
            }
        }
        let plan = slices[page.turn(slices)]
        return run(operation, plan, page, conditions, key)
    }

    private static let severalLists = ODataError.unsupported(
        "$orderby",
        """
        Only the rows of one list are sorted, or counted by their numbers: ask for the set of a list, or add list eq 'name' to \
        $filter.
        """
    )

    private func run(
        _ operation: Operation,
        _ plan: EngagementPlan,
        _ page: ODataPage,
        _ conditions: CacheConditions,
        _ key: ResponseMemory.Key
    ) -> HTTPReply {
        let request = page.request
        let moves = request.cursor == nil && request.set.table.hoursPerRow != nil
        // What forms the bytes besides the document and its numbers.
        let form = "odata \(request.subject) \(request.nextLink(page.cursor)) \(request.format.form) \(page.scope.rows)"
        return runner.run(operation, plan, urgency: .export, freshness: conditions.demand) { outcome in
            let outcome = moves ? outcome.movingWithTheClock : outcome
            return responder.response(to: outcome, conditions, key: key, format: form) { page.response($0) }
        }
    }

    private func document(
        _ body: ByteString,
        _ request: ODataRequest,
        _ conditions: CacheConditions
    ) -> HTTPResponse {
        let mediaType = request.subject == .count ? ODataPage.countMediaType : request.format.mediaType
        return ODataDocument.response(body, mediaType, request.format, conditions, headers: request.format.applied)
    }

    // MARK: - The operation

    /// The operation that has the needed properties as fields.
    private func operation(
        _ request: ODataRequest,
        _ list: ListName,
        _ window: HourWindow?
    ) throws(ODataError) -> Operation {
        let table = request.set.table
        // The list is known, and no field.
        let fields = request.needed.filter { $0 != 0 }.map { table.properties[$0].name }.joined(separator: " ")
        var variables: [JSONValue.Member] = [.init("list", .string(list.rawValue))]
        let text: String
        if let window {
            variables.append(.init("start", .string(window.start.start.iso8601)))
            variables.append(.init("end", .string(window.end.start.iso8601)))
            text = """
                query($list: String!, $start: DateTime!, $end: DateTime!) { historical(list: $list, start: $start, end: $end, \
                groupBy: [TWEET, \(table == .daily ? "DAY" : "HOUR")]) { \(fields) } }
                """
        } else {
            text = "query($list: String!) { totals(list: $list) { \(fields) } }"
        }
        do throws(GraphQLErrors) {
            let source = Source(Array(text.utf8), name: "OData")
            let document = try PreparedDocument(source, schema: runner.schema.schema, parserLimits: parserLimits)
            let bytes = ODataDocument.bytes(.object(variables)).array
            return try document.operation(named: nil).bind(variables: JSONReader(bytes))
        } catch {
            throw ODataError(error.errors)
        }
    }

    private func slices(
        _ operation: Operation,
        _ request: ODataRequest,
        _ scope: ODataScope,
        _ list: NamedList,
        for purpose: OperationRunner.Purpose
    ) throws(ODataError) -> PlanSlices {
        let plan: EngagementPlan
        do throws(GraphQLErrors) {
            plan = try runner.plan(operation, for: purpose, now: request.asked)
        } catch {
            throw ODataError(error.errors)
        }
        guard let slices = PlanSlices(plan) else {
            throw ODataError(500, "InternalError", "The table has no order.")
        }
        return scope.choosesTweets ? slices.filter { scope.contains($0, of: list.name) } : slices
    }
}

extension ODataError {
    /// What planning and binding refuse.
    internal init(_ errors: [GraphQLError], status: Int = 400) {
        self.init(
            status,
            errors.first?.code ?? "BadRequest",
            errors.first?.message ?? "The request cannot be answered."
        )
        details = errors.dropFirst().map { Detail(code: $0.code ?? "Error", message: $0.message) }
    }
}
