/// Who a call comes from, once its credentials have been checked.
struct Caller {
    let application: SandboxApplication
    let authentication: Authentication

    /// The account whose tokens signed, or nil without user context.
    var account: SandboxAccount? {
        guard case .user(let account) = authentication else { return nil }
        return account
    }

    enum Authentication {
        /// OAuth 1.0a with an account's tokens.
        case user(SandboxAccount)
        /// OAuth 1.0a without.
        case application
        /// OAuth 2.
        case bearer
    }

    /// What the call's quota is counted under: user context and app-only draw on separate pools (dossier §9).
    var pool: String {
        switch authentication {
        case .user(let account): "user \(account.name) of \(application.name)"
        case .application, .bearer: "application \(application.name)"
        }
    }
}

/// How a recorded call was authenticated.
public enum AuthenticationKind: String, Sendable {
    /// OAuth 1.0a with a user's tokens.
    case user
    /// OAuth 1.0a without.
    case application
    /// OAuth 2.
    case bearer
    /// Not at all, or in vain.
    case none
}

extension Caller {
    var kind: AuthenticationKind {
        switch authentication {
        case .user: .user
        case .application: .application
        case .bearer: .bearer
        }
    }
}
