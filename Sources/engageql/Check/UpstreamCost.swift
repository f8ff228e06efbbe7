import Engagement
import EngagementAPI
import GraphQL
import JSON
import MetricLoader

/// How many calls of the Engagement API an operation makes when nothing that it asks for is cached.
///
/// The fields of the operation become gaps (``CellGap``), and the calls are those that the server's own ``CallPlanner`` makes
/// of them. What is not written in the document is assumed: a variable that holds a list, and a named list, have `listSize`
/// Tweets, each of them others; `@skip` and `@include` leave nothing out; a window that a variable bounds has four weeks. Calls that are made
/// again (after a 429, or without the Tweets that a 403 named) are not counted.
struct UpstreamCost {
    let kind: OperationKind
    /// Nil for an anonymous operation.
    let name: String?
    /// Where the operation stands.
    let location: SourceLocation
    /// Calls by endpoint; none is missing.
    let calls: [(endpoint: Endpoint, count: Int)]

    var total: Int { calls.reduce(0) { $0 + $1.count } }

    init(of operation: OperationDefinition, in document: Document, listSize: Int, now: UnixTime) {
        kind = operation.kind
        name = operation.name.map(document.text(of:))
        location = document.location(ofByte: operation.offset)
        var reading = GapReading(document: document, listSize: listSize, now: now)
        reading.readRoot(operation.selectionSet)
        let planned = CallPlanner.plan(reading.gaps, now: now)
        calls = Endpoint.allCases.map { endpoint in
            (endpoint, planned.count { $0.call.endpoint == endpoint })
        }
    }

    /// `query TopTweets: at most 2 upstream calls with nothing cached (1 totals, 1 historical)`.
    var sentence: String {
        let parts = calls.filter { $0.count > 0 }.map { "\($0.count) \($0.endpoint.rawValue)" }
        let detail = parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
        let subject = [kind.rawValue, name].compactMap { $0 }.joined(separator: " ")
        return "\(subject): at most \(total) upstream call\(total == 1 ? "" : "s") with nothing cached\(detail)"
    }

    var json: JSONValue {
        .object([
            .init("kind", .string(kind.rawValue)),
            .init("name", name.map(JSONValue.string) ?? .null),
            .init(
                "upstreamCalls",
                .object(
                    [.init("total", .integer(Int64(total)))]
                        + calls.map { .init($0.endpoint.rawValue, .integer(Int64($0.count))) }
                )
            ),
        ])
    }
}
