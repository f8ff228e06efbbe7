public import Engagement
internal import EngagementAPI
public import MetricCache

/// From needs to tables: the cache first, one flight a call, batches up to the API's limits.
///
/// ``lookup(_:now:)`` never waits; ``fetch(_:for:now:deadline:)`` is asked only for what the lookup did not have. It is
/// the one place of a request that can wait.
public final class MetricLoader: Sendable {
    private let cache: MetricCache
    private let upstream: any Upstream
    private let clock: TimeSource
    private let flights = FlightBoard()
    private let observe: @Sendable (LoaderEvent) -> Void

    public init(
        cache: MetricCache,
        upstream: any Upstream,
        clock: @escaping TimeSource,
        observe: @escaping @Sendable (LoaderEvent) -> Void = { _ in }
    ) {
        self.cache = cache
        self.upstream = upstream
        self.clock = clock
        self.observe = observe
    }

    /// What the cache knows of `needs` at `now`, on the caller's thread.
    public func lookup(_ needs: [MetricNeed], now: UnixTime) -> LoadedMetrics {
        var counts = CellCounts()
        let tables = needs.map { need in
            let table = cache.lookup(need, now: now)
            counts.count(table)
            return table
        }
        observe(.lookedUp(counts))
        return LoadedMetrics(tables: tables, failures: [], counts: counts)
    }

    /// Fetches what `loaded` lacks and reads the cache again.
    ///
    /// Cells whose call failed keep an old number if there is one that may still be served, and are missing otherwise;
    /// ``LoadedMetrics/failures`` says why. Never throws: a failure of one part leaves the other parts their numbers.
    ///
    /// - Parameter deadline: When to give up on calls, as a moment of the loader's clock.
    public func fetch(
        _ loaded: LoadedMetrics,
        for needs: [MetricNeed],
        now: UnixTime,
        deadline: UnixTime
    ) async -> LoadedMetrics {
        let (joined, started) = flights.board(
            now: now,
            gaps: { needs.flatMap { CellGap.gaps(in: cache.lookup($0, now: now)) } },
            plan: { CallPlanner.plan($0, now: now) },
            fly: { await self.fly($0, deadline: deadline) }
        )
        for flight in joined { observe(.joined(flight.planned.call)) }
        var result = loaded
        for flight in joined + started { result.failures += await flight.task.value }
        // What a joined flight brings may be older than this operation, by the time that the flight has been under way.
        let notBefore = joined.map(\.startedAt).min().map { min($0, now) } ?? now
        result.tables = needs.map { cache.lookup($0, now: now, notBefore: notBefore) }
        return result
    }

    // MARK: - One flight

    /// More calls than this are not made for one that was planned, however many Tweets it has to be divided by.
    private static let maximumCalls = 40

    /// Makes a call and stores what it brings. An error that names Tweets or metrics, or that a single Tweet can have
    /// caused, costs only those: they are remembered, and the rest is asked for again (dossier §7). Each round removes
    /// something, so the rounds end.
    private func fly(_ planned: CallPlanner.PlannedCall, deadline: UnixTime) async -> [LoadFailure] {
        var open = [planned.call]
        var failures: [LoadFailure] = []
        var made = 0
        while let call = open.popLast() {
            var answer = CallAnswer(call, of: planned, fetchedAt: clock())
            made += 1
            do {
                answer.enter(try await upstream.perform(call, as: planned.access, deadline: deadline))
                store(answer, planned.access)
                observe(.called(call, access: planned.access, error: nil))
            } catch {
                observe(.called(call, access: planned.access, error: error))
                guard let rest = learn(from: error, about: call, &answer) else {
                    failures.append(failure(of: planned, call, error))
                    continue
                }
                store(answer, planned.access)
                if made + open.count + rest.count <= MetricLoader.maximumCalls {
                    open += rest
                } else {
                    failures += rest.map { failure(of: planned, $0, error) }
                }
            }
        }
        return failures
    }

    /// Enters what an error says for good, and returns the calls that are left to make; nil if the error says nothing
    /// for good.
    private func learn(
        from error: EngagementAPIError,
        about call: EngagementCall,
        _ answer: inout CallAnswer
    ) -> [EngagementCall]? {
        var rest = call
        switch error.code {
        case .tweetsUnavailable:
            // It is not said whether this is true of all Tweets or of one (dossier §7), so it is believed of single
            // ones only.
            guard call.tweets.count == 1 else { return call.halves }
            answer.enter(.unavailable, for: call.tweets, types: call.types)
            return []
        case .forbiddenTweets(let tweets):
            let named = Set(tweets)
            rest.tweets.removeAll { named.contains($0) }
            guard rest.tweets.count < call.tweets.count else { return nil }
            answer.enter(.forbidden, for: tweets, types: call.types)
        case .forbiddenMetrics(let names):
            let types = EngagementTypeSet(names.compactMap(EngagementType.init(wireName:)))
            rest.types.subtract(types)
            guard rest.types.count < call.types.count else { return nil }
            answer.enter(.forbidden, for: call.tweets, types: types)
        default: return nil
        }
        return rest.tweets.isEmpty || rest.types.isEmpty ? [] : [rest]
    }

    private func store(_ answer: CallAnswer, _ access: UpstreamAccess) {
        cache.store(answer.table, scope: access.scope, now: clock())
    }

    private func failure(
        of planned: CallPlanner.PlannedCall,
        _ call: EngagementCall,
        _ error: EngagementAPIError
    ) -> LoadFailure {
        LoadFailure(
            endpoint: call.endpoint,
            access: planned.access,
            tweets: call.tweets,
            types: call.types,
            window: planned.window,
            error: error
        )
    }
}

extension EngagementCall {
    /// The same call for one half of the Tweets, and for the other.
    fileprivate var halves: [EngagementCall] {
        let middle = tweets.count / 2
        return [tweets[middle...], tweets[..<middle]].map { half in
            var call = self
            call.tweets = Array(half)
            return call
        }
    }
}
