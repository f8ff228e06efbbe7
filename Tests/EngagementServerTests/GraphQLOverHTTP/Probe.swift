import JSON
import TestSupport

/// A request as a value, so that tables of them can be written down.
struct Probe {
    var method = "POST"
    var path = "/graphql"
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []

    /// A `POST` of a text. `nil` leaves a header field out.
    static func post(
        _ body: String,
        accept: String? = nil,
        contentType: String? = "application/json",
        headers: [(name: String, value: String)] = []
    ) -> Probe {
        post(Array(body.utf8), accept: accept, contentType: contentType, headers: headers)
    }

    static func post(
        _ body: [UInt8],
        accept: String? = nil,
        contentType: String? = "application/json",
        headers: [(name: String, value: String)] = []
    ) -> Probe {
        var all = headers
        if let accept { all.append((name: "Accept", value: accept)) }
        if let contentType { all.append((name: "Content-Type", value: contentType)) }
        return Probe(headers: all, body: body)
    }

    /// A `GET` with parameters, which are escaped.
    static func get(
        _ parameters: [(name: String, value: String)],
        accept: String? = nil,
        headers: [(name: String, value: String)] = []
    ) -> Probe {
        let query = parameters.map { "\($0.name)=\(escaped($0.value))" }.joined(separator: "&")
        return get(rawQuery: query, accept: accept, headers: headers)
    }

    /// A `GET` with a query string that is sent as it is.
    static func get(
        rawQuery: String,
        accept: String? = nil,
        headers: [(name: String, value: String)] = []
    ) -> Probe {
        let all = headers + (accept.map { [(name: "Accept", value: $0)] } ?? [])
        return Probe(method: "GET", path: rawQuery.isEmpty ? "/graphql" : "/graphql?" + rawQuery, headers: all)
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.reduce(into: "") { escaped, byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            escaped += isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }
}

extension Probe {
    static let json = "application/json"
    static let graphqlResponse = "application/graphql-response+json"

    /// A request whose JSON is written down here, with `'` for quotation marks.
    static func request(_ text: String, accept: String? = nil) -> Probe {
        post(text.replacing("'", with: "\""), accept: accept)
    }
}

extension TestBed {
    func send(_ probe: Probe) async throws -> RawClient.Response {
        try await send(probe.method, probe.path, headers: probe.headers, body: probe.body)
    }
}

extension RawClient.Response {
    var json: JSONValue? { try? JSONValue(parsing: body) }
    var contentType: String { header("Content-Type") ?? "" }

    /// The first error.
    var error: JSONValue? { json?["errors"]?[0] }
    var message: String { error?["message"]?.string ?? "" }
    var code: String? { error?["extensions"]?["code"]?.string }
    var errorCount: Int { json?["errors"]?.array?.count ?? 0 }

    /// Whether `data` is there, and whether it is null.
    var data: ResponseData {
        switch json?["data"] {
        case nil: .absent
        case .null?: .null
        case .some: .present
        }
    }
}

enum ResponseData {
    /// A request error: nothing was executed.
    case absent
    case null
    case present
}
