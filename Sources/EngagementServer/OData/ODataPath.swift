internal import MicroHTTP

/// What the path behind `/odata` names (URL Conventions 4.0 §4).
internal enum ODataPath: Equatable, Sendable {
    case service
    case metadata
    /// `Totals`
    case entities(set: String)
    /// `Totals/$count`
    case count(set: String)
    /// `Totals(list='a',tweetId='1')`; a key without a name is the only one.
    case entity(set: String, key: [Key])

    struct Key: Equatable, Sendable {
        let name: String?
        let value: ODataValue
    }

    /// - Parameter path: What stands behind `/odata`, as it came.
    /// - Throws: ``ODataError``: 501 for paths that OData has and this server does not.
    init(_ path: String) throws(ODataError) {
        let segments = path.split(separator: "/").map { URLEncodedForm.decodePath(String($0)) }
        guard let first = segments.first else {
            self = .service
            return
        }
        if segments.count == 1, first == "$metadata" {
            self = .metadata
            return
        }
        if first.hasPrefix("$") { throw .unsupported(first, "\(first.prefix(40)) is not supported.") }
        let parenthesis = first.firstIndex(of: "(") ?? first.endIndex
        let set = String(first[..<parenthesis])
        if parenthesis < first.endIndex {
            guard segments.count == 1 else {
                throw .unsupported(segments[1], "Properties have no addresses of their own: use $select.")
            }
            self = .entity(set: set, key: try ODataPath.key(first[parenthesis...]))
        } else if segments.count == 1 {
            self = .entities(set: set)
        } else if segments.count == 2, segments[1] == "$count" {
            self = .count(set: set)
        } else {
            throw .unsupported(segments[1], "There are no paths below a set but $count.")
        }
    }

    private static func key(_ text: Substring) throws(ODataError) -> [Key] {
        let malformed = ODataError.malformed("key", "A key is written as (list='name',tweetId='123').")
        guard text.last == ")" else { throw malformed }
        var lexer = FilterLexer(String(text.dropFirst().dropLast()).replacingEquals)
        var keys: [Key] = []
        var name: String?
        while let (token, _) = try lexer.next() {
            switch token {
            case .word(let word) where name == nil: name = word
            case .literal(let value):
                keys.append(Key(name: name, value: value))
                name = nil
            case .comma where !keys.isEmpty && name == nil: continue
            default: throw malformed
            }
        }
        guard !keys.isEmpty, name == nil else { throw malformed }
        return keys
    }
}

extension String {
    /// `=` outside of quotation marks as a space, so that names and values are words.
    fileprivate var replacingEquals: String {
        var isQuoted = false
        return String(
            map { character in
                if character == "'" { isQuoted.toggle() }
                return character == "=" && !isQuoted ? " " : character
            }
        )
    }
}
