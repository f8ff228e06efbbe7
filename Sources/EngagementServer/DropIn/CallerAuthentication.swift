internal import Digests
internal import Engagement
internal import EngagementAPI
internal import MicroHTTP

/// Finds out who calls: by the signature that the Engagement API would take (RFC 5849; dossier §9), or by the app's bearer
/// token.
///
/// A caller is told that it is not known, and nothing more: not whether key, token, signature, time or nonce was wrong.
internal struct CallerAuthentication: Sendable {
    let configuration: DropInConfiguration
    let accounts: [AccountConfiguration]
    /// Who answers for callers without credentials, where these are let in.
    let defaultAccount: AccountName
    let access: Access
    let nonces: NonceMemory

    init(
        _ configuration: DropInConfiguration,
        accounts: [AccountConfiguration],
        defaultAccount: AccountName,
        access: Access
    ) {
        self.configuration = configuration
        self.accounts = accounts
        self.defaultAccount = defaultAccount
        self.access = access
        nonces = NonceMemory(
            toleranceSeconds: configuration.timestampToleranceSeconds,
            capacity: configuration.rememberedNonces
        )
    }

    /// - Throws: 401.
    func authenticate(
        _ request: borrowing HTTPRequest,
        for endpoint: Endpoint,
        now: UnixTime
    ) throws(DropInRefusal) -> Caller {
        guard let header = request.header("authorization") else { return try unsigned(request) }
        let parts = header.split(separator: " ", maxSplits: 1)
        let content = parts.count > 1 ? parts[1] : ""
        // Schemes are matched in any case (RFC 9110 §11.1).
        switch parts.first?.lowercased() {
        case "bearer": return try bearer(content.filter { $0 != " " && $0 != "\t" }, endpoint)
        case "oauth": return try signed(request, OAuth1Header(content), now: now)
        default: throw .unknownAuthorization
        }
    }

    // MARK: - Without a signature

    /// The app's token; or an API key, which stands for its account if it has one, else for the app.
    private func bearer(_ token: String, _ endpoint: Endpoint) throws(DropInRefusal) -> Caller {
        if token.hasPrefix(APIKey.prefix) { return try keyed(PresentedKey(token.utf8, .bearer), endpoint) }
        guard endpoint == .totals else { throw .unknownAuthorization }
        let account = accounts.first { account in
            account.bearer.map { ConstantTime.areEqual(Array(token.utf8), Array($0.reveal().utf8)) } ?? false
        }
        guard let account else { throw .tokenNotFound("unknown bearer token") }
        return Caller(account: account.name, context: .application)
    }

    private func keyed(_ key: PresentedKey, _ endpoint: Endpoint) throws(DropInRefusal) -> Caller {
        let holder: KeyHolder
        do throws(AccessRefusal) {
            holder = try access.holder(of: key)
        } catch {
            guard error.code == .rateLimited else { throw .tokenNotFound(error.message) }
            throw .rateLimited(error)
        }
        let account = accounts.first { $0.name == holder.viewer.account }
        if let account, account.token != nil {
            return Caller(account: account.name, context: .user, budget: holder.budget)
        }
        guard endpoint == .totals else { throw .unknownAuthorization }
        return Caller(account: holder.viewer.account, context: .application, budget: holder.budget)
    }

    /// A program on this machine that sends no credentials. Browsers are not let in, whatever page they show: they name its
    /// origin; nor is what a proxy on this machine passes on.
    private func unsigned(_ request: borrowing HTTPRequest) throws(DropInRefusal) -> Caller {
        guard configuration.unsigned, let account = accounts.first(where: { $0.name == defaultAccount }),
            request.clientAddress.map(Loopback.contains) == true,
            request.header("origin") == nil, request.header("forwarded") == nil,
            request.header("x-forwarded-for") == nil
        else { throw .unknownAuthorization }
        return Caller(account: account.name, context: account.token == nil ? .application : .user)
    }

    // MARK: - OAuth 1.0a

    private func signed(
        _ request: borrowing HTTPRequest,
        _ header: OAuth1Header?,
        now: UnixTime
    ) throws(DropInRefusal) -> Caller {
        guard let header, let consumerKey = header["oauth_consumer_key"], let nonce = header["oauth_nonce"],
            let time = header["oauth_timestamp"].flatMap({ Int64($0) }),
            let signature = header["oauth_signature"].flatMap({ Base64.decode($0) }), !nonce.isEmpty
        else { throw .tokenNotFound("the Authorization header cannot be read, or lacks a parameter") }
        guard header["oauth_signature_method"] == "HMAC-SHA1", header["oauth_version"] ?? "1.0" == "1.0" else {
            throw .tokenNotFound("another signature method than HMAC-SHA1, or another version than 1.0")
        }
        // Without a user the token is left out or empty; both occur.
        let token = header["oauth_token"] ?? ""
        let account = account(consumerKey: consumerKey, token: token)
        // A key that nobody has costs as much as one that somebody has.
        let signer = account ?? AccountConfiguration.nobody
        let tokenSecret = token.isEmpty ? nil : signer.token?.secret
        guard isSigned(request, header, signature, signer.consumer.secret, tokenSecret), let account else {
            throw .tokenNotFound(account == nil ? "unknown consumer key or token" : "wrong signature")
        }
        if let hash = header["oauth_body_hash"], hash != Base64.encode(SHA1.hash(request.body)) {
            throw .tokenNotFound("oauth_body_hash is not that of the body")
        }
        // Last, so that a call that is refused for anything else uses up no nonce.
        switch nonces.remember(nonce, consumer: consumerKey, token: token, time: time, now: now) {
        case .new: return Caller(account: account.name, context: token.isEmpty ? .application : .user)
        case .used: throw .tokenNotFound("the nonce was used before")
        case .outOfBounds: throw .tokenNotFound("oauth_timestamp is \(time), the time here is \(now.seconds)")
        }
    }

    /// Accounts can share an app; its token tells them apart.
    private func account(consumerKey: String, token: String) -> AccountConfiguration? {
        accounts.first { account in
            guard account.consumer.key == consumerKey else { return false }
            guard !token.isEmpty else { return true }
            return account.token.map { ConstantTime.areEqual(Array(token.utf8), Array($0.token.reveal().utf8)) }
                ?? false
        }
    }

    /// Whether the signature is right for one of the addresses that the caller can have meant.
    private func isSigned(
        _ request: borrowing HTTPRequest,
        _ header: OAuth1Header,
        _ signature: [UInt8],
        _ consumerSecret: Secret,
        _ tokenSecret: Secret?
    ) -> Bool {
        let target = request.path + (request.rawQuery.map { "?\($0)" } ?? "")
        let reached = request.header("host").map { ["http://\($0)"] } ?? []
        for host in reached + configuration.acceptedHosts {
            let base = SignatureBaseString(
                method: request.method.name,
                url: host + target,
                parameters: header.signedParameters
            )
            let expected = base?.code(consumerSecret: consumerSecret, tokenSecret: tokenSecret)
            if let expected, ConstantTime.areEqual(expected, signature) { return true }
        }
        return false
    }
}

extension AccountConfiguration {
    /// Signatures of callers that nobody knows are compared with one by this: it is made of random bytes.
    fileprivate static let nobody: AccountConfiguration = {
        func secret() -> Secret { Secret(Hexadecimal.encode(SecureRandom.bytes(16))) }
        return AccountConfiguration(
            name: AccountName(""),
            consumer: ConsumerKey(key: "", secret: secret()),
            token: AccessToken(token: secret(), secret: secret()),
            bearer: nil
        )
    }()
}
