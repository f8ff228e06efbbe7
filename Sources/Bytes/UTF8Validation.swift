/// Whether bytes are UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing beyond U+10FFFF.
public enum UTF8Validation {
    /// Whether all of `bytes` is UTF-8.
    public static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
        if bytes.allSatisfy({ $0 < 0x80 }) { return true }
        return String(validating: bytes, as: UTF8.self) != nil
    }
}
