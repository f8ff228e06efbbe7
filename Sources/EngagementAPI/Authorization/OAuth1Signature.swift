internal import Digests

/// A signed request of OAuth 1.0a with HMAC-SHA1 (RFC 5849 §3; dossier §9.1). Pure: the same parts give the same header.
internal struct OAuth1Signature: Sendable {
    var method = "POST"
    var url: RequestURL
    /// The body, only if it is a form (`application/x-www-form-urlencoded`). A JSON body is not signed.
    var formBody = ""
    var consumer: ConsumerKey
    /// Nil signs for the app alone; `oauth_token` is then left out altogether.
    var token: AccessToken?
    /// Never twice the same with one timestamp.
    var nonce: String
    /// Seconds since 1970.
    var timestamp: Int64
    /// The RFC makes it optional; Twitter's examples send it.
    var version: String? = "1.0"
    /// Further `oauth_…` parameters, such as `oauth_callback`, by their plain values.
    var additional: [Parameter] = []

    struct Parameter: Sendable {
        var name: String
        var value: String
    }

    /// The value of the `Authorization` header (RFC 5849 §3.5.1).
    var authorizationHeader: String {
        let items = protocolParameters + [Parameter(name: "oauth_signature", value: signature)]
        let list = items.map { "\(PercentEncoding.encode($0.name))=\"\(PercentEncoding.encode($0.value))\"" }
        return "OAuth \(list.joined(separator: ", "))"
    }

    /// The code of the base string under both secrets, in base 64 (RFC 5849 §3.4.2). The ampersand between the secrets
    /// stays when there is no token.
    var signature: String {
        let consumerSecret = PercentEncoding.encode(consumer.secret.reveal())
        let tokenSecret = token.map { PercentEncoding.encode($0.secret.reveal()) } ?? ""
        let key = Array("\(consumerSecret)&\(tokenSecret)".utf8)
        return Base64.encode(HMACSHA1.authenticationCode(for: Array(baseString.utf8), key: key))
    }

    /// What is signed (RFC 5849 §3.4.1.1).
    var baseString: String {
        let parts = [method.uppercased(), url.baseStringURI, normalizedParameters]
        return parts.map(PercentEncoding.encode).joined(separator: "&")
    }

    /// All parameters of header, query and form, sorted by their encoded names, then values (RFC 5849 §3.4.1.3.2).
    private var normalizedParameters: String {
        let own = protocolParameters.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
        let all = own + PercentEncoding.normalizedPairs(of: url.query) + PercentEncoding.normalizedPairs(of: formBody)
        return all.sorted { $0.0 == $1.0 ? $0.1 < $1.1 : $0.0 < $1.0 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    private var protocolParameters: [Parameter] {
        var parameters = [
            Parameter(name: "oauth_consumer_key", value: consumer.key),
            Parameter(name: "oauth_nonce", value: nonce),
            Parameter(name: "oauth_signature_method", value: "HMAC-SHA1"),
            Parameter(name: "oauth_timestamp", value: String(timestamp)),
        ]
        if let token { parameters.append(Parameter(name: "oauth_token", value: token.token.reveal())) }
        if let version { parameters.append(Parameter(name: "oauth_version", value: version)) }
        return parameters + additional
    }
}
