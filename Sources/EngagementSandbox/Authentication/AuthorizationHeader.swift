/// The `Authorization` field of a request, taken apart.
enum AuthorizationHeader {
    /// The parameters of RFC 5849 §3.5.1, decoded, in their order, `realm` left out.
    case oauth1([(name: String, value: String)])
    case bearer(String)
    case basic(String)
    /// No field, or a scheme that the API does not know.
    case unknown
    /// A known scheme whose content cannot be read.
    case malformed(String)

    /// Reads the field's value. Schemes are matched in any case (RFC 9110 §11.1).
    init(_ value: String?) {
        guard let value else {
            self = .unknown
            return
        }
        let parts = value.split(separator: " ", maxSplits: 1)
        let content = parts.count > 1 ? String(parts[1]) : ""
        switch parts.first?.lowercased() {
        case "oauth": self = AuthorizationHeader.oauth1(content)
        case "bearer": self = .bearer(AuthorizationHeader.trimmed(content))
        case "basic": self = .basic(AuthorizationHeader.trimmed(content))
        default: self = .unknown
        }
    }

    private static func oauth1(_ content: String) -> AuthorizationHeader {
        var parameters: [(name: String, value: String)] = []
        for element in content.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = trimmed(String(element)).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, pair[1].count >= 2, pair[1].hasPrefix("\""), pair[1].hasSuffix("\"") else {
                return .malformed("a parameter is not written as name=\"value\": \(element)")
            }
            guard let name = PercentCoding.decode(pair[0]),
                let value = PercentCoding.decode(pair[1].dropFirst().dropLast())
            else {
                return .malformed("a parameter is not percent-encoded: \(element)")
            }
            guard !parameters.contains(where: { $0.name == name }) else {
                return .malformed("a parameter stands twice: \(name)")
            }
            if name != "realm" { parameters.append((name, value)) }
        }
        return .oauth1(parameters)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
