internal import Bytes

/// What RFC 9110 §5 says about the names and values of header fields.
internal enum HeaderFields {
    /// Whether two names are the same but for the case of ASCII letters.
    static func isSameName(_ first: String, _ second: String) -> Bool {
        first.utf8.count == second.utf8.count
            && zip(first.utf8, second.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    /// Whether the bytes are `name` but for the case of ASCII letters.
    static func isSameName(_ bytes: UnsafeRawBufferPointer, _ name: StaticString) -> Bool {
        unsafe isSameName(bytes, UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// Whether two names are the same but for the case of ASCII letters.
    static func isSameName(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Bool {
        guard first.count == second.count else { return false }
        for index in 0..<first.count where unsafe lowercased(first[index]) != lowercased(second[index]) { return false }
        return true
    }

    /// The decimal number that `value` is, or nil if it has anything but digits, nothing at all, or is out of range.
    static func number(_ value: UnsafeRawBufferPointer) -> UInt64? {
        guard value.count > 0, value.count <= 18 else { return nil }
        var number: UInt64 = 0
        for index in 0..<value.count {
            let byte = unsafe value[index]
            guard ASCII.isDigit(byte) else { return nil }
            number = number * 10 + UInt64(byte - ASCII.zero)
        }
        return number
    }

    /// What joins the values of several fields of one name.
    static func separator(for name: String) -> String {
        isSameName(name, "Cookie") ? "; " : ", "
    }

    /// Whether a response may carry the field: its name is a token, its value has neither line ends nor other control
    /// characters, and it is none of those that frame the message, which only the server can write truthfully.
    static func isSendable(name: String, value: String) -> Bool {
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else { return false }
        guard value.utf8.allSatisfy({ $0 >= ASCII.space && $0 != ASCII.delete }) else { return false }
        switch name.utf8.count {
        case 14: return !isSameName(name, "Content-Length")
        case 17: return !isSameName(name, "Transfer-Encoding")
        default: return true
        }
    }

    /// RFC 9110 §5.6.2, `tchar`.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        if ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.hyphen { return true }
        switch byte {
        case ASCII.exclamationMark, ASCII.numberSign, ASCII.dollarSign, ASCII.percentSign, ASCII.ampersand,
            UInt8(ascii: "'"), UInt8(ascii: "*"), ASCII.plusSign, ASCII.fullStop, UInt8(ascii: "^"), ASCII.underscore,
            UInt8(ascii: "`"), ASCII.verticalBar, UInt8(ascii: "~"):
            return true
        default: return false
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        ASCII.isLetter(byte) ? byte | 0x20 : byte
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes without the blanks that may surround a field's value (RFC 9110 §5.5), of which libmicrohttpd leaves
    /// those at the end.
    internal var trimmed: UnsafeRawBufferPointer {
        var end = count
        while end > 0, unsafe self[end - 1] == ASCII.space || self[end - 1] == ASCII.tab { end -= 1 }
        return unsafe UnsafeRawBufferPointer(start: baseAddress, count: end)
    }
}
