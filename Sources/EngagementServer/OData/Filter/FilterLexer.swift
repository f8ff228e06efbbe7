internal import Bytes
internal import Engagement

/// What a `$filter` is made of.
internal enum FilterToken: Equatable, Sendable {
    case leftParenthesis
    case rightParenthesis
    case comma
    /// A name or an operator.
    case word(String)
    case literal(ODataValue)
}

/// Cuts a `$filter` into tokens (URL Conventions 4.0 §5.1.1.6: literals).
internal struct FilterLexer {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The next token and where it begins, counted from 1; nil at the end.
    mutating func next() throws(ODataError) -> (token: FilterToken, at: Int)? {
        while position < bytes.count, bytes[position] == ASCII.space || bytes[position] == ASCII.tab { position += 1 }
        guard position < bytes.count else { return nil }
        let start = position + 1
        switch bytes[position] {
        case ASCII.leftParenthesis:
            position += 1
            return (.leftParenthesis, start)
        case ASCII.rightParenthesis:
            position += 1
            return (.rightParenthesis, start)
        case ASCII.comma:
            position += 1
            return (.comma, start)
        case FilterLexer.quote: return (.literal(.text(try string(start))), start)
        default: return (try word(start), start)
        }
    }

    private static let quote = UInt8(ascii: "'")

    /// A quotation mark within a string is written twice.
    private mutating func string(_ start: Int) throws(ODataError) -> String {
        var text: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            guard byte == FilterLexer.quote else {
                text.append(byte)
                continue
            }
            guard position < bytes.count, bytes[position] == FilterLexer.quote else {
                return String(decoding: text, as: UTF8.self)
            }
            text.append(byte)
            position += 1
        }
        throw .malformed("$filter", "The string at character \(start) of $filter has no end: close it with '.")
    }

    /// All else goes up to the next space, comma or parenthesis.
    private mutating func word(_ start: Int) throws(ODataError) -> FilterToken {
        let first = position
        let ends: [UInt8] = [
            ASCII.space, ASCII.tab, ASCII.comma, ASCII.leftParenthesis, ASCII.rightParenthesis, FilterLexer.quote,
        ]
        while position < bytes.count, !ends.contains(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[first..<position], as: UTF8.self)
        if position < bytes.count, bytes[position] == FilterLexer.quote {
            // datetime'…' and guid'…' are of older versions, duration'…' is of this one.
            throw .malformed(
                "$filter",
                "There are no literals \(text.prefix(40))'…' in $filter: write dates as 2026-11-01."
            )
        }
        switch text {
        case "null": return .literal(.null)
        case "true": return .literal(.boolean(true))
        case "false": return .literal(.boolean(false))
        default: break
        }
        guard let byte = text.utf8.first, ASCII.isDigit(byte) || byte == ASCII.hyphen else { return .word(text) }
        if let value = Int64(text) { return .literal(.integer(value)) }
        if let time = UnixTime(iso8601: text) { return .literal(.moment(time)) }
        if let value = Double(text), value.isFinite { return .literal(.number(value)) }
        throw .malformed(
            "$filter",
            "\"\(text.prefix(40))\" at character \(start) of $filter is neither a number nor a time."
        )
    }
}
