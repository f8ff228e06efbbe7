internal import CCrypto

/// SHA-1 (FIPS 180-4): only where a protocol asks for it, as `oauth_body_hash` does.
public enum SHA1 {
    /// The 20 bytes of the digest.
    public static func hash(_ message: [UInt8]) -> [UInt8] {
        unsafe digest(message, EVP_sha1(), size: 20)
    }
}

/// SHA-256 (FIPS 180-4): how API keys are stored and query documents are named.
public enum SHA256 {
    /// The 32 bytes of the digest.
    public static func hash(_ message: [UInt8]) -> [UInt8] {
        unsafe digest(message, EVP_sha256(), size: 32)
    }
}

/// HMAC-SHA1 (RFC 2104), the signature method of OAuth 1.0a (RFC 5849 §3.4.2).
public enum HMACSHA1 {
    /// The 20 bytes of the code. Keys of any length are taken, the empty one included.
    public static func authenticationCode(for message: [UInt8], key: [UInt8]) -> [UInt8] {
        unsafe code(message, key, EVP_sha1(), size: 20)
    }
}

/// HMAC-SHA256 (RFC 2104): seals what comes back from elsewhere.
public enum HMACSHA256 {
    /// The 32 bytes of the code. Keys of any length are taken, the empty one included.
    public static func authenticationCode(for message: [UInt8], key: [UInt8]) -> [UInt8] {
        unsafe code(message, key, EVP_sha256(), size: 32)
    }
}

private func code(_ message: [UInt8], _ key: [UInt8], _ algorithm: OpaquePointer?, size: Int) -> [UInt8] {
    Libcrypto.setUp()
    return unsafe [UInt8](unsafeUninitializedCapacity: size) { output, count in
        let result = unsafe key.withUnsafeBytes { key in
            // A null key would mean "the key of before", so the empty key points at something.
            let start = unsafe key.baseAddress ?? UnsafeRawPointer(output.baseAddress)
            return unsafe message.withUnsafeBufferPointer { message in
                unsafe HMAC(
                    algorithm,
                    start,
                    Int32(key.count),
                    message.baseAddress,
                    message.count,
                    output.baseAddress,
                    nil
                )
            }
        }
        unsafe precondition(result != nil, "libcrypto computes authentication codes")
        count = size
    }
}

private func digest(_ message: [UInt8], _ algorithm: OpaquePointer?, size: Int) -> [UInt8] {
    Libcrypto.setUp()
    return unsafe [UInt8](unsafeUninitializedCapacity: size) { output, count in
        let status = unsafe message.withUnsafeBytes { message in
            unsafe EVP_Digest(message.baseAddress, message.count, output.baseAddress, nil, algorithm, nil)
        }
        precondition(status == 1, "libcrypto computes digests")
        count = size
    }
}
