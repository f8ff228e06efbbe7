internal import Bytes
internal import Gzip
internal import MicroHTTP

/// How calls travel: JSON in, packed JSON out, always. Clients unpack without looking, errors included (dossier §2).
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
    /// Whether `Content-Type` says JSON, whatever its parameters.
    static func isJSON(_ header: String?) -> Bool {
        (header ?? "").prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased() == "application/json"
    }
}
