public import Archive
public import Engagement
public import EngagementAPI
public import Ledger
public import MetricCache

/// From needs to tables: the cache first, then calls that all operations under way share.
///
/// ``lookup(_:now:)`` and ``answerable(_:for:urgency:now:)`` never wait; ``fetch(_:for:urgency:now:deadline:)`` is asked only
/// for what they did not have. It is the one place of a request that can wait.
public final class MetricLoader: Sendable {
    internal let reader: MetricReader
    internal let usage: UsageMeter
    private let upstream: any Upstream
    private let clock: TimeSource
    private let pacing: Pacing
    internal let board: FlightBoard
    internal let shared: (any SharedRecords)?
    private let observe: @Sendable (LoaderEvent) -> Void

    /// - Parameters:
    ///   - history: How far back the API can be asked; nothing from before is.
    ///   - archive: Where the past is kept; nil for a loader that knows none.
    ///   - shared: What other nodes have and do; nil for a node on its own.
    public init(
        cache: MetricCache,
        ledger: Ledger,
        upstream: any Upstream,
        clock: @escaping TimeSource,
        pacing: Pacing = Pacing(),
        history: HistoryDepth = HistoryDepth(),
        archive: Archive? = nil,
        shared: (any SharedRecords)? = nil,
        observe: @escaping @Sendable (LoaderEvent) -> Void = { _ in }
    ) {
        reader = MetricReader(cache: cache, owners: ledger.owners, archive: archive, history: history)
        usage = ledger.usage
        self.upstream = upstream
        self.clock = clock
        self.pacing = pacing
        self.shared = shared
        self.observe = observe
        let runner = CallRunner(
            cache: cache,
            ledger: ledger,
            archive: archive,
            upstream: upstream,
            clock: clock,
            callSeconds: pacing.callSeconds,
            observe: observe
        )
        board = FlightBoard(runner: runner, reader: reader, pacing: pacing, shared: shared)
    }

    /// What the cache knows of `needs` at `now`, on the caller's thread.
    public func lookup(_ needs: [MetricNeed], now: UnixTime) -> LoadedMetrics {
        var counts = CellCounts()
        let tables = needs.map { need in
            let table = reader.table(need, now: now)
            counts.count(table)
            return table
        }
        observe(.lookedUp(counts))
        return LoadedMetrics(tables: tables, failures: [], counts: counts)
    }

    /// What can be answered at once, without waiting for upstream; nil if that has to be waited for.
    ///
    /// Fresh numbers can, and stale ones, whose refresh is begun. So can expired ones if upstream takes no calls now, or gave
    /// no answer to the last one: their refresh is queued or begun, and ``LoadedMetrics/failures`` says why they are old.
    public func answerable(
        _ loaded: LoadedMetrics,
        for needs: [MetricNeed],
        urgency: CallUrgency = .interactive,
        now: UnixTime
    ) -> LoadedMetrics? {
        if loaded.isFresh { return loaded }
        guard loaded.counts.missing == 0 else { return nil }
        let gaps = gaps(in: loaded.tables, now: now)
        let refusals = refusals(of: gaps, urgency, now: now)
        guard let troubles = troubles(loaded.counts, gaps, refusals) else { return nil }
        var answer = loaded
        if !troubles.isEmpty {
            answer.failures = failures(of: gaps.filter { troubles[$0.access] != nil }, now: now) { troubles[$0] }
        }
        _ = board.board(.export, since: now, until: now.advanced(bySeconds: pacing.refreshSeconds)) {
            reader.gaps(needs, now: now).filter { refusals[$0.access].mayPass }
        }
        return answer
    }

    /// Begins to fetch what is not fresh, for nobody in particular.
    public func refresh(_ needs: [MetricNeed], urgency: CallUrgency = .background, now: UnixTime) {
        _ = board.board(urgency, since: now) { reader.gaps(needs, now: now) }
    }

    /// Fetches what `loaded` lacks and reads the cache again.
    ///
    /// Cells whose call failed keep an old number if there is one that may still be served, and are missing otherwise;
    /// ``LoadedMetrics/failures`` says why. Never throws: a failure of one part leaves the other parts their numbers. Without
    /// quota it waits for more, if that comes before `deadline` and there is no old number to serve.
    ///
    /// - Parameter deadline: When to give up, as a moment of the loader's clock.
    public func fetch(
        _ loaded: LoadedMetrics,
        for needs: [MetricNeed],
        urgency: CallUrgency = .interactive,
        now: UnixTime,
        deadline: UnixTime
    ) async -> LoadedMetrics {
        var wait = Wait(result: loaded, notBefore: now, deadline: deadline, uptime: pacing.uptime)
        var seen = loaded.tables
        var othersAsked = shared == nil
        while true {
            wait.heed(reader.cache.latestPurge)
            let open = wait.open(gaps(in: seen, now: now))
            let refusals = refusals(of: open, urgency, now: clock())
            // What is under way is worth waiting for, though no further call can be made: it may be the probe of the breaker.
            let refused = board.unanswered(
                open.filter { gap in refusals[gap.access].map { wait.isInVain($0) } ?? false }
            )
            if !refused.isEmpty, !othersAsked {
                // Nobody gives up what another node may have.
                othersAsked = true
                _ = await shared?.fetch(refused.flatMap(\.records), now: clock())
                seen = needs.map { reader.table($0, now: now) }
                continue
            }
            if !refused.isEmpty {
                wait.giveUp(failures(of: refused, now: now) { wait.words[$0] ?? refusals[$0]?.error }, on: refused)
                _ = board.board(.background, since: now) { refused.filter { refusals[$0.access].mayPass } }
            }
            let ticket = board.board(urgency, since: now, until: deadline) {
                wait.open(reader.gaps(needs, now: now))
            }
            if ticket.gaps.isEmpty {
                wait.result.tables = needs.map { reader.table($0, now: now, notBefore: wait.notBefore) }
                if wait.purge == reader.cache.latestPurge { return wait.result }
                // What was there when the gaps were looked for may have been purged before it was read.
                seen = wait.result.tables
                continue
            }
            for flight in ticket.joined { observe(.joined(flight.planned.call)) }
            wait.result.cost.joined += ticket.joined.count
            await arrive(&wait, ticket, urgency)
            seen = needs.map { reader.table($0, now: now) }
        }
    }

    /// Why no call as `access` can be made now; nil if one can.
    internal func refusal(for access: UpstreamAccess, _ urgency: CallUrgency, now: UnixTime) -> CallRefusal? {
        upstream.refusal(for: access, urgency, now: now)
    }

    /// How long a call may take.
    internal var callMilliseconds: Int64 { pacing.callSeconds * 1000 }
    internal var sleep: Pacing.Sleep { pacing.sleep }

    /// How many gaps wait for a call, for company or for the quota.
    public var waiting: Int { board.counts.waiting }

    /// How many calls are under way.
    public var underWay: Int { board.counts.flights }

    /// Waits for all calls of a ticket, as long as there is time.
    private func arrive(_ wait: inout Wait, _ ticket: FlightBoard.Ticket, _ urgency: CallUrgency) async {
        var flights = ticket.joined
        for departure in ticket.departures {
            guard let departed = await departure.value(within: wait.left(clock()), sleep: pacing.sleep) else {
                let now = clock()
                let refusals = refusals(of: ticket.gaps, urgency, now: now)
                let words = wait.words
                wait.giveUp(
                    failures(of: ticket.gaps, now: now) { words[$0] ?? refusals[$0]?.error ?? .late },
                    on: ticket.gaps
                )
                return
            }
            flights += departed.filter { flight in
                ticket.gaps.contains { flight.planned.uncovered(of: $0, tweets: flight.tweets) != nil }
            }
        }
        for flight in flights where !wait.hasLanded(flight) {
            if let landing = await flight.landing.value(within: wait.left(clock()), sleep: pacing.sleep) {
                wait.enter(flight, landing)
            } else {
                wait.miss(flight, on: ticket.gaps)
            }
        }
    }

    // MARK: - Gaps

    /// What keeps upstream from giving anything newer than what is there; nil if the operation has to wait for that.
    internal func troubles(
        _ counts: CellCounts,
        _ gaps: [CellGap],
        _ refusals: [UpstreamAccess: CallRefusal]
    ) -> [UpstreamAccess: EngagementAPIError]? {
        guard counts.missing == 0 else { return nil }
        var troubles = refusals.mapValues(\.error)
        guard counts.expired > 0 else { return troubles }
        for access in Set(gaps.map(\.access)) where troubles[access] == nil {
            guard let trouble = board.trouble(of: access) else { return nil }
            troubles[access] = trouble
        }
        return troubles
    }

    /// What `tables` lack.
    internal func gaps(in tables: [MetricTable], now: UnixTime) -> [CellGap] {
        tables.flatMap { reader.gaps(in: $0, now: now) }
    }

    /// Which of the accounts that `gaps` need takes no calls now.
    internal func refusals(
        of gaps: [CellGap],
        _ urgency: CallUrgency,
        now: UnixTime
    ) -> [UpstreamAccess: CallRefusal] {
        var refusals: [UpstreamAccess: CallRefusal] = [:]
        for access in Set(gaps.map(\.access)) {
            refusals[access] = upstream.refusal(for: access, urgency, now: now)
        }
        return refusals
    }

    private func failures(
        of gaps: [CellGap],
        now: UnixTime,
        _ error: (UpstreamAccess) -> EngagementAPIError?
    ) -> [LoadFailure] {
        CallPlanner.plan(gaps, now: now).compactMap { planned in
            error(planned.access).map { LoadFailure(planned, planned.call, $0) }
        }
    }
}

extension CallRefusal? {
    /// Whether it makes sense to queue a call for later: credentials that were refused are tried by whoever asks next, and
    /// not by everything that was asked for in the meantime.
    fileprivate var mayPass: Bool { self?.error.isRetryable ?? true }
}
