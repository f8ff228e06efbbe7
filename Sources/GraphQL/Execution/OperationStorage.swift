/// What an ``Operation`` is made of.
internal final class OperationStorage: Sendable {
    internal let prepared: PreparedOperation

    internal let plan: SelectionPlan

    /// The values of the variables, in the order of their definitions.
    internal let variables: [InputValue?]

    /// The slots of all fields' arguments: see ``ArgumentPlan``.
    internal let arguments: [InputValue?]

    internal let argumentFailures: [Int: ArgumentFailure]

    internal init(prepared: PreparedOperation, plan: SelectionPlan, variables: [InputValue?]) {
        self.prepared = prepared
        self.plan = plan
        self.variables = variables
        (arguments, argumentFailures) = plan.arguments.bind(variables, in: prepared.context)
    }
}
