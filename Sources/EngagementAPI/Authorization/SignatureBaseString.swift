internal import Digests

/// What OAuth 1.0a signs of a request (RFC 5849 §3.4.1), and its code under the secrets: the same for who signs and for who
/// verifies.
package struct SignatureBaseString: Sendable {
    /// Method, address and parameters, each encoded.
    package let text: String

    /// - Parameters:
    ///   - parameters: Those of the header but for `oauth_signature` and `realm`, by their plain names and values.
    ///   - formBody: The body if it is a form, else empty: a JSON body is not signed.
    internal init(method: String, url: RequestURL, parameters: [(name: String, value: String)], formBody: String) {
        let own = parameters.map { (name: PercentEncoding.encode($0.name), value: PercentEncoding.encode($0.value)) }
        let all = own + PercentEncoding.normalizedPairs(of: url.query) + PercentEncoding.normalizedPairs(of: formBody)
        // Sorted by the encoded names, then values (§3.4.1.3.2); all of it is ASCII by now.
        let normalized = all.sorted { $0.name == $1.name ? $0.value < $1.value : $0.name < $1.name }
            .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        text = [method.uppercased(), url.baseStringURI, normalized].map(PercentEncoding.encode).joined(separator: "&")
    }

    /// What the sender of a request with a JSON body has signed if it was sent to `url`, or nil if that is no http or https
    /// address.
    package init?(method: String, url: String, parameters: [(name: String, value: String)]) {
        guard let url = RequestURL(url) else { return nil }
        self.init(method: method, url: url, parameters: parameters, formBody: "")
    }

    /// The 20 bytes of HMAC-SHA1 under both secrets (§3.4.2). The ampersand between them stays when there is no token.
    package func code(consumerSecret: Secret, tokenSecret: Secret?) -> [UInt8] {
        let first = PercentEncoding.encode(consumerSecret.reveal())
        let second = tokenSecret.map { PercentEncoding.encode($0.reveal()) } ?? ""
        return HMACSHA1.authenticationCode(for: Array(text.utf8), key: Array("\(first)&\(second)".utf8))
    }
}
