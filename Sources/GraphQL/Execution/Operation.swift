/// An operation that is ready to be planned and executed: its fields are collected, its arguments coerced.
///
/// A planner walks it from ``rootFields``; ``Executor`` walks it with values at hand, and so may other writers. Fields
/// are found by index, so that walking allocates nothing.
///
/// ```swift
/// for index in operation.rootFields {
///     let field = operation[index]
///     let ids = operation.argument("ids", of: field)
///     for child in operation.children(of: field) { … }
/// }
/// ```
public struct Operation: Sendable {
    // Two words and no more, since an operation is handed to each call of a resolver.
    internal let storage: OperationStorage

    @usableFromInline
    internal let plan: SelectionPlan

    internal init(_ storage: OperationStorage) {
        self.storage = storage
        plan = storage.plan
    }

    internal var prepared: PreparedOperation { storage.prepared }

    public var kind: OperationKind { prepared.kind }

    /// Nil for an anonymous operation.
    public var name: String? { prepared.name }

    public var schema: Schema { prepared.context.schema }

    public var document: Document { prepared.context.document }

    /// Whether any directive stands in the document.
    public var hasDirectives: Bool { !prepared.context.document.directives.isEmpty }

    /// The text of the document.
    public var source: Source { prepared.context.document.source }

    /// The type that the root fields belong to.
    public var rootType: TypeID { prepared.context.rootType }
}

// MARK: - Fields

extension Operation {
    /// The fields of the operation itself, in the order of the response.
    @inlinable
    public var rootFields: Range<Int> { plan.rootFields }

    @inlinable
    public subscript(index: Int) -> SelectedField { plan.fields[index] }

    /// How many fields the operation selects at all levels: their indices lie below.
    public var fieldCount: Int { plan.fields.count }

    /// The fields selected on the values of `field`, in the order of the response.
    /// - Parameter type: The object type of the value; needed only if the field's type is an interface or union.
    @inlinable
    public func children(of field: SelectedField, on type: TypeID? = nil) -> Range<Int> {
        switch field.completion {
        case .object: return field.children.indices
        case .abstract:
            guard let type else { return 0..<0 }
            return branch(of: field, on: type) ?? 0..<0
        default: return 0..<0
        }
    }

    /// The object types that values of `field` may have, each with what is selected on it: one if the field's type is
    /// an object, none if it is a leaf.
    public func possibleChildren(of field: SelectedField) -> [(type: TypeID, fields: Range<Int>)] {
        switch field.completion {
        case .object: [(field.type.named, field.children.indices)]
        case .abstract: plan.branches[field.children.indices].map { ($0.type, $0.fields.indices) }
        default: []
        }
    }

    @inlinable
    internal func branch(of field: SelectedField, on type: TypeID) -> Range<Int>? {
        for index in field.children.indices where plan.branches[index].type == type {
            return plan.branches[index].fields.indices
        }
        return nil
    }

    /// The name of the field in the response: its alias, or its own name.
    public func responseKey(of field: SelectedField) -> String { plan.details[field.index].responseKey }

    /// The response keys from the root down to the field, without the indices of lists.
    public func path(of field: SelectedField) -> [String] {
        var keys = [responseKey(of: field)]
        var parent = Int(plan.details[field.index].parent)
        while parent >= 0 {
            keys.insert(plan.details[parent].responseKey, at: 0)
            parent = Int(plan.details[parent].parent)
        }
        return keys
    }

    /// Where the merged fields stand in the document.
    public func locations(of field: SelectedField) -> [SourceLocation] {
        plan.nodes[plan.details[field.index].nodes.indices].map {
            document.location(ofByte: document.fields[$0].offset)
        }
    }
}

// MARK: - Arguments and variables

extension Operation {
    /// The coerced value of an argument, its default if it is not given; nil if it has neither.
    public func argument(_ name: String, of field: SelectedField) -> InputValue? {
        let definitions = schema[field.field].arguments
        let slots = plan.details[field.index].arguments.indices
        for definition in definitions where schema.inputValues[definition].name == name {
            return storage.arguments[slots.lowerBound + definition - definitions.lowerBound]
        }
        return nil
    }

    /// All arguments that have a value, in the order of the schema.
    public func arguments(of field: SelectedField) -> [InputValue.Member] {
        let definitions = schema[field.field].arguments
        let slots = plan.details[field.index].arguments.indices
        return definitions.compactMap { definition in
            storage.arguments[slots.lowerBound + definition - definitions.lowerBound].map { value in
                InputValue.Member(schema.inputValues[definition].name, value)
            }
        }
    }

    /// Why the arguments of a field cannot be used: the executor makes it an error of the field, and a planner should
    /// plan nothing for it.
    public func argumentFailure(of field: SelectedField) -> FieldFailure? {
        storage.argumentFailures[field.index]?.failure
    }

    /// The coerced value of a variable, nil if it has none.
    public func variable(_ name: String) -> InputValue? {
        let index = prepared.context.variables.firstIndex { $0.name == name }
        return index.flatMap { storage.variables[$0] }
    }

    /// The coerced arguments of a directive of the host's own on a field, or on the operation itself if `field` is nil;
    /// nil if it does not stand there. Of merged fields the first that has it counts.
    /// - Throws: What is wrong with an argument that takes a variable.
    public func directive(_ name: String, on field: SelectedField? = nil) throws(FieldFailure) -> [InputValue.Member]? {
        guard let definition = schema.directive(named: name) else { return nil }
        let places =
            if let field {
                plan.nodes[plan.details[field.index].nodes.indices].map { document.fields[$0].directives }
            } else {
                [prepared.context.definition.directives]
            }
        for place in places {
            for directive in document.directives[place.indices]
            where document.bytes(of: directive.name).elementsEqual(name.utf8) {
                return try members(of: definition, directive.arguments)
            }
        }
        return nil
    }

    private func members(of directive: Int, _ arguments: NodeRange) throws(FieldFailure) -> [InputValue.Member] {
        let coercion = ArgumentCoercion(context: prepared.context)
        var members: [InputValue.Member] = []
        for definition in schema.directives[directive].arguments {
            let source = coercion.source(of: definition, in: arguments)
            do throws(ArgumentFailure) {
                guard let value = try coercion.value(of: definition, from: source, storage.variables) else { continue }
                members.append(InputValue.Member(schema.inputValues[definition].name, value))
            } catch {
                throw error.failure
            }
        }
        return members
    }
}
