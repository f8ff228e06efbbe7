internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import GraphQL
internal import MetricLoader

/// The best rows of more Tweets than an operation may have in memory: found a slice at a time, like rows that are streamed.
extension OperationRunner {
    /// The plan of an operation that is too large to be answered as a whole, but asks for no more than its best rows; nil if
    /// it is no such operation, or too large for that as well.
    func rankedPlan(_ operation: Operation, beyond error: GraphQLErrors, now: UnixTime) -> EngagementPlan? {
        guard error.errors.contains(where: \.isSizeProblem),
            let plan = try? rankingPlanner.plan(
                operation,
                account: account,
                otherAccounts: otherAccounts,
                now: now
            ),
            let ranking = PlanRanking(plan), ranking.maximumTweets <= planLimits.maximumTweets,
            ranking.maximumKept <= planLimits.maximumCells
        else { return nil }
        return plan.ranked
    }

    /// Why nobody can tell what a ranked operation would cost: all that it looks at would have to be in memory at once.
    func rankingProblem(_ operation: Operation, _ plan: EngagementPlan, now: UnixTime) -> GraphQLErrors? {
        guard plan.isRanked else { return nil }
        do throws(GraphQLErrors) {
            _ = try planner.plan(operation, account: account, otherAccounts: otherAccounts, now: now)
            return nil
        } catch {
            return error
        }
    }

    /// Looks at all slices, and answers with the rows of the Tweets that are left.
    ///
    /// A page waits no longer for all of them than for any answer; a file as long for each slice, as if it were streamed.
    func rankedAnswer(
        _ operation: Operation,
        _ ranking: PlanRanking,
        urgency: CallUrgency,
        _ wanted: WantedExtensions,
        freshness: FreshnessDemand
    ) async -> OperationAnswer {
        var ranking = ranking
        let now = clock()
        let revision = loader.revision
        let source = RowSource(runner: self, operation: operation, slices: ranking.slices, freshness: freshness)
        var parts: [LoadedMetrics] = []
        var start = 0
        var waited = false
        while start < ranking.slices.tweets {
            var ranges: [Range<Int>] = []
            while ranges.count < RowSource.lookAhead, start < ranking.slices.tweets {
                ranges.append(source.range(from: start))
                start = ranges.last?.upperBound ?? ranking.slices.tweets
            }
            for (range, answer) in await answers(ranges, source, urgency, since: urgency == .export ? nil : now) {
                ranking.add(range, answer.tables[0], gaps: answer.gaps)
                parts.append(answer.loaded.withoutTables)
                waited = waited || answer.waited
            }
        }
        let loaded = LoadedMetrics(parts: parts, tables: [ranking.table])
        return answer(
            operation,
            ranking.plan,
            loaded,
            loaded,
            wanted,
            waited: waited,
            at: now,
            revision,
            rankedAbsences: ranking.errors
        )
    }

    /// Several slices side by side, so that their calls share the wait.
    private func answers(
        _ ranges: [Range<Int>],
        _ source: RowSource,
        _ urgency: CallUrgency,
        since: UnixTime?
    ) async -> [(Range<Int>, OperationAnswer)] {
        await withTaskGroup(of: (Range<Int>, OperationAnswer).self) { group in
            for range in ranges {
                group.addTask {
                    let slice = source.slices[range]
                    let freshness = source.freshness
                    return (
                        range,
                        await self.answer(source.operation, slice, urgency: urgency, freshness: freshness, since: since)
                    )
                }
            }
            var answers: [(Range<Int>, OperationAnswer)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0.lowerBound < $1.0.lowerBound }
        }
    }
}

extension GraphQLError {
    /// Whether the operation is refused for its size alone.
    fileprivate var isSizeProblem: Bool {
        let codes: [PlanningError.Code] = [.tooManyTweets, .tooManyCells, .tooComplex]
        return codes.contains { $0.rawValue == code }
    }
}
