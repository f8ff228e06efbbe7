public import Engagement
internal import Gzip
internal import Synchronization

/// The emulated API without a socket: a request value in, a reply value out. ``SandboxServer`` serves it over HTTP.
public final class SandboxEndpoint: Sendable {
    /// Who and what exists.
    public let world: SandboxWorld
    /// The numbers, for checking an answer by arithmetic.
    public let metrics: SyntheticMetrics

    internal let state: Mutex<State>
    private let authenticator: Authenticator
    private let latencyMilliseconds: Int
    private let clock: TimeSource

    /// What changes from call to call, or by the admin routes.
    struct State {
        var switches: SandboxSwitches
        var faults: FaultPlan
        var quota: Quota
        var nonces: NonceMemory
        var log = CallLog()
        var clockOffsetMilliseconds: Int64 = 0
    }

    /// An endpoint that nobody has called yet.
    public init(_ configuration: SandboxConfiguration) {
        world = configuration.world
        metrics = SyntheticMetrics(seed: configuration.seed, world: configuration.world)
        authenticator = Authenticator(
            world: configuration.world,
            toleranceSeconds: configuration.timestampToleranceSeconds
        )
        latencyMilliseconds = configuration.latencyMilliseconds
        clock = configuration.clock
        var faults = configuration.faults
        faults.start(at: configuration.clock())
        state = Mutex(
            State(
                switches: configuration.switches,
                faults: faults,
                quota: Quota(perMinute: configuration.quotaPerMinute),
                nonces: NonceMemory(toleranceSeconds: configuration.timestampToleranceSeconds)
            )
        )
    }

    /// The sandbox's time: that of its clock, moved by ``advance(seconds:)``.
    public var now: UnixTime {
        let offset = state.withLock { $0.clockOffsetMilliseconds }
        return UnixTime(milliseconds: clock().milliseconds + offset)
    }

    /// Answers a request, whatever it is.
    public func respond(to request: SandboxRequest) -> SandboxReply {
        if AdminRoutes.own(request.path) { return AdminRoutes(endpoint: self).respond(to: request) }
        if request.path == TokenService.path { return token(for: request) }

        let now = now
        let endpoint = Endpoint.allCases.first { $0.path == request.path }
        var record = RecordedCall(time: now, endpoint: endpoint, path: request.path)
        var reply = answer(request, endpoint, at: now, recording: &record)
        reply.delivery.delayMilliseconds += latencyMilliseconds
        record.status = reply.status
        state.withLock { $0.log.record(record) }
        return reply
    }

    /// Steps 1 to 12 of dossier §13, in its order, around a fault that may strike once the endpoint is known.
    private func answer(
        _ request: SandboxRequest,
        _ endpoint: Endpoint?,
        at now: UnixTime,
        recording record: inout RecordedCall
    ) -> SandboxReply {
        guard let endpoint else { return refuse(Refusal(404, InventedWording.notFound), recording: &record) }
        guard request.method == "POST" else {
            var reply = refuse(Refusal(405, InventedWording.methodNotAllowed), recording: &record)
            reply.headers.append(("Allow", "POST"))
            return reply
        }
        let (fault, switches) = state.withLock { ($0.faults.take(for: endpoint, at: now), $0.switches) }
        record.fault = fault
        if let reply = fault?.replacement({ Gzip.compress($0) }) { return reply }

        var quotaHeaders: [(name: String, value: String)] = []
        var status = 200
        var plain: [UInt8]
        do throws(Refusal) {
            guard request.acceptsGzip else { throw Refusal(406, Wording.gzipRequired) }
            let caller = try admit(request, endpoint, at: now, recording: &record, quotaHeaders: &quotaHeaders)
            if switches.strict, request.mediaType != "application/json" {
                throw Refusal(400, InventedWording.contentType)
            }
            let body = try InsightsBody(request.body, idsAsStringsOnly: switches.idsAsStringsOnly)
            let call = try InsightsCall(body, for: endpoint, at: now, switches: switches)
            record.tweets = call.tweets
            record.types = call.types
            record.groupings = call.groupings
            record.window = call.window?.hours
            let answer = try InsightsAnswer(call, for: caller, in: world, metrics, at: now, switches: switches)
            plain = answer.body
        } catch {
            status = error.status
            plain = error.body
            record.errors = error.errors
            record.explanation = error.explanation
        }
        var reply = SandboxReply(
            status: status,
            headers: SandboxReply.gzippedJSON + quotaHeaders,
            body: Gzip.compress(plain)
        )
        fault?.spoil(&reply, plain: plain)
        return reply
    }

    /// Steps 3 to 6: who calls, whether the app may, and whether the minute has a call left. The quota's headers are on every
    /// answer from there on; before, it is not known whose quota it would be.
    private func admit(
        _ request: SandboxRequest,
        _ endpoint: Endpoint,
        at now: UnixTime,
        recording record: inout RecordedCall,
        quotaHeaders: inout [(name: String, value: String)]
    ) throws(Refusal) -> Caller {
        let caller = try state.withLock { state throws(Refusal) in
            try authenticator.authenticate(request, for: endpoint, at: now, nonces: &state.nonces)
        }
        record.authentication = caller.kind
        record.account = caller.account?.name
        guard caller.application.isAllowListed else { throw Refusal(403, Wording.applicationNotAuthorized) }
        let grant = state.withLock { $0.quota.take(from: caller.pool, at: now) }
        quotaHeaders = grant.headers
        guard grant.isGranted else { throw Refusal(429, InventedWording.rateLimited) }
        return caller
    }

    /// Error bodies are gzipped as well: clients unpack them without asking (dossier §2).
    private func refuse(_ refusal: Refusal, recording record: inout RecordedCall) -> SandboxReply {
        record.errors = refusal.errors
        record.explanation = refusal.explanation
        return SandboxReply(
            status: refusal.status,
            headers: SandboxReply.gzippedJSON,
            body: Gzip.compress(refusal.body)
        )
    }

    /// The token service is another host in reality, and packs only for who asks.
    private func token(for request: SandboxRequest) -> SandboxReply {
        let answer = TokenService(world: world).respond(to: request)
        guard request.acceptsGzip else {
            return SandboxReply(
                status: answer.status,
                headers: [("Content-Type", "application/json; charset=utf-8")],
                body: answer.body
            )
        }
        return SandboxReply(
            status: answer.status,
            headers: SandboxReply.gzippedJSON,
            body: Gzip.compress(answer.body)
        )
    }
}

extension SandboxEndpoint {
    /// The latest calls, oldest first.
    public var calls: [RecordedCall] { state.withLock { $0.log.calls } }

    /// Empties the log and its counters.
    public func forgetCalls() {
        state.withLock { $0.log = CallLog() }
    }

    /// Replaces the fault plan; its times count from now.
    public func setFaults(_ plan: FaultPlan) {
        let now = now
        state.withLock { state in
            state.faults = plan
            state.faults.start(at: now)
        }
    }

    /// Replaces the switches.
    public func setSwitches(_ switches: SandboxSwitches) {
        state.withLock { $0.switches = switches }
    }

    /// Sets the quota and starts counting anew.
    public func setQuota(perMinute: Int) {
        state.withLock { $0.quota.reset(perMinute: perMinute) }
    }

    /// Moves the sandbox's clock, forwards or back.
    public func advance(seconds: Int64) {
        state.withLock { $0.clockOffsetMilliseconds += seconds * 1000 }
    }
}
