internal import Engagement
internal import GraphQL

/// Reads `@fresh` where it stands: on an operation, or on one of its fields.
internal struct FreshDirective {
    private let operation: Operation
    /// Most documents have no directive at all.
    let isPossible: Bool

    init(_ operation: Operation) {
        self.operation = operation
        isPossible = operation.hasDirectives
    }

    /// What is demanded of the field, or of the operation if `field` is nil; nil if nothing stands there.
    ///
    /// - Throws: ``PlanningError`` with ``PlanningError/Code/invalidMaxAge``.
    func demand(on field: SelectedField? = nil) throws(PlanningError) -> FreshnessDemand? {
        guard isPossible else { return nil }
        let arguments: [InputValue.Member]?
        do throws(FieldFailure) {
            arguments = try operation.directive("fresh", on: field)
        } catch {
            throw PlanningError(.invalidMaxAge, "@fresh: \(error.message)")
        }
        guard let arguments else { return nil }
        var demand = FreshnessDemand()
        for argument in arguments {
            switch argument.value {
            case .int(let seconds):
                guard seconds >= 0 else {
                    throw PlanningError(
                        .invalidMaxAge,
                        "maxAge of @fresh is \(seconds): it is the most seconds that a number may be old, 0 or more."
                    )
                }
                demand.maxAge = Int(seconds)
            case .boolean(let isAccepted): demand.staleness = isAccepted ? .accepted(seconds: nil) : .refused
            default: continue
            }
        }
        // Who names an age wants nothing older, unless there is nothing else.
        if demand.maxAge != nil, demand.staleness == .usual { demand.staleness = .onError }
        return demand
    }

    /// Why a schema's `@fresh` is not the one that is read here; nil if it is.
    static func problem(in schema: Schema) -> String? {
        let wanted = "maxAge: Int, staleOk: Boolean"
        guard let directive = schema.directive(named: "fresh") else { return "there is no directive @fresh(\(wanted))" }
        let arguments = schema.inputValues[schema.directives[directive].arguments]
        let found = arguments.map { "\($0.name): \(schema.text(of: $0.type))" }.sorted().joined(separator: ", ")
        return found == wanted ? nil : "@fresh takes (\(found)), not (\(wanted))"
    }
}
