internal import Bytes

/// Percent-encoding as OAuth asks for it (RFC 5849 §3.6) and its inverse.
enum PercentCoding {
    /// UTF-8 bytes that are no letter, digit, `-`, `.`, `_` or `~` become `%` and two upper-case digits.
    static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            if ASCII.isLetter(byte) || ASCII.isDigit(byte) || unreserved.contains(byte) {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                encoded.append("%")
                encoded.unicodeScalars.append(Unicode.Scalar(hexadecimalDigits[Int(byte >> 4)]))
                encoded.unicodeScalars.append(Unicode.Scalar(hexadecimalDigits[Int(byte & 0xF)]))
            }
        }
        return encoded
    }

    /// The text behind escapes, or nil if an escape lacks its digits or the bytes are no UTF-8. With `plusIsSpace` it reads
    /// forms and queries, where a plus sign stands for a space.
    static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == ASCII.percentSign {
                guard let high = rest.popFirst().flatMap(ASCII.hexadecimalValue),
                    let low = rest.popFirst().flatMap(ASCII.hexadecimalValue)
                else { return nil }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(plusIsSpace && byte == ASCII.plusSign ? ASCII.space : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The names and values of a query or form, decoded; nil if one of them cannot be.
    static func formItems(_ text: some StringProtocol) -> [(name: String, value: String)]? {
        var items: [(name: String, value: String)] = []
        for pair in text.split(separator: "&", omittingEmptySubsequences: true) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decode(parts[0], plusIsSpace: true),
                let value = parts.count > 1 ? decode(parts[1], plusIsSpace: true) : ""
            else { return nil }
            items.append((name, value))
        }
        return items
    }

    private static let unreserved: [UInt8] = [ASCII.hyphen, ASCII.fullStop, ASCII.underscore, UInt8(ascii: "~")]
    private static let hexadecimalDigits = Array("0123456789ABCDEF".utf8)
}
