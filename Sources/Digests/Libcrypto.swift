internal import CCrypto

/// The library behind all digests and random bytes, and behind libcurl's TLS.
public enum Libcrypto {
    /// Sets libcrypto up, once for the process, without its exit handler: that one frees what threads that are under way still use.
    /// To be called before a library that would set it up by itself, with the handler.
    public static func setUp() { _ = isSetUp }

    private static let isSetUp: Bool = {
        let status = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
        precondition(status == 1, "libcrypto can be set up")
        return true
    }()
}
