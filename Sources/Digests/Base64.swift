/// Base 64 with the standard alphabet and padding (RFC 4648 §4).
public enum Base64 {
    /// `bytes` as text, padded to a multiple of four characters.
    public static func encode(_ bytes: [UInt8]) -> String {
        let length = (bytes.count + 2) / 3 * 4
        return unsafe String(unsafeUninitializedCapacity: length) { output in
            var position = 0
            var index = 0
            while index < bytes.count {
                let available = min(3, bytes.count - index)
                let second = available > 1 ? UInt32(bytes[index + 1]) : 0
                let third = available > 2 ? UInt32(bytes[index + 2]) : 0
                let group = UInt32(bytes[index]) << 16 | second << 8 | third
                for character in 0..<4 {
                    let sextet = Int(group >> UInt32(18 - 6 * character) & 63)
                    unsafe output[position] = character <= available ? alphabet[sextet] : padding
                    position += 1
                }
                index += 3
            }
            return length
        }
    }

    /// The bytes that `text` stands for, or nil.
    ///
    /// Strict, as RFC 4648 §3 advises for anything that guards access: no line breaks, padding required, unused bits zero,
    /// so that each run of bytes has exactly one text.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count.isMultiple(of: 4) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters.count / 4 * 3)
        for start in stride(from: 0, to: characters.count, by: 4) {
            let isLast = start + 4 == characters.count
            var pads = 0
            if isLast, characters[start + 3] == padding { pads = characters[start + 2] == padding ? 2 : 1 }
            var group: UInt32 = 0
            for character in characters[start..<start + 4 - pads] {
                guard let sextet = value(of: character) else { return nil }
                group = group << 6 | sextet
            }
            group <<= UInt32(6 * pads)
            let unused: UInt32 = pads == 2 ? 0xFFFF : pads == 1 ? 0xFF : 0
            guard group & unused == 0 else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: group >> 16))
            if pads < 2 { bytes.append(UInt8(truncatingIfNeeded: group >> 8)) }
            if pads < 1 { bytes.append(UInt8(truncatingIfNeeded: group)) }
        }
        return bytes
    }

    private static let padding = UInt8(ascii: "=")

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
