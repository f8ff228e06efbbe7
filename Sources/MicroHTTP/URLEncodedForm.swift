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

    /// `path` with its escapes decoded (RFC 3986 §2.1). A plus sign is a plus sign.
    public static func decodePath(_ path: String) -> String {
        path.utf8.contains(ASCII.percentSign) ? decode(path.utf8, plusIsSpace: false) : path
    }

    private static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool) -> String {
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
        return String(decoding: decoded, as: UTF8.self)
    }
}
