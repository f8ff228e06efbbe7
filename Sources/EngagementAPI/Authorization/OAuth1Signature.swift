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

    /// The code of the base string under both secrets, in base 64 (RFC 5849 §3.4.2).
    var signature: String {
        Base64.encode(base.code(consumerSecret: consumer.secret, tokenSecret: token?.secret))
    }

    /// What is signed (RFC 5849 §3.4.1.1).
    var baseString: String { base.text }

    private var base: SignatureBaseString {
        let parameters = protocolParameters.map { (name: $0.name, value: $0.value) }
        return SignatureBaseString(method: method, url: url, parameters: parameters, formBody: formBody)
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
