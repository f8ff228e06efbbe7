internal import Bytes

/// The escapes of quoted strings (September 2025 §2.9.4), in both directions.
internal enum StringEscapes {
    /// The content of a string that the lexer has accepted, quotation marks left out.
    static func decode(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        var content: [UInt8] = []
        content.reserveCapacity(raw.count)
        var index = raw.startIndex
        while index < raw.endIndex {
            let byte = raw[index]
            index += 1
            guard byte == ASCII.backslash, index < raw.endIndex else {
                content.append(byte)
                continue
            }
            let escaped = raw[index]
            index += 1
            switch escaped {
            case UInt8(ascii: "b"): content.append(0x08)
            case UInt8(ascii: "f"): content.append(0x0C)
            case UInt8(ascii: "n"): content.append(ASCII.lineFeed)
            case UInt8(ascii: "r"): content.append(ASCII.carriageReturn)
            case UInt8(ascii: "t"): content.append(ASCII.tab)
            case ASCII.lowerU: content += Array(decodeUnicode(raw, at: &index).utf8)
            default: content.append(escaped)
            }
        }
        return content
    }

    /// The scalar of an escape whose `\u` has been passed: `{…}`, four digits, or a pair of surrogates.
    private static func decodeUnicode(_ raw: ArraySlice<UInt8>, at index: inout Int) -> Character {
        var value: UInt32
        if index < raw.endIndex, raw[index] == ASCII.leftBrace {
            index += 1
            value = digits(raw, at: &index, atMost: raw.count)
            index += 1
        } else {
            value = digits(raw, at: &index, atMost: 4)
            if 0xD800..<0xDC00 ~= value {
                index += 2
                let trailing = digits(raw, at: &index, atMost: 4)
                value = 0x1_0000 + (value - 0xD800) << 10 + (trailing & 0x3FF)
            }
        }
        return Character(Unicode.Scalar(value) ?? "\u{FFFD}")
    }

    private static func digits(_ raw: ArraySlice<UInt8>, at index: inout Int, atMost count: Int) -> UInt32 {
        var value: UInt32 = 0
        let limit = min(raw.endIndex, index + count)
        while index < limit, let digit = ASCII.hexadecimalValue(raw[index]) {
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    /// The string as a literal with quotation marks: control characters as escapes, everything else as it is.
    static func encode(_ content: String) -> String {
        var literal = "\""
        for scalar in content.unicodeScalars {
            switch scalar {
            case "\"": literal += "\\\""
            case "\\": literal += "\\\\"
            case "\u{8}": literal += "\\b"
            case "\t": literal += "\\t"
            case "\n": literal += "\\n"
            case "\u{C}": literal += "\\f"
            case "\r": literal += "\\r"
            case "\0"..<" ", "\u{7F}"..."\u{9F}":
                let digits = String(scalar.value, radix: 16, uppercase: true)
                literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }
}
