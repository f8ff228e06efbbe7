/// The kinds of lexical tokens (September 2025 §2.1.6) and the end of the text.
internal enum TokenKind: UInt8 {
    case endOfFile
    case exclamationMark
    case dollarSign
    case ampersand
    case leftParenthesis
    case rightParenthesis
    case spread
    case colon
    case equalsSign
    case atSign
    case leftBracket
    case rightBracket
    case leftBrace
    case verticalBar
    case rightBrace
    case name
    case int
    case float
    case string
    case blockString

    /// What messages call the kind: punctuators in quotation marks.
    var description: String {
        switch self {
        case .endOfFile: "<EOF>"
        case .exclamationMark: "\"!\""
        case .dollarSign: "\"$\""
        case .ampersand: "\"&\""
        case .leftParenthesis: "\"(\""
        case .rightParenthesis: "\")\""
        case .spread: "\"...\""
        case .colon: "\":\""
        case .equalsSign: "\"=\""
        case .atSign: "\"@\""
        case .leftBracket: "\"[\""
        case .rightBracket: "\"]\""
        case .leftBrace: "\"{\""
        case .verticalBar: "\"|\""
        case .rightBrace: "\"}\""
        case .name: "Name"
        case .int: "Int"
        case .float: "Float"
        case .string: "String"
        case .blockString: "BlockString"
        }
    }
}

/// A token as offsets into the source.
internal struct Token {
    var kind: TokenKind
    /// Of strings: whether the content differs from the bytes.
    var needsDecoding = false
    /// The first byte, quotation marks included.
    var start: UInt32
    /// The byte after the last.
    var end: UInt32
    /// Of names: their ``NameHash``.
    var hash: UInt32 = 0

    var name: Name { Name(offset: start, length: end &- start, hash: hash) }

    /// The string without its quotation marks. Only for strings.
    var stringLiteral: StringLiteral {
        let marks: UInt32 = kind == .blockString ? 3 : 1
        return StringLiteral(
            offset: start &+ marks,
            length: end &- start &- 2 &* marks,
            isBlock: kind == .blockString,
            needsDecoding: needsDecoding
        )
    }
}
