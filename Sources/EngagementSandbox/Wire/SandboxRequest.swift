/// A request as the sandbox looks at it: plain values, from a socket or from a test.
public struct SandboxRequest: Sendable {
    public var method: String
    /// `http` or `https`: part of what an OAuth signature covers.
    public var scheme: String
    /// As sent, without the query.
    public var path: String
    /// As sent, without the question mark; empty if there is none.
    public var query: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(
        method: String = "POST",
        scheme: String = "http",
        path: String,
        query: String = "",
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.scheme = scheme
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The value of the first header field of that name, in any case.
    func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }

    /// The part of `Content-Type` before any parameter, in lower case.
    var mediaType: String? {
        guard let value = header("Content-Type") else { return nil }
        let type = value.prefix { $0 != ";" }
        return String(type.filter { $0 != " " && $0 != "\t" }).lowercased()
    }

    /// Whether the client takes gzip: named in `Accept-Encoding` and not with a weight of zero (RFC 9110 §12.5.3). `*` is not
    /// enough, as the API asks for the word (dossier §2).
    var acceptsGzip: Bool {
        guard let value = header("Accept-Encoding") else { return false }
        return value.split(separator: ",").contains { element in
            let parts = element.split(separator: ";").map { part in
                String(part.filter { $0 != " " && $0 != "\t" }).lowercased()
            }
            guard parts.first == "gzip" else { return false }
            guard let weight = parts.dropFirst().first(where: { $0.hasPrefix("q=") }) else { return true }
            return Double(weight.dropFirst(2)).map { $0 > 0 } ?? false
        }
    }
}
