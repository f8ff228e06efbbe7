internal import CCrypto

/// Random bytes that nobody can guess: for nonces, keys and tokens.
public enum SecureRandom {
    /// `count` bytes of libcrypto's generator, which the kernel seeds.
    public static func bytes(_ count: Int) -> [UInt8] {
        Libcrypto.setUp()
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
            let status = unsafe RAND_bytes(output.baseAddress, Int32(count))
            precondition(status == 1, "the kernel seeds libcrypto's generator")
            initialized = count
        }
    }
}

/// Comparison whose time does not tell where two secrets differ.
public enum ConstantTime {
    /// Whether `left` and `right` are equal. Only their lengths influence how long it takes.
    public static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { right in
                unsafe left.isEmpty || CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
            }
        }
    }
}
