public import Engagement
public import Settings
internal import Synchronization

/// The emulated API without a socket: a request value in, a reply value out. ``SandboxServer`` serves it over HTTP.
public final class SandboxEndpoint: Sendable {
    internal let state: Mutex<State>
    internal let seed: UInt64
    internal let toleranceSeconds: Int
    private let latencyMilliseconds: Int
    private let clock: TimeSource
    private let recorder: ExchangeRecorder?

    /// What changes from call to call, or by the admin routes.
    struct State {
        var world: SandboxWorld
        var switches: SandboxSwitches
        var faults: FaultPlan
        var quota: Quota
        var nonces: NonceMemory
        /// Answers in place of everything else, if a recording is replayed.
        var replay: ReplayedExchanges?
        var log = CallLog()
        var clockOffsetMilliseconds: Int64 = 0
    }

    /// An endpoint that nobody has called yet.
    ///
    /// - Throws: ``SettingsError`` with file and line if a recording cannot be written or read.
    public init(_ configuration: SandboxConfiguration) throws(SettingsError) {
        if let path = configuration.record, configuration.replay != nil {
            throw SettingsError(source: path, line: nil, key: "", reason: "a replay cannot be recorded")
        }
        let replay = try configuration.replay.map { path throws(SettingsError) in try ReplayedExchanges(path: path) }
        recorder = try configuration.record.map { path throws(SettingsError) in
            try ExchangeRecorder(path: path, report: configuration.onEvent)
        }
        seed = configuration.seed
        toleranceSeconds = configuration.timestampToleranceSeconds
        latencyMilliseconds = configuration.latencyMilliseconds
        clock = configuration.clock
        var faults = configuration.faults
        faults.start(at: configuration.clock())
        state = Mutex(
            State(
                world: configuration.world,
                switches: configuration.switches,
                faults: faults,
                quota: Quota(
                    perMinute: configuration.quotaPerMinute,
                    perSecond: configuration.quotaPerSecond,
                    headers: configuration.quotaHeaders
                ),
                nonces: NonceMemory(toleranceSeconds: configuration.timestampToleranceSeconds),
                replay: replay
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
        // Other paths are those of other services, whose bodies may be secrets.
        if let recorder, endpoint != nil, reply.delivery.isWhole {
            recorder.record(RecordedExchange(request, reply, at: now))
        }
        return reply
    }

    /// The token service is another host in reality, and packs only for who asks.
    private func token(for request: SandboxRequest) -> SandboxReply {
        let now = now
        let (fault, replacement, service) = state.withLock { state in
            state.log.countTokenCall()
            let fault = state.faults.take(for: .token, at: now)
            return (
                fault, fault?.tokenReplacement(at: now, quota: state.quota),
                TokenService(world: state.world, acceptsAnyone: state.replay != nil)
            )
        }
        let answer = replacement ?? service.respond(to: request)
        var reply = request.acceptsGzip ? answer.packed() : answer.unpacked()
        fault?.spoil(&reply, plain: answer.body)
        return reply
    }

    /// Moves the clock so that it shows `time` now.
    internal func setClock(_ time: UnixTime) {
        let machine = clock()
        state.withLock { $0.clockOffsetMilliseconds = time.milliseconds - machine.milliseconds }
    }
}
