public import Engagement
public import GraphQL
internal import JSON

/// Turns an operation into the set of cells that it needs: pure, and the only reader of arguments.
public final class Planner: Sendable {
    internal let schema: EngagementSchema
    internal let limits: PlanLimits
    internal let purging: PurgeRules
    internal let lists: ListRules

    public init(
        _ schema: EngagementSchema,
        limits: PlanLimits = PlanLimits(),
        purging: PurgeRules = PurgeRules(),
        lists: ListRules = ListRules()
    ) {
        self.schema = schema
        self.limits = limits
        self.purging = purging
        self.lists = lists
    }

    /// The plan of `operation` for the account that asks, as seen at `now`.
    ///
    /// - Parameter otherAccounts: Whose private numbers it may see as well.
    /// - Throws: ``GraphQLErrors`` with the path and place of every field that asks for what cannot be had.
    public func plan(
        _ operation: Operation,
        account: AccountName,
        otherAccounts: [AccountName] = [],
        now: UnixTime
    ) throws(GraphQLErrors) -> EngagementPlan {
        // The API counts time in whole seconds. A fraction would open an hour that cannot be asked for yet.
        let now = UnixTime(seconds: now.seconds)
        var pass = PlanningPass(self, operation, account: account, now: now)
        pass.planOperation()
        if pass.errors.isEmpty, let problem = pass.size.problem(lookups: pass.lookups, within: limits) {
            pass.errors.append(GraphQLError(problem))
        }
        guard pass.errors.isEmpty else { throw GraphQLErrors(pass.errors) }
        if !otherAccounts.isEmpty {
            for need in pass.plan.needs.indices {
                let first = pass.plan.needs[need].account
                pass.plan.needs[need].otherAccounts = ([account] + otherAccounts).filter { $0 != first }
            }
        }
        return pass.finish()
    }
}

extension GraphQLError {
    internal init(_ error: PlanningError, locations: [SourceLocation] = [], path: [PathSegment]? = nil) {
        self.init(
            error.reason,
            locations: locations,
            path: path,
            extensions: [.init("code", .string(error.code.rawValue))]
        )
    }
}
