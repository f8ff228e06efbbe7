internal import MicroHTTP
internal import Synchronization

/// `/health/live`: the process answers. `/health/ready`: it should be sent requests, which ends when it begins to drain.
internal final class Health: Sendable {
    private let isDraining = Atomic(false)

    func live() -> HTTPResponse { .text(200, "live\n") }

    func ready() -> HTTPResponse {
        isDraining.load(ordering: .relaxed) ? .text(503, "draining\n") : .text(200, "ready\n")
    }

    func beginDraining() { isDraining.store(true, ordering: .relaxed) }
}
