import ArgumentParser
import Bytes
import EngagementAPI
import Foundation
import GraphQL
import JSON

/// What `engageql query` asks, and the requests that it becomes: of rows, page by page, and of what there is to say about them.
struct QueryQuestion {
    enum Subject {
        case document(Source, operationName: String?)
        /// A saved query, by its name.
        case saved(String)
    }

    let subject: Subject
    /// An object; nil for none.
    let variables: JSONValue?
    /// `name=value` of the command line: variables of a saved query, and how rows are written.
    let parameters: [(name: String, value: String)]

    /// How CSV and TSV are written, on every route.
    private static let rowOptions = ["quote", "delimiter", "decimal", "bom", "header"]
    /// How many rows come at a time: the most that a server gives.
    static let pageRows = 10_000

    /// - Throws: `ValidationError` for parameters that make no sense; ``Failure`` for a file that cannot be read.
    init(_ query: String, operation: String?, variables: String?, parameters: [String]) throws {
        self.variables = try variables.map(ExplainArguments.variables)
        self.parameters = try parameters.map(QueryQuestion.parameter)
        let isName =
            !query.isEmpty && query.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
        guard isName, query != "-" else {
            subject = .document(try ExplainArguments.query(query), operationName: operation)
            if let name = self.parameters.map(\.name).first(where: { !QueryQuestion.rowOptions.contains($0) }) {
                throw ValidationError("\(name)=… is for saved queries: give variables of a document by --variables.")
            }
            return
        }
        if operation != nil { throw ValidationError("--operation is for documents: a saved query has one operation.") }
        subject = .saved(query)
        for member in self.variables?.members ?? [] where QueryQuestion.texts(member.value) == nil {
            throw ValidationError("The variable \(member.name) is an object, which a saved query does not take.")
        }
    }

    private static func parameter(_ text: String) throws -> (name: String, value: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw ValidationError("\(text): expected name=value, such as ids=12,34 or start=-7d.")
        }
        if ["limit", "cursor"].contains(parts[0]) {
            throw ValidationError("\(parts[0])=… is for pages over HTTP: here all rows come; use first in the query.")
        }
        return (parts[0], parts[1])
    }

    /// What messages call it by, and where their places are.
    var source: Source {
        switch subject {
        case .document(let source, _): source
        case .saved(let name): Source("", name: name)
        }
    }

    // MARK: - Requests

    /// Asks for a page of rows.
    ///
    /// - Parameter cursor: Where it begins; nil for the first. Only that has a header line and a byte order mark.
    func rows(_ notation: QueryNotation, cursor: String?, of server: RemoteServer) -> TransportRequest {
        var items = parameters.filter { cursor == nil || !["header", "bom"].contains($0.name) }
        if let cursor {
            if notation == .csv || notation == .tsv { items.append(("header", "false")) }
            items.append(("cursor", cursor))
        }
        items.append(("limit", "\(QueryQuestion.pageRows)"))
        switch subject {
        case .document:
            return post(members, to: server.url + QueryQuestion.query(items), accept: notation.mediaType)
        case .saved(let name):
            return get(server.url("/q/\(name).\(notation.rawValue)" + QueryQuestion.query(variableItems + items)))
        }
    }

    /// Asks for the answer as GraphQL gives it, with its errors, of numbers that are there: it costs no call.
    func errors(of server: RemoteServer) -> TransportRequest {
        let cached = [HTTPHeader("Cache-Control", "only-if-cached")]
        switch subject {
        case .document: return post(members, to: server.url, accept: "application/json", cached)
        case .saved(let name):
            let items = variableItems + parameters.filter { !QueryQuestion.rowOptions.contains($0.name) }
            return get(server.url("/q/\(name)" + QueryQuestion.query(items)), cached)
        }
    }

    /// Asks which calls are still to be made; nil if that cannot be asked, since variables have no types here.
    func forecast(of server: RemoteServer) -> TransportRequest? {
        if case .saved = subject, !parameters.isEmpty { return nil }
        let explain = JSONValue.object([.init("explain", .boolean(true))])
        return post(members + [.init("extensions", explain)], to: server.url, accept: "application/json")
    }

    // MARK: - Parts

    private var members: [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        switch subject {
        case .document(let source, let operationName):
            members.append(.init("query", .string(String(decoding: source.bytes, as: UTF8.self))))
            if let operationName { members.append(.init("operationName", .string(operationName))) }
        case .saved(let name): members.append(.init("documentId", .string(name)))
        }
        if let variables { members.append(.init("variables", variables)) }
        return members
    }

    private var variableItems: [(name: String, value: String)] {
        (variables?.members ?? []).flatMap { member in
            (QueryQuestion.texts(member.value) ?? []).map { (member.name, $0) }
        }
    }

    /// A value as parameters of a URL have it; nil for an object.
    private static func texts(_ value: JSONValue) -> [String]? {
        switch value {
        case .null: []
        case .boolean(let value): ["\(value)"]
        case .integer(let value): ["\(value)"]
        case .number(let value): ["\(value)"]
        case .string(let text): [text]
        case .array(let elements):
            elements.contains { texts($0) == nil } ? nil : elements.flatMap { texts($0) ?? [] }
        case .object: nil
        }
    }

    /// `?name=value&…`, with nothing unescaped but what is never special (RFC 3986 §2.3).
    private static func query(_ items: [(name: String, value: String)]) -> String {
        let plain = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        let pairs = items.map { item in
            [item.name, item.value].map { $0.addingPercentEncoding(withAllowedCharacters: plain) ?? "" }
                .joined(separator: "=")
        }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }

    private static let maximumBytes = 256 << 20

    private func get(_ url: String, _ headers: [HTTPHeader] = []) -> TransportRequest {
        TransportRequest(
            method: "GET",
            url: url,
            headers: [HTTPHeader("Accept", "application/json")] + headers,
            body: [],
            maximumResponseBytes: QueryQuestion.maximumBytes
        )
    }

    private func post(
        _ members: [JSONValue.Member],
        to url: String,
        accept: String,
        _ headers: [HTTPHeader] = []
    ) -> TransportRequest {
        var buffer = ByteBuffer()
        buffer.append(json: .object(members))
        return TransportRequest(
            url: url,
            headers: [HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept", accept)] + headers,
            body: buffer.freeze().array,
            maximumResponseBytes: QueryQuestion.maximumBytes
        )
    }
}

/// In which notation rows come from the server.
enum QueryNotation: String {
    case csv
    case tsv
    case ndjson

    var mediaType: String {
        switch self {
        case .csv: "text/csv"
        case .tsv: "text/tab-separated-values"
        case .ndjson: "application/x-ndjson"
        }
    }
}
