import Digests

/// Signs calls as RFC 5849 says, written out for the tests alone: nothing here is shared with what the sandbox verifies by.
struct Signer {
    var consumerKey = "SandboxConsumerKey"
    var consumerSecret = "SandboxConsumerSecret"
    /// Nil leaves `oauth_token` out.
    var token: String? = "1000001-SandboxTokenOfAcme"
    var tokenSecret = "SandboxTokenSecretOfAcme"

    static let acme = Signer()
    static let globex = Signer(token: "1000002-SandboxTokenOfGlobex", tokenSecret: "SandboxTokenSecretOfGlobex")
    static let application = Signer(token: nil, tokenSecret: "")

    /// The value of `Authorization` for a POST to `url`. `extra` are further `oauth_` parameters.
    func header(
        _ url: String,
        timestamp: Int64,
        nonce: String,
        extra: [String: String] = [:]
    ) -> String {
        var parameters = [
            "oauth_consumer_key": consumerKey, "oauth_nonce": nonce, "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": "\(timestamp)", "oauth_version": "1.0",
        ]
        if let token { parameters["oauth_token"] = token }
        parameters.merge(extra) { $1 }
        let pairs = parameters.map { "\(Signer.escape($0.key))=\(Signer.escape($0.value))" }.sorted().joined(
            separator: "&"
        )
        let base = "POST&\(Signer.escape(url))&\(Signer.escape(pairs))"
        let key = "\(Signer.escape(consumerSecret))&\(Signer.escape(tokenSecret))"
        parameters["oauth_signature"] = Base64.encode(
            HMACSHA1.authenticationCode(for: Array(base.utf8), key: Array(key.utf8))
        )
        let items = parameters.map { "\(Signer.escape($0.key))=\"\(Signer.escape($0.value))\"" }
        return "OAuth " + items.joined(separator: ", ")
    }

    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)

    private static func escape(_ text: String) -> String {
        text.utf8.map { byte in
            guard !plain.contains(byte) else { return String(Unicode.Scalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
        }.joined()
    }
}
