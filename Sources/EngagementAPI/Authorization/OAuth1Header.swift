/// The parameters of an `Authorization` header of the scheme `OAuth` (RFC 5849 §3.5.1), as a server reads them.
package struct OAuth1Header: Sendable {
    /// Plain names and values in their order, without `realm`.
    package let parameters: [(name: String, value: String)]

    /// The value of the parameter of that name, or nil.
    package subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// Those that are signed: all but the signature.
    package var signedParameters: [(name: String, value: String)] {
        parameters.filter { $0.name != "oauth_signature" }
    }

    /// Reads what stands behind the scheme, or returns nil if it is not `name="value"`, …, encoded by RFC 5849 §3.6, each
    /// name once.
    package init?(_ content: some StringProtocol) {
        var rest = Substring(content)
        var parameters: [(name: String, value: String)] = []
        var names: Set<String> = []
        while true {
            guard let (name, value) = OAuth1Header.readPair(&rest), names.insert(name).inserted else { return nil }
            if name != "realm" { parameters.append((name, value)) }
            if rest.isEmpty { break }
            guard rest.removeFirst() == "," else { return nil }
        }
        self.parameters = parameters
    }

    /// A realm may have commas between its quotation marks, so pairs are not split at commas.
    private static func readPair(_ rest: inout Substring) -> (name: String, value: String)? {
        skipBlanks(&rest)
        guard let equals = rest.firstIndex(of: "="), let name = PercentEncoding.text(ofEncoded: rest[..<equals]) else {
            return nil
        }
        rest = rest[rest.index(after: equals)...]
        guard rest.popFirst() == "\"", let end = rest.firstIndex(of: "\""),
            let value = PercentEncoding.text(ofEncoded: rest[..<end])
        else { return nil }
        rest = rest[rest.index(after: end)...]
        skipBlanks(&rest)
        return (name, value)
    }

    private static func skipBlanks(_ rest: inout Substring) {
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
    }
}
