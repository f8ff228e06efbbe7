public import Engagement

/// How the app is authorised where no user's token is needed: public metrics of totals (dossier §9).
public enum ApplicationAccess: Sendable {
    /// With credentials from the configuration.
    case credentials(Credentials)
    /// With a bearer token that the token service gives for key and secret; `otherwise` is the same app's 2-legged
    /// signature, for as long as the service gives none.
    case obtained(BearerToken, otherwise: Credentials)

    /// Credentials of the pool that the calls draw on, to ask a ``CallGovernor`` about it.
    public var credentials: Credentials {
        switch self {
        case .credentials(let credentials), .obtained(_, let credentials): credentials
        }
    }
}

extension EngagementClient {
    /// Sends `call` for the app; see ``perform(_:as:deadline:urgency:)-(_,Credentials,_,_)``.
    ///
    /// A bearer token is obtained for the first call and kept. If the token service cannot be reached or fails, calls are
    /// signed instead and it is asked again after a minute. A token that the API refuses is forgotten, and the call sent
    /// once more with a new one.
    ///
    /// - Throws: ``EngagementAPIError``; ``EngagementAPIError/Code/tokenRefused(code:)`` if the service does not know key
    ///   and secret.
    public func perform(
        _ call: EngagementCall,
        as application: ApplicationAccess,
        deadline: UnixTime,
        urgency: CallUrgency = .interactive
    ) async throws(EngagementAPIError) -> EngagementReply {
        guard case .obtained(let source, let otherwise) = application else {
            return try await perform(call, as: application.credentials, deadline: deadline, urgency: urgency)
        }
        try call.validate()
        // No token is asked for a call that would not be sent.
        if let refusal = governor?.refusal(for: otherwise, urgency, now: clock()) { throw refusal.error }
        let credentials = try await credentials(from: source, otherwise: otherwise, deadline: deadline)
        // A refusal that is remembered says nothing new of the token.
        if let refusal = governor?.refusal(for: credentials, urgency, now: clock()) { throw refusal.error }
        do {
            return try await perform(call, as: credentials, deadline: deadline, urgency: urgency)
        } catch {
            guard error.code == .unauthenticated, case .bearer(let token) = credentials.method else { throw error }
            await source.forget(token)
            let first = error.attempts
            do {
                let renewed = try await self.credentials(from: source, otherwise: otherwise, deadline: deadline)
                var reply = try await perform(call, as: renewed, deadline: deadline, urgency: urgency)
                reply.attempts += first
                return reply
            } catch {
                throw error.after(attempts: first + error.attempts)
            }
        }
    }

    /// The bearer token or what stands in for it. A key and secret that are refused are as good as a token that is.
    private func credentials(
        from source: BearerToken,
        otherwise: Credentials,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> Credentials {
        do {
            return try await source.credentials(otherwise: otherwise, deadline: deadline, now: clock())
        } catch {
            if case .tokenRefused = error.code { governor?.refused(otherwise, error, now: clock()) }
            throw error
        }
    }
}
