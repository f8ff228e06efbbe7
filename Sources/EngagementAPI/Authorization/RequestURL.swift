internal import Bytes

/// The parts of an http or https address that are sent and signed.
internal struct RequestURL: Equatable, Sendable {
    /// `http` or `https`.
    let scheme: String
    /// In lower case; an IPv6 address keeps its brackets.
    let host: String
    /// Nil if it is not written or the scheme's own.
    let port: Int?
    /// Begins with a slash.
    let path: String
    /// Without its question mark; empty if there is none.
    let query: String

    /// Reads an address. Refused are other schemes, user names (they belong into credentials), fragments, spaces and
    /// everything that is not printable ASCII, because what is signed must be what is sent.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > ASCII.space && $0 < ASCII.delete }),
            !text.contains(where: { "#\\\"<>^`{|}".contains($0) }),
            let mark = text.firstRange(of: "://")
        else { return nil }
        scheme = text[..<mark.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard let (host, port) = RequestURL.split(authority) else { return nil }
        self.host = host
        self.port = port == (scheme == "https" ? 443 : 80) ? nil : port
        let target = rest[authority.endIndex...]
        let path = target.prefix { $0 != "?" }
        self.path = path.isEmpty ? "/" : String(path)
        query = String(target[path.endIndex...].dropFirst())
    }

    /// The address of `path` below a base, which may end in a slash and has no query.
    init?(base: String, path: String) {
        guard !base.contains("?") else { return nil }
        var base = base[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        self.init(base + path)
    }

    /// The address as it is sent.
    var text: String { query.isEmpty ? baseStringURI : "\(baseStringURI)?\(query)" }

    /// Scheme, host, port unless it is the scheme's own, and path (RFC 5849 §3.4.1.2).
    var baseStringURI: String { "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")\(path)" }

    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        guard !authority.contains("@") else { return nil }
        let isIPv6 = authority.hasPrefix("[")
        let host = isIPv6 ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        guard !host.isEmpty, authority.hasPrefix(host) else { return nil }
        let rest = authority.dropFirst(host.count)
        if rest.isEmpty || rest == ":" { return (host.lowercased(), nil) }
        guard rest.hasPrefix(":"), rest.dropFirst().utf8.allSatisfy(ASCII.isDigit),
            let port = Int(rest.dropFirst()), (1...65535).contains(port)
        else { return nil }
        return (host.lowercased(), port)
    }
}
