internal import Engagement
internal import Synchronization

/// What tests and the admin routes look at and change.
extension SandboxEndpoint {
    /// Who and what exists.
    public var world: SandboxWorld { state.withLock { $0.world } }

    /// The numbers, for checking an answer by arithmetic.
    public var metrics: SyntheticMetrics {
        state.withLock { state in
            SyntheticMetrics(seed: seed, world: state.world, favoritesSince: state.switches.favoritesSince)
        }
    }

    /// The latest calls, oldest first. Those of the token service are counted only, in ``tokenCalls``.
    public var calls: [RecordedCall] { state.withLock { $0.log.calls } }

    /// How often the token service was called.
    public var tokenCalls: Int { state.withLock { $0.log.tokenCalls } }

    /// Empties the log and its counters.
    public func forgetCalls() {
        state.withLock { $0.log = CallLog() }
    }

    /// Replaces all accounts, applications and listed Tweets.
    public func setWorld(_ world: SandboxWorld) {
        state.withLock { $0.world = world }
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

    /// Sets the quota and starts counting anew; nil leaves a value as it is.
    public func setQuota(perMinute: Int? = nil, perSecond: Int? = nil, headers: QuotaHeaders? = nil) {
        state.withLock { state in
            state.quota = Quota(
                perMinute: perMinute ?? state.quota.perMinute,
                perSecond: perSecond ?? state.quota.perSecond,
                headers: headers ?? state.quota.headers
            )
        }
    }

    /// Moves the sandbox's clock, forwards or back.
    public func advance(seconds: Int64) {
        state.withLock { $0.clockOffsetMilliseconds += seconds * 1000 }
    }
}
