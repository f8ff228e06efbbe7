internal import Digests

/// The signature of RFC 5849 with HMAC-SHA1, computed from a request as it arrived.
struct SignatureBase {
    /// The signature base string (§3.4.1).
    let text: String

    /// The base of a request whose `Authorization` field has `parameters`. A form body counts (§3.4.1.3.1), a JSON body does
    /// not. Nil if the query or form cannot be decoded.
    init?(_ request: SandboxRequest, parameters: [(name: String, value: String)]) {
        var all = parameters.filter { $0.name != "oauth_signature" }
        guard let query = PercentCoding.formItems(request.query) else { return nil }
        all += query
        if request.mediaType == "application/x-www-form-urlencoded" {
            guard let form = PercentCoding.formItems(String(decoding: request.body, as: UTF8.self)) else { return nil }
            all += form
        }
        let encoded = all.map { (PercentCoding.encode($0.name), PercentCoding.encode($0.value)) }
        let sorted = encoded.sorted { left, right in
            left.0 == right.0 ? SignatureBase.precedes(left.1, right.1) : SignatureBase.precedes(left.0, right.0)
        }
        let normalized = sorted.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        let address = SignatureBase.address(of: request)
        text = "\(request.method.uppercased())&\(PercentCoding.encode(address))&\(PercentCoding.encode(normalized))"
    }

    /// The bytes that a client with these secrets has to send, before base64 (§3.4.2).
    func signature(consumerSecret: String, tokenSecret: String) -> [UInt8] {
        let key = "\(PercentCoding.encode(consumerSecret))&\(PercentCoding.encode(tokenSecret))"
        return HMACSHA1.authenticationCode(for: Array(text.utf8), key: Array(key.utf8))
    }

    /// Scheme and host in lower case, the port only if it is not the scheme's own, the path, no query (§3.4.1.2).
    private static func address(of request: SandboxRequest) -> String {
        let scheme = request.scheme.lowercased()
        var host = (request.header("Host") ?? "").lowercased()
        let defaultPort = scheme == "https" ? ":443" : ":80"
        if host.hasSuffix(defaultPort) { host.removeLast(defaultPort.count) }
        return "\(scheme)://\(host)\(request.path)"
    }

    /// The order of bytes, not that of a language.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
