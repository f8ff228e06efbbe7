internal import Bytes
internal import Engagement
internal import MicroHTTP

/// Answers with the lists themselves, which are few.
internal struct ODataLists: Sendable {
    let lists: ListService

    func answer(
        _ request: ODataRequest,
        _ directory: ListDirectory,
        _ conditions: CacheConditions
    ) throws(ODataError) -> HTTPResponse {
        let (options, properties, writer) = (request.options, request.set.table.properties, request.writer)
        var rows = directory.all.map(row)
        if let filter = options.filter {
            rows = rows.filter { row in filter.holds { ODataValue(row[$0], properties[$0].type) } }
        }
        var buffer = ByteBuffer()
        var mediaType = request.format.mediaType
        switch request.subject {
        case .count:
            mediaType = ODataPage.countMediaType
            buffer.append("\(rows.count)" as String)
        case .entity:
            guard let row = rows.first else { throw ODataError(404, "NotFound", "There is no such list.") }
            writer.append(row, isEntity: true, to: &buffer)
        case .entities:
            let count = rows.count
            if !options.order.isEmpty { rows = sorted(rows, options.order, properties) }
            writer.begin(count: options.hasCount ? count : nil, &buffer)
            for (index, row) in rows.dropFirst(options.skip).prefix(options.top ?? count).enumerated() {
                if index > 0 { buffer.append(ASCII.comma) }
                writer.append(row, to: &buffer)
            }
            writer.end(nextLink: nil, &buffer)
        }
        return ODataDocument.response(buffer.freeze(), mediaType, request.format, conditions)
    }

    private func sorted(
        _ rows: [ODataWriter.Row],
        _ order: [ODataOrder],
        _ properties: [ODataProperty]
    ) -> [ODataWriter.Row] {
        func keys(_ row: ODataWriter.Row) -> [ODataValue] {
            order.map { ODataValue(row[$0.property], properties[$0.property].type) }
        }
        return rows.enumerated().sorted { left, right in
            if order.precedes(keys(left.element), keys(right.element)) { return true }
            if order.precedes(keys(right.element), keys(left.element)) { return false }
            return left.offset < right.offset
        }.map(\.element)
    }

    /// In the order of the table's properties.
    private func row(_ list: NamedList) -> ODataWriter.Row {
        [
            .text(list.name.rawValue),
            list.description.map { .text($0) } ?? .null,
            list.account.map { .text($0.rawValue) } ?? .null,
            .boolean(list.isConfigured),
            .integer(Int64(list.tweets.count)),
            lists.status(of: list.name)?.refreshedAt.map { .text($0.iso8601) } ?? .null,
        ]
    }
}
