internal import Digests
internal import Engagement

/// Finds out who calls (dossier §9, §13 steps 3 and 4).
struct Authenticator {
    let world: SandboxWorld
    let toleranceSeconds: Int

    /// The caller, or a 401.
    ///
    /// A nonce is remembered only when everything else is right, so that a call with a wrong signature uses up nothing.
    func authenticate(
        _ request: SandboxRequest,
        for endpoint: Endpoint,
        at now: UnixTime,
        nonces: inout NonceMemory
    ) throws(Refusal) -> Caller {
        switch AuthorizationHeader(request.header("Authorization")) {
        case .unknown, .basic:
            throw Refusal(401, Wording.unknownAuthorization, explanation: "neither OAuth nor Bearer")
        case .malformed(let reason):
            throw Refusal(401, InventedWording.malformedAuthorization, explanation: reason)
        case .bearer(let token):
            guard endpoint == .totals else {
                throw Refusal(401, Wording.unknownAuthorization, explanation: "a bearer token serves totals only")
            }
            guard let application = world.applications.first(where: { $0.bearerToken == token }) else {
                throw Refusal(401, Wording.tokenNotFound, explanation: "unknown bearer token")
            }
            return Caller(application: application, authentication: .bearer)
        case .oauth1(let parameters):
            return try verify(request, parameters, at: now, nonces: &nonces)
        }
    }

    private func verify(
        _ request: SandboxRequest,
        _ parameters: [(name: String, value: String)],
        at now: UnixTime,
        nonces: inout NonceMemory
    ) throws(Refusal) -> Caller {
        func value(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

        guard let consumerKey = value("oauth_consumer_key"), let nonce = value("oauth_nonce"), !nonce.isEmpty,
            let timestamp = value("oauth_timestamp"), let signature = value("oauth_signature")
        else {
            throw Refusal(401, InventedWording.malformedAuthorization, explanation: "an oauth_ parameter is missing")
        }
        guard value("oauth_signature_method") == "HMAC-SHA1", value("oauth_version") ?? "1.0" == "1.0" else {
            throw Refusal(401, InventedWording.signatureMethod)
        }
        guard let application = world.applications.first(where: { $0.consumerKey == consumerKey }) else {
            throw Refusal(401, Wording.tokenNotFound, explanation: "unknown consumer key")
        }
        // Without user context the token is left out or empty; both occur in real clients.
        let token = value("oauth_token") ?? ""
        let account = token.isEmpty ? nil : world.accounts.first { $0.token == token }
        guard token.isEmpty || account != nil else {
            throw Refusal(401, Wording.tokenNotFound, explanation: "unknown access token")
        }
        let seconds = try checkTimestamp(timestamp, at: now)
        try checkSignature(signature, of: request, parameters, application, account)
        if let hash = value("oauth_body_hash"), hash != Base64.encode(SHA1.hash(request.body)) {
            throw Refusal(401, InventedWording.badBodyHash)
        }
        guard nonces.remember(nonce, consumer: consumerKey, token: token, timestamp: seconds, now: now) else {
            throw Refusal(401, InventedWording.reusedNonce, explanation: "nonce \(nonce) was used before")
        }
        return Caller(application: application, authentication: account.map(Caller.Authentication.user) ?? .application)
    }

    private func checkTimestamp(_ text: String, at now: UnixTime) throws(Refusal) -> Int64 {
        guard let seconds = Int64(text), (1...1_000_000_000_000).contains(seconds) else {
            throw Refusal(401, InventedWording.malformedAuthorization, explanation: "oauth_timestamp is no number")
        }
        guard abs(seconds - now.seconds) <= Int64(toleranceSeconds) else {
            let explanation = "oauth_timestamp is \(seconds), the sandbox's clock says \(now.seconds)"
            throw Refusal(401, InventedWording.badTimestamp, explanation: explanation)
        }
        return seconds
    }

    private func checkSignature(
        _ signature: String,
        of request: SandboxRequest,
        _ parameters: [(name: String, value: String)],
        _ application: SandboxApplication,
        _ account: SandboxAccount?
    ) throws(Refusal) {
        guard let base = SignatureBase(request, parameters: parameters) else {
            throw Refusal(401, InventedWording.badSignature, explanation: "the query or form is not percent-encoded")
        }
        let expected = base.signature(
            consumerSecret: application.consumerSecret,
            tokenSecret: account?.tokenSecret ?? ""
        )
        guard let received = Base64.decode(signature), ConstantTime.areEqual(received, expected) else {
            throw Refusal(401, InventedWording.badSignature, explanation: "the base string is \(base.text)")
        }
    }
}
