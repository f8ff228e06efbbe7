internal import Bytes

/// Names and values as they stand in a query or a form body (`application/x-www-form-urlencoded`, URL Standard §5.1).
public enum URLEncodedForm {
    /// The decoded pairs of `text` in their order. A piece without `=` is a name with an empty value, empty pieces are
    /// passed over. No text is refused: a percent sign that begins no escape stands for itself, and bytes that are no
    /// UTF-8 are replaced.
    public static func items(in text: some Collection<UInt8>) -> [(name: String, value: String)] {
        text.split(separator: ASCII.ampersand).map { piece in
            guard let equals = piece.firstIndex(of: ASCII.equalsSign) else {
                return (decode(piece, plusIsSpace: true), "")
            }
            let value = piece[piece.index(after: equals)...]
            return (decode(piece[..<equals], plusIsSpace: true), decode(value, plusIsSpace: true))
        }
    }

    /// The decoded pairs of `text`, or nil if they are not all UTF-8: for those to whom a replaced byte is a wrong answer.
    ///
    /// A replacement character that is not escaped counts as a replaced byte, since a target has only ASCII (RFC 3986 §2).
    public static func validItems(in text: some Collection<UInt8>) -> [(name: String, value: String)]? {
        guard text.contains(ASCII.percentSign) || text.contains(where: { $0 >= 0x80 }) else { return items(in: text) }
        let isReplaced = Array(text).contains(Array("\u{FFFD}".utf8))
        let decoded = decodedBytes(text, plusIsSpace: false)
        guard !isReplaced, String(validating: decoded, as: UTF8.self) != nil else { return nil }
        return items(in: text)
    }

    /// `path` with its escapes decoded (RFC 3986 §2.1). A plus sign is a plus sign.
    public static func decodePath(_ path: String) -> String {
        path.utf8.contains(ASCII.percentSign) ? decode(path.utf8, plusIsSpace: false) : path
    }

    private static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool) -> String {
        String(decoding: decodedBytes(text, plusIsSpace: plusIsSpace), as: UTF8.self)
    }

    private static func decodedBytes(_ text: some Collection<UInt8>, plusIsSpace: Bool) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var rest = text[...]
        while let byte = rest.popFirst() {
            switch byte {
            case ASCII.plusSign where plusIsSpace: decoded.append(ASCII.space)
            case ASCII.percentSign:
                let digits = rest.prefix(2)
                if digits.count == 2, let high = ASCII.hexadecimalValue(digits[digits.startIndex]),
                    let low = ASCII.hexadecimalValue(digits[digits.index(after: digits.startIndex)])
                {
                    decoded.append(high << 4 | low)
                    rest = rest.dropFirst(2)
                } else {
                    decoded.append(byte)
                }
            default: decoded.append(byte)
            }
        }
        return decoded
    }
}
