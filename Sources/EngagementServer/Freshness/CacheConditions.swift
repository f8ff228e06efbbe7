internal import MicroHTTP

/// What a request says of caches.
internal struct CacheConditions: Sendable {
    /// Whether it came by a method that may change nothing: only such answers are kept by caches on the way.
    let isSafe: Bool
    /// Whether somebody vouches for who asks. We do not look at it here, but what was said to one person is not for all.
    let isAuthenticated: Bool
    /// The responses that the client has already.
    let ifNoneMatch: EntityTagCondition?

    init(_ request: borrowing HTTPRequest) {
        isSafe = request.method == .get || request.method == .head
        isAuthenticated = request.header("authorization") != nil
        ifNoneMatch = isSafe ? request.header("if-none-match").flatMap(EntityTagCondition.init) : nil
    }
}
