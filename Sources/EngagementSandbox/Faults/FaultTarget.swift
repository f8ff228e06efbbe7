internal import Engagement

/// Whose calls a rule of a fault plan befalls.
public enum FaultTarget: String, CaseIterable, Sendable {
    case totals
    case last28Hours = "28hr"
    case historical
    /// The token service, `POST /oauth2/token`. A rule has to name it; one without a target means the API's endpoints.
    case token

    init(_ endpoint: Endpoint) {
        self =
            switch endpoint {
            case .totals: .totals
            case .last28Hours: .last28Hours
            case .historical: .historical
            }
    }
}
