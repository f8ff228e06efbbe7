internal import Bytes
internal import Gzip
internal import MicroHTTP

/// How responses travel: packed, always. Clients unpack without looking, errors included (dossier §2).
internal enum DropInResponse {
    static func json(
        _ status: Int,
        _ body: ByteString,
        headers: [(name: String, value: String)]
    ) -> HTTPResponse {
        // The lowest level: JSON of digits packs well at any, and this is on the thread of the request.
        HTTPResponse(status: status, headers: packedJSON + headers, body: .bytes(Gzip.compress(body, level: 1)))
    }

    private static let packedJSON = [
        (name: "Content-Type", value: "application/json;charset=utf-8"), (name: "Content-Encoding", value: "gzip"),
    ]

    /// Whether `Accept-Encoding` names gzip, and not with a weight of zero (RFC 9110 §12.4.2). `*` is not enough: the API asks
    /// for the word.
    static func acceptsGzip(_ header: String?) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { coding in
            let parts = coding.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard parts.first == "gzip" else { return false }
            guard let weight = parts.dropFirst().first(where: { $0.hasPrefix("q=") }) else { return true }
            return Double(weight.dropFirst(2)).map { $0 > 0 } ?? false
        }
    }
}

/// What a `Content-Type` says, as far as calls differ in it.
internal enum MediaType {
    static func isJSON(_ header: String?) -> Bool { essence(of: header) == "application/json" }

    /// A form is signed by OAuth 1.0a, other content is not.
    static func isForm(_ header: String?) -> Bool { essence(of: header) == "application/x-www-form-urlencoded" }

    /// The type before any parameter, in lower case.
    private static func essence(of header: String?) -> String {
        (header ?? "").prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
    }
}
