internal import Bytes
internal import Engagement
internal import EngagementGraph
internal import MicroHTTP

/// A page of a table of numbers.
///
/// Rows have a natural order: by list, then as the Tweets stand in it, then by time. A page is of one list, found by counting. What is
/// sorted, or counted by its numbers, is looked at as a whole.
internal struct ODataPage: Sendable {
    let request: ODataRequest
    let scope: ODataScope
    let cursor: ODataCursor
    /// The keys to sort by; empty for the natural order.
    private let order: [ODataOrder]
    /// Which rows of the plan's are the page's, if it is not made of all.
    private var rows = 0..<0

    static let countMediaType = "text/plain;charset=utf-8"
    static let noEntity = ODataError(404, "NotFound", "There is no such entity.")

    init(request: ODataRequest, scope: ODataScope, cursor: ODataCursor) {
        self.request = request
        self.scope = scope
        var order = request.options.order
        // Of one list all rows have the same; otherwise lists come first anyway.
        let isOneList = scope.lists.count <= 1
        if isOneList { order.removeAll { $0.property == 0 } }
        if order == [ODataOrder(property: 0, isDescending: false)] { order = [] }
        self.order = order
        var cursor = cursor
        if request.cursor == nil, order.isEmpty, scope.rest.isEmpty {
            cursor.offset = request.options.skip
            cursor.skipped = request.options.skip
        }
        self.cursor = cursor
    }

    /// Whether every row of the table has to be looked at.
    var isWhole: Bool {
        !order.isEmpty || ((request.options.hasCount || request.subject == .count) && !scope.rest.isEmpty)
    }

    /// The list that it is of; nil if it would be of several.
    var list: NamedList? {
        if isWhole {
            let lists = scope.lists.filter { $0.tweets > 0 }
            return lists.count == 1 ? lists[0].list : nil
        }
        return place?.list
    }

    /// What is answered without any number; nil if there has to be one.
    var known: ByteString? {
        let isOver = cursor.offset >= scope.rows || request.options.top == 0
        guard scope.rows == 0 || !isWhole && (isOver || request.subject == .count) else { return nil }
        if request.subject == .count { return ByteString("\(scope.rows)") }
        var buffer = ByteBuffer()
        let writer = request.writer
        writer.begin(count: request.options.hasCount ? scope.rows : nil, &buffer)
        writer.end(nextLink: nil, &buffer)
        return buffer.freeze()
    }

    /// The list that the first row is of, and which of its rows that is.
    private var place: (list: NamedList, row: Int)? {
        var row = cursor.offset
        for (list, tweets) in scope.lists {
            if row < tweets * scope.rowsPerTweet { return (list, row) }
            row -= tweets * scope.rowsPerTweet
        }
        return nil
    }

    /// Chooses the page's rows, and returns the Tweets that they are of.
    mutating func turn(_ slices: PlanSlices) -> Range<Int> {
        guard !isWhole else { return 0..<slices.tweets }
        let perTweet = max(scope.rowsPerTweet, 1)
        let row = place?.row ?? 0
        let first = min(row / perTweet, slices.tweets)
        let skipped = row - first * perTweet
        var limit = request.pageRows
        if let top = request.options.top, scope.rest.isEmpty { limit = min(limit, top - cursor.shown) }
        let most = max(1, RowSource.cellsPerSlice / max(slices.cellsPerTweet, 1))
        let end = min(slices.tweets, first + min(most, (skipped + limit + perTweet - 1) / perTweet))
        rows = skipped..<max(skipped, min(skipped + limit, (end - first) * perTweet))
        return first..<end
    }

    // MARK: - Writing

    func response(_ outcome: OperationOutcome) -> HTTPResponse {
        guard case .answered(let answer) = outcome else {
            if case .refused(let errors) = outcome { return ODataError(errors).response() }
            return ODataError(400, "BadRequest", "There is nothing to be changed here.").response()
        }
        guard let rows = try? ODataRows(answer, request.set.table, request.needed, list?.name) else {
            return ODataError(500, "InternalError", "The table has no columns.").response()
        }
        let failures = rows.absences.filter(\.isUpstreamFailure)
        if !failures.isEmpty { return ODataError(failures, status: 502).response() }
        var headers = [(name: "Content-Type", value: request.format.mediaType)] + request.format.applied
        let codes = Set(rows.absences.compactMap(\.code)).sorted()
        if !codes.isEmpty { headers.append((name: "EngageQL-Absences", value: codes.joined(separator: ", "))) }
        switch request.subject {
        case .count:
            headers[0].value = ODataPage.countMediaType
            return ODataDocument.packed(ByteString("\(sorted(rows).count)"), request.format, headers)
        case .entity: return entity(rows, headers)
        case .entities: return ODataDocument.packed(isWhole ? whole(rows) : part(rows), request.format, headers)
        }
    }

    private func fits(_ row: ODataWriter.Row) -> Bool {
        let properties = request.set.table.properties
        return scope.rest.allSatisfy { condition in
            condition.holds { ODataValue(row[$0], properties[$0].type) }
        }
    }

    private func entity(_ rows: ODataRows, _ headers: [(name: String, value: String)]) -> HTTPResponse {
        var buffer = ByteBuffer()
        var count = 0
        let reasons = rows.reasons(request.format)
        rows.read { row in
            if count == 0, fits(row) {
                request.writer.append(row, isEntity: true, to: &buffer) { reasons.code($0, row) }
                count += 1
            }
        }
        guard count > 0 else { return ODataPage.noEntity.response() }
        return ODataDocument.packed(buffer.freeze(), request.format, headers)
    }

    /// The page's part of the natural order.
    private func part(_ rows: ODataRows) -> ByteString {
        let (writer, options, reasons) = (request.writer, request.options, rows.reasons(request.format))
        var buffer = ByteBuffer(capacity: 4096)
        var (next, index) = (cursor, 0)
        writer.begin(count: options.hasCount ? scope.rows : nil, &buffer)
        var isFirst = true
        var isFull = false
        rows.read { row in
            defer { index += 1 }
            guard self.rows.contains(index), !isFull, fits(row) else { return }
            if next.skipped < options.skip {
                next.skipped += 1
                return
            }
            if !isFirst { buffer.append(ASCII.comma) }
            isFirst = false
            writer.append(row, to: &buffer) { reasons.code($0, row) }
            next.shown += 1
            isFull = options.top.map { next.shown >= $0 } ?? false
        }
        next.offset += self.rows.count
        let hasMore = !isFull && !self.rows.isEmpty && next.offset < scope.rows
        writer.end(nextLink: hasMore ? request.nextLink(next) : nil, &buffer)
        return buffer.freeze()
    }

    /// The page's part of all rows that fit, in their order.
    private func whole(_ rows: ODataRows) -> ByteString {
        let (writer, options, reasons) = (request.writer, request.options, rows.reasons(request.format))
        let places = sorted(rows)
        let end = min(places.count, options.top.map { options.skip + $0 } ?? places.count)
        let first = min(options.skip + cursor.shown, end)
        let chosen = places[first..<min(end, first + request.pageRows)]
        // Rows come in their natural order: each is put where it belongs.
        let targets = Dictionary(uniqueKeysWithValues: zip(chosen, chosen.indices))
        var page = [ODataWriter.Row?](repeating: nil, count: chosen.count)
        var index = 0
        rows.read { row in
            if let target = targets[index] { page[target - first] = row }
            index += 1
        }
        var buffer = ByteBuffer(capacity: 4096)
        writer.begin(count: options.hasCount ? places.count : nil, &buffer)
        for (index, row) in page.enumerated() {
            guard let row else { continue }
            if index > 0 { buffer.append(ASCII.comma) }
            writer.append(row, to: &buffer) { reasons.code($0, row) }
        }
        var next = cursor
        next.shown += chosen.count
        writer.end(nextLink: chosen.endIndex < end && !chosen.isEmpty ? request.nextLink(next) : nil, &buffer)
        return buffer.freeze()
    }

    /// The places of all rows that fit, sorted. Only what they are sorted by is kept of them.
    private func sorted(_ rows: ODataRows) -> [Int] {
        let properties = request.set.table.properties
        var found: [(keys: [ODataValue], place: Int)] = []
        var index = 0
        rows.read { row in
            if fits(row) {
                found.append((order.map { ODataValue(row[$0.property], properties[$0.property].type) }, index))
            }
            index += 1
        }
        if !order.isEmpty {
            found.sort { left, right in
                if order.precedes(left.keys, right.keys) { return true }
                if order.precedes(right.keys, left.keys) { return false }
                return left.place < right.place
            }
        }
        return found.map(\.place)
    }
}
