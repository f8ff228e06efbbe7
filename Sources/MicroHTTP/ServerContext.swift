internal import Synchronization

/// What all connections of one server share.
internal final class ServerContext: Sendable {
    let handler: any HTTPHandler
    let limits: Exchange.Limits
    let suspensions = Suspensions()
    let upgrades = Upgrades()

    /// How many requests have begun and are not yet over.
    let requestsInFlight = Atomic(0)

    /// Whether the server takes no new connections, so that every response ends its connection.
    let isDraining = Atomic(false)

    /// What is answered when the server stops before the work has ended.
    var stopping: HTTPResponse { handler.refusal(503, "The server is stopping.") }

    init(handler: any HTTPHandler, limits: Exchange.Limits) {
        self.handler = handler
        self.limits = limits
    }
}
