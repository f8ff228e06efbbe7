internal import Bytes

/// Reads tokens off the bytes of a source (September 2025 §2.1), one at a time and without building anything.
///
/// - Note: The pointer is `@safe` because a lexer lives only inside the one call of `withUnsafeBufferPointer` in
///   ``Document/parse(_:limits:)``, and every index is compared with `end` before it is used.
@safe
internal struct Lexer {
    private let bytes: UnsafeBufferPointer<UInt8>
    let end: Int

    /// The first byte that no token has taken yet.
    var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        unsafe self.bytes = unsafe bytes
        end = bytes.count
    }

    /// The byte at `index`, which must lie before `end`.
    @inline(__always)
    func byte(_ index: Int) -> UInt8 {
        assert(index >= 0 && index < end)
        return unsafe bytes[index]
    }

    /// The byte at `index`, or 0 past the end: 0 begins no token, so that no comparison mistakes it.
    @inline(__always)
    func byteOrZero(_ index: Int) -> UInt8 { index < end ? byte(index) : 0 }

    /// The next token, ignored ones skipped (§2.1.7): white space, line ends, commas, comments, byte order marks.
    mutating func next() throws(SyntaxFailure) -> Token {
        while position < end {
            let first = byte(position)
            if Lexer.isNameStart(first) { return readName() }
            switch first {
            case ASCII.space, ASCII.lineFeed, ASCII.carriageReturn, ASCII.tab, ASCII.comma:
                // Indentation is a third of a usual document.
                repeat { position &+= 1 } while byteOrZero(position) == ASCII.space
            case ASCII.numberSign: try skipComment()
            case ASCII.leftBrace: return readPunctuator(.leftBrace)
            case ASCII.rightBrace: return readPunctuator(.rightBrace)
            case ASCII.leftParenthesis: return readPunctuator(.leftParenthesis)
            case ASCII.rightParenthesis: return readPunctuator(.rightParenthesis)
            case ASCII.colon: return readPunctuator(.colon)
            case ASCII.dollarSign: return readPunctuator(.dollarSign)
            case ASCII.exclamationMark: return readPunctuator(.exclamationMark)
            case ASCII.leftBracket: return readPunctuator(.leftBracket)
            case ASCII.rightBracket: return readPunctuator(.rightBracket)
            case ASCII.equalsSign: return readPunctuator(.equalsSign)
            case ASCII.atSign: return readPunctuator(.atSign)
            case ASCII.ampersand: return readPunctuator(.ampersand)
            case ASCII.verticalBar: return readPunctuator(.verticalBar)
            case ASCII.quotationMark: return try readAnyString()
            case ASCII.zero...ASCII.nine, ASCII.hyphen: return try readNumber()
            case ASCII.fullStop:
                guard byteOrZero(position &+ 1) == ASCII.fullStop, byteOrZero(position &+ 2) == ASCII.fullStop else {
                    throw unexpectedCharacter()
                }
                position &+= 3
                return token(.spread, from: position &- 3)
            case 0xEF where byteOrZero(position &+ 1) == 0xBB && byteOrZero(position &+ 2) == 0xBF: position &+= 3
            default: throw unexpectedCharacter()
            }
        }
        return token(.endOfFile, from: position)
    }

    // MARK: - Names and punctuators

    @inline(__always)
    static func isNameStart(_ byte: UInt8) -> Bool { ASCII.isLetter(byte) || byte == ASCII.underscore }

    /// Name :: NameStart NameContinue* (§2.1.9), hashed on the way.
    @inline(__always)
    private mutating func readName() -> Token {
        let start = position
        var position = start
        var hash = NameHash.seed
        repeat {
            hash = NameHash.step(hash, byte(position))
            position &+= 1
        } while position < end && Lexer.continuesName(byte(position))
        self.position = position
        return token(.name, from: start, hash: hash)
    }

    @inline(__always)
    private static func continuesName(_ byte: UInt8) -> Bool { isNameStart(byte) || ASCII.isDigit(byte) }

    @inline(__always)
    private mutating func readPunctuator(_ kind: TokenKind) -> Token {
        position &+= 1
        return token(kind, from: position &- 1)
    }

    /// The token that ends where the lexer stands.
    @inline(__always)
    func token(_ kind: TokenKind, from start: Int, needsDecoding: Bool = false, hash: UInt32 = 0) -> Token {
        Token(
            kind: kind,
            needsDecoding: needsDecoding,
            start: UInt32(truncatingIfNeeded: start),
            end: UInt32(truncatingIfNeeded: position),
            hash: hash
        )
    }

    // MARK: - Comments

    /// Comment :: `#` CommentChar* (§2.1.4).
    private mutating func skipComment() throws(SyntaxFailure) {
        position &+= 1
        while position < end {
            switch byte(position) {
            case ASCII.lineFeed, ASCII.carriageReturn: return
            case 0x80...: try skipScalar(within: "Comment")
            default: position &+= 1
            }
        }
    }

    // MARK: - Unicode

    /// Passes over one character beyond ASCII; SourceCharacter is any Unicode scalar value (§2.1).
    mutating func skipScalar(within place: String) throws(SyntaxFailure) {
        guard let scalar = scalar(at: position) else {
            throw SyntaxFailure("Invalid character within \(place): \(describeCharacter(at: position)).", at: position)
        }
        position &+= scalar.utf8.count
    }

    /// The scalar whose UTF-8 begins at `index`, nil if none does (RFC 3629).
    private func scalar(at index: Int) -> Unicode.Scalar? {
        guard index < end else { return nil }
        let first = byte(index)
        let length: Int
        switch first {
        case ..<0x80: return Unicode.Scalar(first)
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return nil
        }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let next = byteOrZero(index + offset)
            guard next & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(next & 0x3F)
        }
        // The lead bytes left these overlong forms; surrogates and what lies past U+10FFFF the initialiser refuses.
        if length == 3 && value < 0x800 || length == 4 && value < 0x10000 { return nil }
        return Unicode.Scalar(value)
    }

    /// What a message shows for the character at `index`: printable ASCII as it is, everything else as a code point.
    func describeCharacter(at index: Int) -> String {
        guard index < end else { return TokenKind.endOfFile.description }
        guard let scalar = scalar(at: index) else {
            return "byte 0x\(hexadecimal(UInt32(byte(index)), width: 2)), the text is not UTF-8"
        }
        switch scalar {
        case "\"": return "'\"'"
        case " "..."~": return "\"\(scalar)\""
        default: return "U+\(hexadecimal(scalar.value, width: 4))"
        }
    }

    private func hexadecimal(_ value: UInt32, width: Int) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private func unexpectedCharacter() -> SyntaxFailure {
        let first = byte(position)
        if first == UInt8(ascii: "'") {
            return SyntaxFailure(
                "Unexpected single quote character ('), did you mean to use a double quote (\")?",
                at: position
            )
        }
        let adjective = scalar(at: position) == nil ? "Invalid" : "Unexpected"
        return SyntaxFailure("\(adjective) character: \(describeCharacter(at: position)).", at: position)
    }

    /// Whether the bytes of a range, which must lie before `end`, are those of `word`.
    @inline(__always)
    func matches(_ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        let letters = unsafe word.utf8Start
        for index in 0..<range.count where unsafe byte(range.lowerBound &+ index) != letters[index] { return false }
        return true
    }

    /// The bytes of a range as text, for messages.
    func text(_ range: Range<Int>) -> String {
        unsafe String(decoding: UnsafeBufferPointer(rebasing: bytes[range.clamped(to: 0..<end)]), as: UTF8.self)
    }
}
