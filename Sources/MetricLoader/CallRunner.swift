internal import Archive
internal import Engagement
internal import EngagementAPI
internal import Ledger
internal import MetricCache

/// Makes a planned call and stores what it brings.
///
/// An error that names Tweets or metrics, or that a single Tweet can have caused, costs only those: they are remembered, and
/// the rest is asked for again (dossier §7). Each round removes something, so the rounds end. What was purged while it was asked
/// for is asked for again too: whoever waits for it wants numbers of after the purge.
internal struct CallRunner: Sendable {
    let cache: MetricCache
    let ledger: Ledger
    let archive: Archive?
    let upstream: any Upstream
    let clock: TimeSource
    let callSeconds: Int64
    let recentHours = RecentHours()
    let observe: @Sendable (LoaderEvent) -> Void

    /// More calls than this are not made for one that was planned, however many Tweets it has to be divided by.
    private static let maximumCalls = 40

    func run(_ planned: CallPlanner.PlannedCall, _ urgency: CallUrgency) async -> Flight.Landing {
        let deadline = clock().advanced(bySeconds: callSeconds)
        var open = [planned.call]
        var landing = Flight.Landing()
        var made = 0
        while let call = open.popLast() {
            guard let call = metered(call, planned, &landing) else { continue }
            let purge = Purges(cache: cache.latestPurge, archive: archive?.purgeCount ?? 0)
            var answer = CallAnswer(call, of: planned, fetchedAt: clock())
            made += 1
            do {
                let reply = try await upstream.perform(call, as: planned.access, urgency, deadline: deadline)
                answer.enter(reply)
                let overtaken = store(answer, planned.access, since: purge)
                if !overtaken.isEmpty, made + open.count < CallRunner.maximumCalls { open.append(call.only(overtaken)) }
                learnOwner(from: answer, planned.access)
                if call.endpoint == .last28Hours, let window = planned.window {
                    landing.covered = recentHours.covered(of: window, by: reply.counts, now: clock())
                }
                note(call, planned.access, attempts: reply.attempts, error: nil, in: &landing)
            } catch {
                note(call, planned.access, attempts: error.attempts, error: error, in: &landing)
                if let refusal = refusal(error, planned.access, urgency) {
                    landing.refusal = refusal
                    return landing
                }
                guard let rest = learn(from: error, about: call, as: planned.access, &answer) else {
                    landing.failures.append(LoadFailure(planned, call, error))
                    continue
                }
                store(answer, planned.access, since: purge)
                if made + open.count + rest.count <= CallRunner.maximumCalls {
                    open += rest
                } else {
                    landing.failures += rest.map { LoadFailure(planned, $0, error) }
                }
            }
        }
        return landing
    }

    /// The call without Tweets that would go beyond what may be asked in a month; nil if none are left.
    private func metered(
        _ call: EngagementCall,
        _ planned: CallPlanner.PlannedCall,
        _ landing: inout Flight.Landing
    ) -> EngagementCall? {
        var account: AccountName?
        if case .account(let name) = planned.access { account = name }
        let admission = ledger.usage.admit(call.tweets, of: account, at: clock())
        guard let threshold = admission.refusal else { return call }
        var refused = call
        refused.tweets = admission.refused
        let reason =
            "the limit of unique \(threshold.isOfTweets ? "Tweets" : "accounts") of the month is reached (usage)"
        landing.failures.append(LoadFailure(planned, refused, EngagementAPIError(.usageExhausted, reason)))
        var admitted = call
        admitted.tweets = admission.admitted
        return admitted.tweets.isEmpty ? nil : admitted
    }

    /// Whether the call was refused for want of quota, so that it is worth while to wait: only if somebody keeps count.
    private func refusal(
        _ error: EngagementAPIError,
        _ access: UpstreamAccess,
        _ urgency: CallUrgency
    ) -> CallRefusal? {
        guard case .rateLimited = error.code,
            let refusal = upstream.refusal(for: access, urgency, now: clock())
        else { return nil }
        // The API's own words say more than ours.
        return CallRefusal(until: refusal.until, error: error)
    }

    /// Enters what an error says for good, and returns the calls that are left to make; nil if the error says nothing
    /// for good.
    private func learn(
        from error: EngagementAPIError,
        about call: EngagementCall,
        as access: UpstreamAccess,
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
            learnStrangers(tweets, error.authors, access)
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

    /// Private counts come to the owner alone. That a Tweet is too old for them is said to the owner alone too.
    private func learnOwner(from answer: CallAnswer, _ access: UpstreamAccess) {
        guard case .account(let account) = access else { return }
        let table = answer.table
        let owned = table.need.tweets.enumerated().filter { row, _ in
            let cells = table.cells[row * table.tweetStride..<(row + 1) * table.tweetStride]
            return cells.contains { $0.state == .counted || $0.state == .tooOld }
        }
        ledger.owners.learn(owner: account, of: owned.map(\.element), at: clock())
    }

    /// A refusal names Tweets, and in the older wording their authors.
    private func learnStrangers(_ tweets: [TweetID], _ authors: [TweetID: String], _ access: UpstreamAccess) {
        guard case .account(let account) = access else { return }
        let now = clock()
        for (author, tweets) in Dictionary(grouping: tweets, by: { authors[$0] }) {
            ledger.owners.learn(notOwnedBy: account, tweets, at: now, authorID: author)
        }
        ledger.usage.note(authorIDs: Array(Set(authors.values)), at: now)
    }

    /// The last purges when a call was sent.
    private struct Purges {
        let cache: PurgeNumber
        let archive: Int
    }

    /// Stores an answer; returns the Tweets that were purged since it was asked for. The archive is told first, so that nobody
    /// finds old numbers of a Tweet beside the news that it is gone.
    @discardableResult
    private func store(_ answer: CallAnswer, _ access: UpstreamAccess, since purge: Purges) -> [TweetID] {
        let now = clock()
        archive?.note(answer.table, scope: access.scope, now: now, since: purge.archive)
        return cache.store(answer.table, scope: access.scope, now: now, since: purge.cache)
    }

    private func note(
        _ call: EngagementCall,
        _ access: UpstreamAccess,
        attempts: Int,
        error: EngagementAPIError?,
        in landing: inout Flight.Landing
    ) {
        if attempts > 0 {
            landing.calls.append(LoadCost.Call(call: call, access: access, attempts: attempts, error: error))
        }
        observe(.called(call, access: access, error: error))
    }
}

extension EngagementCall {
    /// The same call for some of the Tweets.
    fileprivate func only(_ tweets: [TweetID]) -> EngagementCall {
        var call = self
        call.tweets = tweets
        return call
    }

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
