internal import Digests
internal import MicroHTTP

/// The key that a request shows, still unchecked, and where it shows it.
internal struct PresentedKey {
    enum Place {
        /// `Authorization: Bearer` (RFC 6750 §2.1).
        case bearer
        /// `Authorization: Basic` (RFC 7617): as the password, whatever the user is called; or as the user, without a password.
        case basic
        /// The parameter ``QueryKey/name``.
        case query
    }

    let place: Place
    private let text: [UInt8]

    /// What it is looked up by.
    var hash: KeyHash { KeyHash(of: text) }

    /// Whether it could be a key at all.
    var isWellFormed: Bool { APIKey(String(decoding: text, as: UTF8.self)) != nil }

    init(_ text: some Sequence<UInt8>, _ place: Place) {
        self.place = place
        self.text = Array(text)
    }

    /// Reads an `Authorization` header. Nil for another scheme, or one that cannot be read.
    init?(authorization header: String) {
        let bytes = header.utf8
        guard let space = bytes.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        let content = bytes[space...].drop { $0 == UInt8(ascii: " ") }
        switch space.utf16Offset(in: header) {
        case 6 where header[..<space].lowercased() == "bearer": self.init(content, .bearer)
        case 5 where header[..<space].lowercased() == "basic":
            guard let pair = Base64.decode(String(decoding: content, as: UTF8.self)),
                let colon = pair.firstIndex(of: UInt8(ascii: ":"))
            else { return nil }
            let password = pair[(colon + 1)...]
            self.init(password.isEmpty ? pair[..<colon] : password, .basic)
        default: return nil
        }
    }
}

/// The parameter of a URL that a key may stand in.
internal struct QueryKey {
    static let name = "key"

    /// The values that it has. More than one is a mistake, or somebody's trick.
    let values: [String]
    /// The parameter as it was written.
    let part: String
    /// The query without it.
    let rest: String?

    /// Nil for a query without the parameter, which most are.
    init?(_ query: String?) {
        guard let query, !query.isEmpty else { return nil }
        var values: [String] = []
        var (parts, rest): ([Substring], [Substring]) = ([], [])
        for piece in query.split(separator: "&", omittingEmptySubsequences: false) {
            // The name may be escaped, wholly or in part.
            guard piece.utf8.count >= QueryKey.name.utf8.count,
                let item = URLEncodedForm.items(in: piece.utf8).first, item.name == QueryKey.name
            else {
                rest.append(piece)
                continue
            }
            values.append(item.value)
            parts.append(piece)
        }
        guard !parts.isEmpty else { return nil }
        self.values = values
        part = parts.joined(separator: "&")
        self.rest = rest.isEmpty ? nil : rest.joined(separator: "&")
    }
}
