import Testing

@testable import EngagementServer

@Suite("Accept, for rows")
struct RowFormatTests {
    /// A header, and the format of rows that it prefers; nil for a GraphQL response.
    static let headers: [(accept: String?, format: RowFormat?)] = [
        (nil, nil), ("*/*", nil), ("", nil), ("application/json", nil), ("text/*", nil),
        ("text/csv", .csv), ("TEXT/CSV", .csv), ("text/csv; header=present", .csv), ("text/csv;charset=utf-8", .csv),
        ("text/csv;charset=latin1", nil), ("text/csv;q=0", nil), ("text/csv, */*", .csv), ("*/*;q=0.1, text/csv", .csv),
        ("text/tab-separated-values", .tsv), ("application/x-ndjson", .ndjson), ("application/jsonl", .ndjson),
        ("application/json; shape=rows", .json), ("application/json;shape=\"rows\"", .json),
        ("application/json; shape=tree", nil), ("application/json;q=0.9, text/csv;q=0.8", nil),
        ("application/json;q=0.8, text/csv;q=0.9", .csv), ("text/csv;q=0.5, application/x-ndjson", .ndjson),
        ("application/graphql-response+json, text/csv;q=0.9", nil),
    ]

    @Test("the most wanted one that is named", arguments: headers)
    func format(_ accept: String?, _ format: RowFormat?) {
        #expect(RowFormat(accept: accept) == format)
    }
}
