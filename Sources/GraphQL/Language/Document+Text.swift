internal import Bytes

// What stands in a document, as text: for messages, schemas and tables, not for the hot path.

extension Document {
    // MARK: - Names

    /// The bytes of a name.
    public func bytes(of name: Name) -> ArraySlice<UInt8> { source.bytes[name.range] }

    public func text(of name: Name) -> String { String(decoding: bytes(of: name), as: UTF8.self) }

    /// Whether two names of this document are the same.
    public func isSame(_ a: Name, _ b: Name) -> Bool {
        a.hash == b.hash && a.length == b.length
            && (a.offset == b.offset || bytes(of: a).elementsEqual(bytes(of: b)))
    }

    /// Whether a name is `text`.
    public func isName(_ name: Name, _ text: StaticString) -> Bool {
        guard Int(name.length) == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { unsafe bytes(of: name).elementsEqual($0) }
    }

    // MARK: - Values and types

    /// The content of a string: escapes resolved, block strings freed of their indentation (§2.9.4).
    public func text(of literal: StringLiteral) -> String {
        let raw = bytes(of: literal)
        if !literal.needsDecoding { return String(decoding: raw, as: UTF8.self) }
        return String(decoding: literal.isBlock ? BlockString.decode(raw) : StringEscapes.decode(raw), as: UTF8.self)
    }

    /// A string as it stands in the source, without its quotation marks; its content too if it needs no decoding.
    public func bytes(of literal: StringLiteral) -> ArraySlice<UInt8> {
        source.bytes[Int(literal.offset)..<Int(literal.offset) + Int(literal.length)]
    }

    /// The digits of a number as written; only for values of kind `int` and `float`.
    internal func numberBytes(of value: Value) -> ArraySlice<UInt8> {
        switch value.kind {
        case .int(let length), .float(let length):
            source.bytes[Int(value.offset)..<Int(value.offset) + Int(length)]
        default: []
        }
    }

    /// A type as written, without white space: `[Name!]!`.
    public func text(of type: TypeNode) -> String { Document.text(of: type.wrappers, around: text(of: type.name)) }

    private static func text(of wrappers: TypeWrappers, around name: String) -> String {
        if wrappers.isNonNull { return text(of: wrappers.nullable, around: name) + "!" }
        if wrappers.isList { return "[" + text(of: wrappers.element, around: name) + "]" }
        return name
    }

    // MARK: - Places

    /// Where a byte of the source is, for people.
    public func location(ofByte offset: UInt32) -> SourceLocation { source.location(ofByte: Int(offset)) }
}

extension Source {
    /// Where a byte is, for people: lines end as §2.1.2 says, columns count code points, and a byte order mark at the start of
    /// the text takes no column.
    public func location(ofByte offset: Int) -> SourceLocation {
        var line = 1
        var column = 1
        var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let end = min(offset, bytes.count)
        while index < end {
            let byte = bytes[index]
            index += 1
            if byte == ASCII.lineFeed || byte == ASCII.carriageReturn {
                // A carriage return and a line feed are one line end.
                if byte == ASCII.carriageReturn, index < end, bytes[index] == ASCII.lineFeed { index += 1 }
                line += 1
                column = 1
            } else if index >= bytes.count || bytes[index] & 0xC0 != 0x80 {
                column += 1
            }
        }
        return SourceLocation(line: line, column: column)
    }
}
