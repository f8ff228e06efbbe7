internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import MetricLoader
internal import MicroHTTP

/// `POST /insights/engagement/{totals,28hr,historical}`: the Engagement API's own wire format, answered from cells (dossier
/// §2 to §9). A client of the API gains the cache by changing its base URL.
///
/// The checks come in the order of dossier §13. It does not go through GraphQL: both are ways to the same needs and tables.
internal struct DropInEndpoint: Sendable {
    let configuration: DropInConfiguration
    let authentication: CallerAuthentication
    let loader: MetricLoader
    let upstream: CredentialedUpstream
    let clock: TimeSource
    let deadlineSeconds: Int
    let limits: PlanLimits
    let observer: Observer

    /// Whether a path is one of the API's, known or not: its callers look for errors in the API's form.
    static func owns(_ path: String) -> Bool { path.hasPrefix("/insights/") }

    /// - Parameter endpoint: Nil for a path that the API does not have.
    func respond(to request: borrowing HTTPRequest, for endpoint: Endpoint?) -> HTTPReply {
        // Whole seconds, as the planner counts: in the first fraction of an hour that hour has not begun.
        let now = UnixTime(seconds: clock().seconds)
        var caller: Caller?
        do throws(DropInRefusal) {
            guard let endpoint else { throw .notFound }
            guard request.method == .post else { throw .methodNotAllowed }
            guard DropInResponse.acceptsGzip(request.header("accept-encoding")) else { throw .gzipRequired }
            // Before the signature, because a form would be part of that: nothing of a body is read for strangers.
            guard DropInResponse.isJSON(request.header("content-type")) else { throw .contentType }
            let known = try authentication.authenticate(request, for: endpoint, now: now)
            caller = known
            let call = try DropInCall(
                try DropInRequest(request.body),
                for: endpoint,
                now: now,
                limits: limits,
                hourWithoutDay: configuration.hourWithoutDay
            )
            try call.checkTypes(for: known)
            return try answer(call, known, now: now)
        } catch {
            return .now(refuse(error, caller, now: now))
        }
    }

    // MARK: - Numbers

    /// Answers now, on the caller's thread, if the cache has all that may be served; else later, when it has been fetched.
    private func answer(_ call: DropInCall, _ caller: Caller, now: UnixTime) throws(DropInRefusal) -> HTTPReply {
        let need = call.need(of: caller)
        let loaded = loader.lookup([need], now: now)
        var owners: Ownership?
        if call.asksForOwners(caller, configuration.foreignTotals) {
            owners = Ownership(loader.lookup([Ownership.need(of: call.tweets, caller)], now: now).tables)
        }
        let unknown = owners?.unknown ?? []
        // What no client of the API could ask in one call is no page that somebody waits for.
        let urgency: CallUrgency = call.tweets.count > call.endpoint.maximumTweets ? .export : .interactive
        if unknown.isEmpty, let loaded = loader.answerable(loaded, for: [need], urgency: urgency, now: now) {
            return .now(try response(call, loaded, owners, caller, now: now))
        }
        if let seconds = caller.budget?.take(now: now) { throw .callsExhausted(seconds) }
        let needs = [need] + (unknown.isEmpty ? [] : [Ownership.need(of: unknown, caller)])
        return .later { [owners] in
            let deadline = now.advanced(bySeconds: Int64(deadlineSeconds))
            let loaded = await loader.fetch(
                loaded,
                for: needs,
                urgency: urgency,
                now: now,
                deadline: deadline
            )
            caller.budget?.settle(loaded.cost.calls.reduce(0) { $0 + $1.attempts }, takenAt: now)
            var owners = owners
            owners?.learn(from: loaded.tables.dropFirst())
            do throws(DropInRefusal) {
                return try response(call, loaded, owners, caller, now: now)
            } catch {
                return refuse(error, caller, now: now)
            }
        }
    }

    private func response(
        _ call: DropInCall,
        _ loaded: LoadedMetrics,
        _ owners: Ownership?,
        _ caller: Caller,
        now: UnixTime
    ) throws(DropInRefusal) -> HTTPResponse {
        if let failure = loaded.failureThatMatters {
            throw DropInRefusal(failure, of: caller)
        }
        let answer = try DropInAnswer(call, loaded.tables[0], forbidden: owners?.forbidden ?? [], caller, now: now)
        return DropInResponse.json(200, answer.body, headers: QuotaHeaders.headers(for: caller, upstream, now: now))
    }

    // MARK: - Refusals

    private func refuse(_ refusal: DropInRefusal, _ caller: Caller?, now: UnixTime) -> HTTPResponse {
        if let explanation = refusal.explanation { observer.noteRefusedCaller(explanation) }
        let quota = caller.map { QuotaHeaders.headers(for: $0, upstream, now: now) } ?? []
        return DropInResponse.json(refusal.status, refusal.body, headers: refusal.headers + quota)
    }
}

extension LoadedMetrics {
    /// The failure that left a number of these tables without any value, fresh or old. A failure of a call that was made for
    /// somebody else as well, or whose numbers are there from before, is none.
    fileprivate var failureThatMatters: LoadFailure? {
        failures.first { failure in
            let tweets = Set(failure.tweets)
            return tables.contains { table in
                guard failure.concerns(table.need.family, table.need.types) else { return false }
                let types = table.need.types.intersection(failure.types).types
                return table.need.tweets.enumerated().contains { row, tweet in
                    tweets.contains(tweet) && types.contains { table.lacks($0, ofTweet: row) }
                }
            }
        }
    }
}

extension MetricTable {
    fileprivate func lacks(_ type: EngagementType, ofTweet row: Int) -> Bool {
        let first = index(tweet: row, type: type)
        return cells[first..<first + bucketCount].contains { $0.state == .missing }
    }
}
