internal import Bytes

// Numbers and strings: the tokens that have a grammar of their own.

extension Lexer {
    // MARK: - Numbers

    /// IntValue :: IntegerPart, FloatValue :: IntegerPart FractionalPart? ExponentPart? (§2.9.1, §2.9.2). Neither may be
    /// followed by a full stop or the start of a name.
    mutating func readNumber() throws(SyntaxFailure) -> Token {
        let start = position
        var isFloat = false
        if byte(position) == ASCII.hyphen { position &+= 1 }
        if byteOrZero(position) == ASCII.zero {
            position &+= 1
            if ASCII.isDigit(byteOrZero(position)) {
                throw SyntaxFailure(
                    "Invalid number, unexpected digit after 0: \(describeCharacter(at: position)).",
                    at: position
                )
            }
        } else {
            try skipDigits()
        }
        if byteOrZero(position) == ASCII.fullStop {
            isFloat = true
            position &+= 1
            try skipDigits()
        }
        if byteOrZero(position) | 0x20 == ASCII.lowerE {
            isFloat = true
            position &+= 1
            let sign = byteOrZero(position)
            if sign == ASCII.plusSign || sign == ASCII.hyphen { position &+= 1 }
            try skipDigits()
        }
        let following = byteOrZero(position)
        if following == ASCII.fullStop || Lexer.isNameStart(following) { throw expectedDigit() }
        return token(isFloat ? .float : .int, from: start)
    }

    /// Digit+.
    private mutating func skipDigits() throws(SyntaxFailure) {
        guard ASCII.isDigit(byteOrZero(position)) else { throw expectedDigit() }
        repeat { position &+= 1 } while ASCII.isDigit(byteOrZero(position))
    }

    private func expectedDigit() -> SyntaxFailure {
        SyntaxFailure("Invalid number, expected digit but got: \(describeCharacter(at: position)).", at: position)
    }

    // MARK: - Strings

    /// StringValue :: `""` | `"` StringCharacter+ `"` | BlockString (§2.9.4).
    mutating func readAnyString() throws(SyntaxFailure) -> Token {
        if byteOrZero(position &+ 1) == ASCII.quotationMark, byteOrZero(position &+ 2) == ASCII.quotationMark {
            return try readBlockString()
        }
        return try readString()
    }

    private mutating func readString() throws(SyntaxFailure) -> Token {
        let start = position
        var needsDecoding = false
        position &+= 1
        while position < end {
            switch byte(position) {
            case ASCII.quotationMark:
                position &+= 1
                return token(.string, from: start, needsDecoding: needsDecoding)
            case ASCII.backslash:
                needsDecoding = true
                try skipEscape()
            case ASCII.lineFeed, ASCII.carriageReturn:
                throw SyntaxFailure("Unterminated string.", at: position)
            case 0x80...: try skipScalar(within: "String")
            default: position &+= 1
            }
        }
        throw SyntaxFailure("Unterminated string.", at: position)
    }

    /// BlockString :: `"""` BlockStringCharacter* `"""`.
    private mutating func readBlockString() throws(SyntaxFailure) -> Token {
        let start = position
        position &+= 3
        // White space at the front may be all there is, and a line of white space alone is dropped.
        let first = byteOrZero(position)
        var needsDecoding = first == ASCII.space || first == ASCII.tab
        while position < end {
            switch byte(position) {
            case ASCII.quotationMark where isTripleMark(at: position):
                position &+= 3
                return token(.blockString, from: start, needsDecoding: needsDecoding)
            case ASCII.backslash where isTripleMark(at: position &+ 1):
                needsDecoding = true
                position &+= 4
            case ASCII.lineFeed, ASCII.carriageReturn:
                needsDecoding = true
                position &+= 1
            case 0x80...: try skipScalar(within: "String")
            default: position &+= 1
            }
        }
        throw SyntaxFailure("Unterminated string.", at: position)
    }

    private func isTripleMark(at index: Int) -> Bool {
        byteOrZero(index) == ASCII.quotationMark && byteOrZero(index &+ 1) == ASCII.quotationMark
            && byteOrZero(index &+ 2) == ASCII.quotationMark
    }

    // MARK: - Escapes

    /// `\u` EscapedUnicode or `\` EscapedCharacter; the lexer stands on the backslash. Decoding relies on what is checked
    /// here.
    private mutating func skipEscape() throws(SyntaxFailure) {
        switch byteOrZero(position &+ 1) {
        case ASCII.quotationMark, ASCII.backslash, ASCII.slash,
            UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position &+= 2
        case ASCII.lowerU:
            if byteOrZero(position &+ 2) == ASCII.leftBrace {
                try skipVariableWidthEscape()
            } else {
                try skipFixedWidthEscape()
            }
        default:
            throw SyntaxFailure("Invalid character escape sequence: \"\(escapeText(length: 2))\".", at: position)
        }
    }

    /// EscapedUnicode :: `{` HexDigit+ `}`: any number of digits, so leading zeros are fine, and a scalar value.
    private mutating func skipVariableWidthEscape() throws(SyntaxFailure) {
        var index = position &+ 3
        var value: UInt32 = 0
        while let digit = ASCII.hexadecimalValue(byteOrZero(index)) {
            // Beyond the last scalar the exact value no longer matters.
            if value <= 0x10_FFFF { value = value << 4 | UInt32(digit) }
            index &+= 1
        }
        guard byteOrZero(index) == ASCII.rightBrace, index > position &+ 3, Unicode.Scalar(value) != nil else {
            throw SyntaxFailure(
                "Invalid Unicode escape sequence: \"\(escapeText(length: min(index &+ 1 &- position, 12)))\".",
                at: position
            )
        }
        position = index &+ 1
    }

    /// EscapedUnicode :: HexDigit HexDigit HexDigit HexDigit: a scalar value, or a pair of surrogates (§2.9.4).
    private mutating func skipFixedWidthEscape() throws(SyntaxFailure) {
        let first = fourHexadecimalDigits(at: position &+ 2)
        switch first {
        case 0..<0xD800, 0xE000...0xFFFF:
            position &+= 6
            return
        case 0xD800..<0xDC00:
            guard byteOrZero(position &+ 6) == ASCII.backslash, byteOrZero(position &+ 7) == ASCII.lowerU,
                0xDC00..<0xE000 ~= fourHexadecimalDigits(at: position &+ 8)
            else { break }
            position &+= 12
            return
        default: break
        }
        throw SyntaxFailure("Invalid Unicode escape sequence: \"\(escapeText(length: 6))\".", at: position)
    }

    /// The value of four digits, or -1.
    private func fourHexadecimalDigits(at index: Int) -> Int {
        var value = 0
        for offset in 0..<4 {
            guard let digit = ASCII.hexadecimalValue(byteOrZero(index &+ offset)) else { return -1 }
            value = value << 4 | Int(digit)
        }
        return value
    }

    /// The escape as written, for a message: whole characters, and not past the end of the line.
    private func escapeText(length: Int) -> String {
        var end = position
        while end < min(position + length, self.end), byte(end) != ASCII.lineFeed, byte(end) != ASCII.carriageReturn {
            end += 1
        }
        while end < self.end, byte(end) & 0xC0 == 0x80 { end += 1 }
        return text(position..<end)
    }
}
