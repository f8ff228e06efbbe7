internal import Bytes

/// A pull reader over JSON text (RFC 8259).
///
/// The caller says which value it expects next; nothing is built that nobody asked for. Every method that is `mutating`
/// consumes input, and either consumes the whole value or throws a ``JSONError`` that carries the place.
///
/// ```swift
/// var reader = JSONReader(bytes)
/// try reader.readObject { key, reader in
///     switch key {
///     case "query": query = try reader.readString()
///     default: try reader.skipValue()
///     }
/// }
/// try reader.readEnd()
/// ```
public struct JSONReader: Sendable {
    /// What kind of value begins at a place.
    public enum Kind: String, Sendable {
        case null
        case boolean
        case number
        case string
        case array
        case object
    }

    /// The whole text.
    public let bytes: [UInt8]

    /// How many bytes have been consumed.
    public private(set) var position: Int

    /// What has not been consumed.
    public var rest: ArraySlice<UInt8> { bytes[position..<end] }

    private let end: Int
    private let maximumDepth: Int
    private var depth = 0

    /// A reader of `bytes` that refuses more than `maximumDepth` nested arrays and objects.
    public init(_ bytes: [UInt8], maximumDepth: Int = 256) {
        self.init(bytes, range: 0..<bytes.count, maximumDepth: maximumDepth)
    }

    /// A reader of the part `range` of `bytes`; offsets in errors count from the start of `bytes`.
    public init(_ bytes: [UInt8], range: Range<Int>, maximumDepth: Int = 256) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
        self.maximumDepth = maximumDepth
    }

    // MARK: - Looking ahead

    /// The kind of the value that comes next, without consuming it.
    public mutating func peek() throws(JSONError) -> Kind {
        skipWhiteSpace()
        guard position < end else { throw endError() }
        switch bytes[position] {
        case ASCII.leftBrace: return .object
        case ASCII.leftBracket: return .array
        case ASCII.quotationMark: return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case ASCII.hyphen, ASCII.zero...ASCII.nine: return .number
        default: throw JSONError(.unexpectedByte, "expected a JSON value", offset: position)
        }
    }

    // MARK: - Scalars

    /// Consumes `null` if it comes next, and says whether it did.
    public mutating func readNullIfPresent() throws(JSONError) -> Bool {
        guard try peek() == .null else { return false }
        try readLiteral("null")
        return true
    }

    /// Consumes `true` or `false`.
    public mutating func readBoolean() throws(JSONError) -> Bool {
        try expect(.boolean)
        if bytes[position] == UInt8(ascii: "t") {
            try readLiteral("true")
            return true
        }
        try readLiteral("false")
        return false
    }

    /// Consumes a string and returns it without its quotation marks and escapes.
    public mutating func readString() throws(JSONError) -> String {
        let content = try readStringContent()
        return String(decoding: content, as: UTF8.self)
    }

    /// Consumes a string and returns its UTF-8 bytes without quotation marks and escapes; without a copy if it has no escapes.
    public mutating func readStringContent() throws(JSONError) -> ArraySlice<UInt8> {
        try expect(.string)
        let start = position + 1
        var cursor = start
        var isASCII = true
        while cursor < end {
            let byte = bytes[cursor]
            if byte == ASCII.quotationMark {
                position = cursor + 1
                let content = bytes[start..<cursor]
                guard isASCII || UTF8Validation.isValid(content) else {
                    throw JSONError(.invalidString, "a string is not valid UTF-8", offset: start)
                }
                return content
            }
            if byte == ASCII.backslash { return try readEscapedString(from: start, escapeAt: cursor) }
            if byte < ASCII.space {
                throw JSONError(.invalidString, "a control character in a string must be escaped", offset: cursor)
            }
            if byte >= 0x80 { isASCII = false }
            cursor += 1
        }
        throw endError()
    }

    /// Consumes a number and returns its text as written.
    public mutating func readNumber() throws(JSONError) -> ArraySlice<UInt8> {
        try expect(.number)
        let start = position
        var cursor = start
        if bytes[cursor] == ASCII.hyphen { cursor += 1 }
        let integer = digits(from: cursor)
        guard integer > cursor, integer == cursor + 1 || bytes[cursor] != ASCII.zero else {
            throw JSONError(.invalidNumber, "a number begins with one digit that is no needless zero", offset: start)
        }
        cursor = integer
        if cursor < end, bytes[cursor] == ASCII.fullStop {
            let fraction = digits(from: cursor + 1)
            guard fraction > cursor + 1 else {
                throw JSONError(.invalidNumber, "a decimal point is followed by a digit", offset: cursor)
            }
            cursor = fraction
        }
        if cursor < end, bytes[cursor] | 0x20 == ASCII.lowerE {
            var first = cursor + 1
            if first < end, bytes[first] == ASCII.plusSign || bytes[first] == ASCII.hyphen { first += 1 }
            let exponent = digits(from: first)
            guard exponent > first else {
                throw JSONError(.invalidNumber, "an exponent has a digit", offset: cursor)
            }
            cursor = exponent
        }
        position = cursor
        return bytes[start..<cursor]
    }

    /// Consumes a number that is written without fraction and exponent and fits 64 bits.
    public mutating func readInteger() throws(JSONError) -> Int64 {
        skipWhiteSpace()
        let start = position
        let text = try readNumber()
        guard let value = Int64(String(decoding: text, as: UTF8.self)) else {
            throw JSONError(.invalidNumber, "expected a 64-bit integer", offset: start)
        }
        return value
    }

    // MARK: - Structures

    /// Consumes an object; `body` gets each key and must consume the value that follows it.
    public mutating func readObject(
        _ body: (_ key: String, _ reader: inout JSONReader) throws -> Void
    ) throws {
        try expect(.object)
        try descend()
        if try readClosing(ASCII.rightBrace) { return }
        while true {
            skipWhiteSpace()
            guard position < end else { throw endError() }
            guard bytes[position] == ASCII.quotationMark else {
                throw JSONError(.unexpectedByte, "expected a member name in quotation marks", offset: position)
            }
            let key = try readString()
            try readSeparator(ASCII.colon, "expected a colon after a member name")
            try body(key, &self)
            if try readClosing(ASCII.rightBrace) { return }
            try readSeparator(ASCII.comma, "expected a comma or a closing brace after a member")
        }
    }

    /// Consumes an array; `body` must consume one element each time it is called.
    public mutating func readArray(
        _ body: (_ reader: inout JSONReader) throws -> Void
    ) throws {
        try expect(.array)
        try descend()
        if try readClosing(ASCII.rightBracket) { return }
        while true {
            try body(&self)
            if try readClosing(ASCII.rightBracket) { return }
            try readSeparator(ASCII.comma, "expected a comma or a closing bracket after an element")
        }
    }

    /// Consumes any value, checks that it is JSON, and returns where it stood.
    @discardableResult
    public mutating func skipValue() throws(JSONError) -> Range<Int> {
        let kind = try peek()
        let start = position
        do {
            switch kind {
            case .null: try readLiteral("null")
            case .boolean: _ = try readBoolean()
            case .number: _ = try readNumber()
            case .string: _ = try readStringContent()
            case .array: try readArray { reader in try reader.skipValue() }
            case .object: try readObject { _, reader in try reader.skipValue() }
            }
        } catch let error as JSONError {
            throw error
        } catch {
            preconditionFailure("skipping a value throws nothing but JSON errors")
        }
        return start..<position
    }

    /// Checks that nothing but white space is left.
    public mutating func readEnd() throws(JSONError) {
        skipWhiteSpace()
        guard position == end else {
            throw JSONError(.trailingBytes, "expected nothing after the value", offset: position)
        }
    }

    // MARK: - Helpers

    private mutating func skipWhiteSpace() {
        while position < end {
            switch bytes[position] {
            case ASCII.space, ASCII.lineFeed, ASCII.carriageReturn, ASCII.tab: position += 1
            default: return
            }
        }
    }

    private mutating func expect(_ kind: Kind) throws(JSONError) {
        let found = try peek()
        guard found == kind else {
            throw JSONError(.unexpectedKind, "expected \(kind.noun), found \(found.noun)", offset: position)
        }
    }

    private mutating func descend() throws(JSONError) {
        depth += 1
        guard depth <= maximumDepth else {
            throw JSONError(.nestedTooDeeply, "arrays and objects nest deeper than \(maximumDepth)", offset: position)
        }
        position += 1
    }

    private mutating func readClosing(_ byte: UInt8) throws(JSONError) -> Bool {
        skipWhiteSpace()
        guard position < end else { throw endError() }
        guard bytes[position] == byte else { return false }
        position += 1
        depth -= 1
        return true
    }

    private mutating func readSeparator(_ byte: UInt8, _ reason: String) throws(JSONError) {
        skipWhiteSpace()
        guard position < end else { throw endError() }
        guard bytes[position] == byte else { throw JSONError(.unexpectedByte, reason, offset: position) }
        position += 1
    }

    private mutating func readLiteral(_ literal: String) throws(JSONError) {
        let text = literal.utf8
        guard end - position >= text.count, bytes[position..<position + text.count].elementsEqual(text) else {
            throw JSONError(.unexpectedByte, "expected \(literal)", offset: position)
        }
        position += text.count
    }

    private func digits(from start: Int) -> Int {
        var cursor = start
        while cursor < end, ASCII.isDigit(bytes[cursor]) { cursor += 1 }
        return cursor
    }

    private func endError() -> JSONError {
        JSONError(.unexpectedEnd, "the text ends too early", offset: end)
    }

    /// The slow path: a string with at least one escape, copied piece by piece.
    private mutating func readEscapedString(
        from start: Int,
        escapeAt escape: Int
    ) throws(JSONError) -> ArraySlice<UInt8> {
        var content = [UInt8](bytes[start..<escape])
        var cursor = escape
        while cursor < end {
            let byte = bytes[cursor]
            switch byte {
            case ASCII.quotationMark:
                guard UTF8Validation.isValid(content[...]) else {
                    throw JSONError(.invalidString, "a string is not valid UTF-8", offset: start)
                }
                position = cursor + 1
                return content[...]
            case ASCII.backslash:
                cursor = try appendEscape(at: cursor, to: &content)
            case 0..<ASCII.space:
                throw JSONError(.invalidString, "a control character in a string must be escaped", offset: cursor)
            default:
                content.append(byte)
                cursor += 1
            }
        }
        throw endError()
    }

    /// RFC 8259 §7. Returns the place after the escape.
    private func appendEscape(at backslash: Int, to content: inout [UInt8]) throws(JSONError) -> Int {
        guard backslash + 1 < end else { throw endError() }
        switch bytes[backslash + 1] {
        case ASCII.quotationMark: content.append(ASCII.quotationMark)
        case ASCII.backslash: content.append(ASCII.backslash)
        case ASCII.slash: content.append(ASCII.slash)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(ASCII.lineFeed)
        case UInt8(ascii: "r"): content.append(ASCII.carriageReturn)
        case UInt8(ascii: "t"): content.append(ASCII.tab)
        case ASCII.lowerU:
            var next = backslash + 6
            var scalar = try codeUnit(at: backslash + 2)
            if (0xD800..<0xDC00).contains(scalar) {
                guard next + 1 < end, bytes[next] == ASCII.backslash, bytes[next + 1] == ASCII.lowerU else {
                    throw JSONError(.invalidString, "a high surrogate has no low surrogate", offset: backslash)
                }
                let low = try codeUnit(at: next + 2)
                guard (0xDC00..<0xE000).contains(low) else {
                    throw JSONError(.invalidString, "a high surrogate has no low surrogate", offset: backslash)
                }
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
                next += 6
            }
            guard let character = Unicode.Scalar(scalar) else {
                throw JSONError(.invalidString, "a low surrogate stands alone", offset: backslash)
            }
            content.append(contentsOf: Array(String(Character(character)).utf8))
            return next
        default:
            throw JSONError(.invalidString, "an unknown escape in a string", offset: backslash)
        }
        return backslash + 2
    }

    private func codeUnit(at start: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for index in start..<start + 4 {
            guard index < end else { throw endError() }
            guard let digit = ASCII.hexadecimalValue(bytes[index]) else {
                throw JSONError(.invalidString, "\\u is followed by four hexadecimal digits", offset: start)
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}

extension JSONReader.Kind {
    /// The kind with its article, for error messages.
    public var noun: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
