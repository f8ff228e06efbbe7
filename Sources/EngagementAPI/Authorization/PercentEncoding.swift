internal import Bytes

/// Percent-encoding as OAuth 1.0a asks for it (RFC 5849 §3.6): everything but the unreserved characters of RFC 3986, in
/// upper-case hexadecimal. Neither URLs nor forms are encoded so strictly.
internal enum PercentEncoding {
    /// `text` in UTF-8, encoded.
    internal static func encode(_ text: String) -> String { encode(text.utf8) }

    /// `bytes`, encoded.
    internal static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var encoded: [UInt8] = []
        for byte in bytes {
            if isUnreserved(byte) {
                encoded.append(byte)
            } else {
                encoded.append(ASCII.percentSign)
                encoded.append(digits[Int(byte >> 4)])
                encoded.append(digits[Int(byte & 0xF)])
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// The pairs of a query or form, decoded and encoded again by the strict rules (RFC 5849 §3.4.1.3.1).
    ///
    /// A name without an equals sign has the empty value; `+` is a space, as in every form.
    internal static func normalizedPairs(of form: String) -> [(name: String, value: String)] {
        form.utf8.split(separator: ASCII.ampersand).map { pair in
            let parts = pair.split(separator: ASCII.equalsSign, maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? encode(decode(parts[1])) : ""
            return (encode(decode(parts[0])), value)
        }
    }

    /// The bytes of one name or value of a form. A percent sign without two digits stands for itself.
    private static func decode(_ text: Substring.UTF8View) -> [UInt8] {
        let text = Array(text)
        var decoded: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index] == ASCII.percentSign, index + 2 < text.count,
                let high = ASCII.hexadecimalValue(text[index + 1]), let low = ASCII.hexadecimalValue(text[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(text[index] == ASCII.plusSign ? ASCII.space : text[index])
                index += 1
            }
        }
        return decoded
    }

    /// The text of an encoded name or value, or nil if a percent sign lacks its digits or the bytes are no UTF-8. A plus sign
    /// is itself (RFC 5849 §3.6).
    internal static func text(ofEncoded encoded: some StringProtocol) -> String? {
        var decoded: [UInt8] = []
        var rest = Array(encoded.utf8)[...]
        while let byte = rest.popFirst() {
            if byte != ASCII.percentSign {
                decoded.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(ASCII.hexadecimalValue),
                let low = rest.popFirst().flatMap(ASCII.hexadecimalValue)
            else { return nil }
            decoded.append(high << 4 | low)
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.hyphen || byte == ASCII.fullStop
            || byte == ASCII.underscore || byte == UInt8(ascii: "~")
    }
}
