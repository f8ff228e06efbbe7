/// The arguments of a selection (September 2025 §6.4.1, "CoerceArgumentValues"): a slot for each argument that the
/// schema defines on each selected field. What is known when a document is prepared lies in the template; what takes
/// variables is filled in when they are bound.
internal struct ArgumentPlan: Sendable {
    /// Nil: not given, and no default.
    var template: [InputValue?] = []
    var bindings: [Binding] = []
    /// Fields whose arguments cannot be coerced whatever the variables are.
    var failures: [Int: ArgumentFailure] = [:]

    /// A slot that variables decide.
    struct Binding: Sendable {
        let slot: Int
        /// The selected field.
        let field: Int
        /// In ``Schema/inputValues``.
        let definition: Int
        let source: ArgumentSource
    }

    /// The values of all slots, and the fields that fail because of theirs.
    func bind(
        _ variables: [InputValue?],
        in context: OperationContext
    ) -> (values: [InputValue?], failures: [Int: ArgumentFailure]) {
        guard !bindings.isEmpty else { return (template, failures) }
        var values = template
        var failures = failures
        let coercion = ArgumentCoercion(context: context)
        for binding in bindings where failures[binding.field] == nil {
            do throws(ArgumentFailure) {
                values[binding.slot] = try coercion.value(of: binding.definition, from: binding.source, variables)
            } catch {
                failures[binding.field] = error
            }
        }
        return (values, failures)
    }
}

/// Where the value of an argument comes from.
internal enum ArgumentSource: Sendable {
    /// Nothing stands in the document: the default, if there is one.
    case absent
    /// The argument is a variable.
    case variable(Int, offset: UInt32)
    /// A literal, with variables somewhere inside or without any.
    case literal(ValueIndex)
}

/// Why an argument has no value: an error of its field.
internal struct ArgumentFailure: Error, Sendable {
    let failure: FieldFailure
    /// The byte of the value, nil if there is none: then the field is the place.
    let offset: UInt32?
}

/// Coerces the arguments of fields and directives.
internal struct ArgumentCoercion {
    let context: OperationContext

    /// Where the argument at `definition` in ``Schema/inputValues`` comes from, among `arguments` in the document.
    func source(of definition: Int, in arguments: NodeRange) -> ArgumentSource {
        let name = context.schema.inputValues[definition].name
        for argument in context.document.arguments[arguments.indices]
        where context.document.bytes(of: argument.name).elementsEqual(name.utf8) {
            let value = context.document.values[argument.value.index]
            if case .variable(let variable) = value.kind, let index = context.variable(named: variable) {
                return .variable(index, offset: value.offset)
            }
            return .literal(argument.value)
        }
        return .absent
    }

    /// Whether `source` has a value that no variable changes.
    func isConstant(_ source: ArgumentSource) -> Bool {
        switch source {
        case .absent: true
        case .variable: false
        case .literal(let value): !hasVariable(value)
        }
    }

    /// The coerced value, or nil if none is given and there is no default.
    func value(
        of definition: Int,
        from source: ArgumentSource,
        _ variables: [InputValue?]
    ) throws(ArgumentFailure) -> InputValue? {
        let argument = context.schema.inputValues[definition]
        switch source {
        case .absent:
            if let value = argument.defaultValue { return value }
            guard argument.type.isNonNull else { return nil }
            throw failure(argument, "of required type \"\(text(argument))\" was not provided.", at: nil)
        case .variable(let index, let offset):
            if let value = variables[index] {
                guard value == .null, argument.type.isNonNull else { return value }
                throw failure(argument, "of non-null type \"\(text(argument))\" must not be null.", at: offset)
            }
            if let value = argument.defaultValue { return value }
            guard argument.type.isNonNull else { return nil }
            let variable = context.variables[index].name
            throw failure(
                argument,
                "of required type \"\(text(argument))\" was provided the variable \"$\(variable)\" "
                    + "which was not provided a runtime value.",
                at: offset
            )
        case .literal(let literal):
            return try coerce(literal, to: argument, variables)
        }
    }

    private func coerce(
        _ literal: ValueIndex,
        to argument: InputValueDefinition,
        _ variables: [InputValue?]
    ) throws(ArgumentFailure) -> InputValue {
        let coercion = LiteralCoercion(document: context.document, schema: context.schema)
        do throws(LiteralCoercionFailure) {
            return try coercion.coerce(literal, to: argument.type) { name in
                context.variable(named: name).flatMap { variables[$0] }
            }
        } catch {
            // The host's own sentence says more than the whole literal, and its place is the very value.
            if let reason = error.hostReason {
                throw failure(argument, "has an invalid value: \(reason)", at: error.offset)
            }
            let offset = context.document.values[literal.index].offset
            if case .null = context.document.values[literal.index].kind {
                throw failure(argument, "of non-null type \"\(text(argument))\" must not be null.", at: offset)
            }
            throw failure(argument, "has invalid value \(context.document.literalText(of: literal)).", at: offset)
        }
    }

    private func hasVariable(_ value: ValueIndex) -> Bool {
        switch context.document.values[value.index].kind {
        case .variable: true
        case .list(let elements): elements.indices.contains { hasVariable(ValueIndex($0)) }
        case .object(let fields):
            context.document.objectFields[fields.indices].contains { hasVariable($0.value) }
        case .int, .float, .string, .boolean, .null, .enumeration: false
        }
    }

    private func text(_ argument: InputValueDefinition) -> String { context.schema.text(of: argument.type) }

    private func failure(_ argument: InputValueDefinition, _ reason: String, at offset: UInt32?) -> ArgumentFailure {
        ArgumentFailure(failure: FieldFailure("Argument \"\(argument.name)\" \(reason)"), offset: offset)
    }
}
