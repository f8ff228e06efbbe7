internal import Engagement
internal import MicroHTTP

/// What a request says of caches.
internal struct CacheConditions: Sendable {
    /// Whether it came by a method that may change nothing: only such answers are kept by caches on the way.
    let isSafe: Bool
    /// Whether the request says who asks. What was said to one person is not for all.
    let isAuthenticated: Bool
    /// The responses that the client has already.
    let ifNoneMatch: EntityTagCondition?
    /// How fresh the answer has to be.
    let demand: FreshnessDemand

    /// Those of whoever asks without HTTP: none.
    init() {
        isSafe = false
        isAuthenticated = false
        ifNoneMatch = nil
        demand = .usual
    }

    init(_ request: borrowing HTTPRequest, obeying obedience: RequestObedience) {
        isSafe = request.method == .get || request.method == .head
        isAuthenticated = request.header("authorization") != nil || request.withheldQuery != nil
        ifNoneMatch = isSafe ? request.header("if-none-match").flatMap(EntityTagCondition.init) : nil
        demand = CacheConditions.demand(of: request, obedience)
    }

    /// `Pragma: no-cache` counts only where there is no `Cache-Control` (RFC 9111 §5.4).
    private static func demand(of request: borrowing HTTPRequest, _ obedience: RequestObedience) -> FreshnessDemand {
        guard let header = request.header("cache-control") ?? request.header("pragma") else { return .usual }
        let directives = CacheDirectives(header)
        switch obedience {
        case .everyone: return directives.demand(mayCost: true)
        case .nobody: return directives.demand(mayCost: false)
        case .tools: return directives.demand(mayCost: !isFromBrowser(request))
        }
    }

    /// Every browser calls itself `Mozilla`; those that do not show it tell where a request comes from.
    private static func isFromBrowser(_ request: borrowing HTTPRequest) -> Bool {
        request.header("user-agent")?.hasPrefix("Mozilla/") == true || request.header("sec-fetch-mode") != nil
    }
}
