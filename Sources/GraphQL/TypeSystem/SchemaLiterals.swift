/// Gives a schema its default values and the arguments of its directives: the literals of the document, coerced to types that are
/// now known.
internal struct SchemaLiterals {
    private let builder: SchemaBuilder
    private var parts: Schema.Parts
    private var errors: SchemaErrors

    /// The finished schema.
    static func finish(_ builder: SchemaBuilder, errors: inout SchemaErrors) throws(GraphQLErrors) -> Schema {
        var literals = SchemaLiterals(builder: builder, parts: builder.parts, errors: errors)
        literals.setDefaultValues()
        try literals.errors.throwIfAny()
        literals.setAppliedDirectives()
        try literals.errors.throwIfAny()
        return literals.schema()
    }

    private func schema() -> Schema { Schema(parts: parts, names: builder.names) }

    // MARK: - Default values

    /// The default of an input object takes in the defaults of its fields, which may take in others: so they are coerced
    /// again until nothing changes. ``InputObjectCycles`` has ruled out that they run in a circle.
    private mutating func setDefaultValues() {
        var failures: [LiteralCoercionFailure] = []
        var values = [InputValue?](repeating: nil, count: parts.inputValues.count)
        while true {
            let schema = schema()
            failures = []
            let coerced = builder.inputValueNodes.indices.map { coerceDefault(at: $0, in: schema, &failures) }
            if coerced == values { break }
            values = coerced
            for (index, value) in values.enumerated() { parts.inputValues[index].defaultValue = value }
        }
        for failure in failures { errors.add(failure.reason, at: failure.offset) }
    }

    private func coerceDefault(
        at index: Int,
        in schema: Schema,
        _ failures: inout [LiteralCoercionFailure]
    ) -> InputValue? {
        let source = builder.inputValueNodes[index]
        guard let literal = source.node.defaultValue else { return nil }
        let document = builder.definitions.document(isBuiltIn: source.isBuiltIn)
        do throws(LiteralCoercionFailure) {
            return try LiteralCoercion(document: document, schema: schema)
                .coerce(literal, to: parts.inputValues[index].type)
        } catch {
            failures.append(error)
            return nil
        }
    }

    // MARK: - Directives

    private mutating func setAppliedDirectives() {
        let schema = schema()
        for (index, type) in builder.definitions.types.enumerated() where !type.isBuiltIn {
            for head in type.heads {
                parts.types[index].appliedDirectives += apply(head.directives, isBuiltIn: false, in: schema)
            }
        }
        for (index, source) in builder.fieldNodes.enumerated() {
            let directives = apply(source.node.directives, isBuiltIn: source.isBuiltIn, in: schema)
            parts.fields[index].appliedDirectives = directives
        }
        for (index, source) in builder.inputValueNodes.enumerated() {
            let directives = apply(source.node.directives, isBuiltIn: source.isBuiltIn, in: schema)
            parts.inputValues[index].appliedDirectives = directives
        }
        for (index, source) in builder.enumValueNodes.enumerated() {
            let directives = apply(source.node.directives, isBuiltIn: source.isBuiltIn, in: schema)
            parts.enumValues[index].appliedDirectives = directives
        }
        checkSchemaDirectives(in: schema)
    }

    /// The schema itself keeps none, but what stands there has to be right.
    private mutating func checkSchemaDirectives(in schema: Schema) {
        for node in builder.definitions.schemaNodes {
            _ = apply(node.head.directives, isBuiltIn: false, in: schema)
        }
    }

    private mutating func apply(_ range: NodeRange, isBuiltIn: Bool, in schema: Schema) -> [AppliedDirective] {
        let document = builder.definitions.document(isBuiltIn: isBuiltIn)
        return document.directives[range.indices].map { apply($0, in: document, schema) }
    }

    private mutating func apply(_ directive: Directive, in document: Document, _ schema: Schema) -> AppliedDirective {
        let name = document.text(of: directive.name)
        var arguments: [(name: String, value: InputValue)] = []
        if let index = schema.directive(named: name) {
            for argument in schema.inputValues[schema.directives[index].arguments] {
                let node = document.arguments[directive.arguments.indices]
                    .first { document.text(of: $0.name) == argument.name }
                if let node {
                    do throws(LiteralCoercionFailure) {
                        let value = try LiteralCoercion(document: document, schema: schema)
                            .coerce(node.value, to: argument.type)
                        arguments.append((argument.name, value))
                    } catch {
                        errors.add(error.reason, at: error.offset)
                    }
                } else if let value = argument.defaultValue {
                    arguments.append((argument.name, value))
                }
            }
        }
        return AppliedDirective(name: name, arguments: arguments, literal: document.literalText(of: directive))
    }
}
