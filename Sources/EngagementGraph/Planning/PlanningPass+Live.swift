internal import Engagement
internal import GraphQL
internal import JSON

/// The fields of a subscription.
extension PlanningPass {
    /// Plans the one field of a subscription. All that is wrong with it is found before the stream begins.
    mutating func planSubscription(_ demand: FreshnessDemand) {
        do throws(GraphQLErrors) {
            let field = try operation.sourceField()
            do throws(PlanningError) {
                plan.live = LivePlan(everySeconds: try everySeconds(of: field), threshold: try threshold(of: field))
            } catch {
                errors.append(self.error(error.reason, field, [.init("code", .string(error.code.rawValue))]))
            }
            planRootField(field.index, demand)
        } catch {
            errors += error.errors
        }
    }

    /// `thresholdReached`: a row for each Tweet, of one type.
    mutating func planThreshold(_ index: Int, _ demand: FreshnessDemand) {
        let field = operation[index]
        guard let list = tweets(of: field) else { return }
        guard list.unique.count <= Threshold.maximumTweets else {
            let reason =
                "\(list.unique.count) Tweets are more than the \(Threshold.maximumTweets) that thresholdReached watches at a time."
            return errors.append(self.error(reason, field, [.init("code", .string("INVALID_THRESHOLD"))]))
        }
        planMetrics(
            index,
            list,
            grouping: [.tweet],
            FieldPath(keys: operation.path(of: field), isRepeated: false),
            demand
        )
    }

    /// The metric that a field waits for; nil for any other field.
    func watchedTypes(of field: SelectedField) -> EngagementTypeSet? {
        guard schema.binding(of: field.field) == .thresholdReached else { return nil }
        return watchedMetric(of: field).map { EngagementTypeSet($0) }
    }

    private func watchedMetric(of field: SelectedField) -> EngagementType? {
        guard case .enumeration(let name) = operation.argument("metric", of: field) else { return nil }
        return EngagementType(enumName: name)
    }

    private func everySeconds(of field: SelectedField) throws(PlanningError) -> Int {
        guard case .int(let seconds) = operation.argument("everySeconds", of: field) else {
            return LivePlan.longestSeconds
        }
        let bounds = limits.leastLiveSeconds...LivePlan.longestSeconds
        if let seconds = Int(exactly: seconds), bounds.contains(seconds) { return seconds }
        throw PlanningError(
            .invalidInterval,
            "everySeconds is \(seconds): it is \(bounds.lowerBound) (live.leastSeconds) to \(bounds.upperBound)."
        )
    }

    private func threshold(of field: SelectedField) throws(PlanningError) -> Threshold? {
        guard schema.binding(of: field.field) == .thresholdReached else { return nil }
        guard let metric = watchedMetric(of: field), EngagementTypeSet.totals.contains(metric) else {
            throw PlanningError(.invalidThreshold, "metric: totals have no such count.")
        }
        guard case .int(let count) = operation.argument("atLeast", of: field), count > 0 else {
            throw PlanningError(.invalidThreshold, "atLeast is the count that is waited for: 1 or more.")
        }
        var includesReached = false
        if case .boolean(let value) = operation.argument("includeReached", of: field) { includesReached = value }
        return Threshold(metric: metric, atLeast: count, includesReached: includesReached)
    }
}
