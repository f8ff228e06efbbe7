public import JSON
internal import Synchronization

/// An operation of a ``PreparedDocument`` that waits for its variables.
public final class PreparedOperation: Sendable {
    public let kind: OperationKind

    /// Nil for an anonymous operation.
    public let name: String?

    internal let context: OperationContext
    private let suggestions: Bool

    /// The collected fields for each outcome of the conditions seen so far, the oldest first; without conditions there
    /// is one.
    private let plans = Mutex<[(conditions: UInt64, plan: SelectionPlan)]>([])

    internal init(
        _ definition: OperationDefinition,
        of document: Document,
        schema: Schema,
        limits: ExecutionLimits,
        suggestions: Bool
    ) throws(GraphQLErrors) {
        guard let rootType = schema.rootType(of: definition.kind) else {
            let location = document.location(ofByte: definition.offset)
            throw GraphQLErrors([
                GraphQLError("Schema is not configured for \(definition.kind.plural).", locations: [location])
            ])
        }
        kind = definition.kind
        name = definition.name.map(document.text(of:))
        self.suggestions = suggestions
        context = try OperationContext(definition, of: document, schema: schema, rootType: rootType, limits: limits)
    }

    /// The variables that the operation defines, in document order.
    public var variables: [Variable] {
        context.variables.map { variable in
            Variable(name: variable.name, type: variable.type, defaultValue: variable.defaultValue)
        }
    }

    /// A variable as an operation defines it.
    public struct Variable: Sendable {
        /// Without the dollar sign.
        public let name: String
        public let type: TypeReference
        /// Coerced to the type, nil if none is written.
        public let defaultValue: InputValue?
    }

    /// Coerces the variables (§6.1.2) and the arguments (§6.4.1) and collects the fields (§6.3.2).
    ///
    /// - Parameter variables: A reader that stands before the JSON object of variables, or before `null`; nil if the
    ///   request has none. Members that the operation does not define are passed over.
    /// - Throws: What is wrong with the variables: a request error (§7.1.3), nothing may run.
    public func bind(variables: JSONReader? = nil) throws(GraphQLErrors) -> Operation {
        let values = try VariableCoercion.values(of: context, from: variables, suggestions: suggestions)
        let plan = try plan(for: values)
        return Operation(OperationStorage(prepared: self, plan: plan, variables: values))
    }

    private func plan(for values: [InputValue?]) throws(GraphQLErrors) -> SelectionPlan {
        var conditions: UInt64 = 0
        for (bit, index) in context.conditionVariables.enumerated() {
            guard case .boolean(let condition)? = values[index] else {
                let location = context.location(ofByte: context.variables[index].offset)
                let message = "Argument \"if\" of non-null type \"Boolean!\" must not be null."
                throw GraphQLErrors([GraphQLError(message, locations: [location])])
            }
            if condition { conditions |= 1 << UInt64(bit) }
        }
        // More conditions than bits are nobody's habit; such an operation is collected anew each time.
        let isRemembered = context.conditionVariables.count <= 64
        if isRemembered, let found = plans.withLock({ plans in plans.first { $0.conditions == conditions } }) {
            return found.plan
        }
        let plan = try FieldCollection.plan(context, variables: values)
        guard isRemembered else { return plan }
        let limit = max(context.limits.maximumRememberedPlans, 1)
        plans.withLock { plans in
            if plans.contains(where: { $0.conditions == conditions }) { return }
            if plans.count >= limit { plans.removeFirst() }
            plans.append((conditions, plan))
        }
        return plan
    }
}

extension OperationKind {
    fileprivate var plural: String {
        switch self {
        case .query: "queries"
        case .mutation: "mutations"
        case .subscription: "subscriptions"
        }
    }
}
