/// The one walk over a document that finds out what its nodes stand for: see ``DocumentFacts``.
///
/// It recurses as deep as the document is nested, which the parser has limited; spreads are not followed.
internal struct DocumentWalk {
    let document: Document
    let schema: Schema

    mutating func run(into facts: inout DocumentFacts) {
        resolveSpreads(into: &facts)
        for (index, operation) in document.operations.enumerated() {
            let start = (usages: facts.variableUsages.count, spreads: facts.spreads.count)
            walk(variables: operation.variableDefinitions, into: &facts)
            let location: DirectiveLocation =
                switch operation.kind {
                case .query: .query
                case .mutation: .mutation
                case .subscription: .subscription
                }
            walk(directives: operation.directives, at: location, into: &facts)
            walk(selections: operation.selectionSet, on: schema.rootType(of: operation.kind), into: &facts)
            facts.operationContents[index].usages = start.usages..<facts.variableUsages.count
            facts.operationContents[index].spreads = start.spreads..<facts.spreads.count
        }
        for (index, fragment) in document.fragments.enumerated() {
            let start = (usages: facts.variableUsages.count, spreads: facts.spreads.count)
            let condition = schema.type(named: fragment.typeCondition, of: document)
            facts.fragmentConditions[index] = condition
            walk(directives: fragment.directives, at: .fragmentDefinition, into: &facts)
            walk(selections: fragment.selectionSet, on: condition.flatMap(schema.composite), into: &facts)
            facts.fragmentContents[index].usages = start.usages..<facts.variableUsages.count
            facts.fragmentContents[index].spreads = start.spreads..<facts.spreads.count
        }
    }

    // MARK: Definitions

    /// Of fragments that share a name, the first counts.
    private func resolveSpreads(into facts: inout DocumentFacts) {
        guard !document.fragmentSpreads.isEmpty else { return }
        if document.fragments.count <= NameIndex.smallCount {
            for (index, spread) in document.fragmentSpreads.enumerated() {
                facts.spreadTargets[index] = document.fragments.firstIndex { document.isSame($0.name, spread.name) }
            }
        } else {
            var fragments = NameIndex()
            for (index, fragment) in document.fragments.enumerated() {
                _ = fragments.insert(fragment.name, number: index, of: document)
            }
            for (index, spread) in document.fragmentSpreads.enumerated() {
                facts.spreadTargets[index] = fragments.find(spread.name, of: document)
            }
        }
    }

    private func walk(variables: NodeRange, into facts: inout DocumentFacts) {
        for index in variables.indices {
            let variable = document.variableDefinitions[index]
            let type = schema.type(named: variable.type.name, of: document)
            facts.variableTypes[index] = type.map { TypeReference($0, variable.type.wrappers) }
            walk(directives: variable.directives, at: .variableDefinition, into: &facts)
        }
    }

    // MARK: Selections

    private func walk(selections: NodeRange, on parent: TypeID?, into facts: inout DocumentFacts) {
        for index in selections.indices {
            switch document.selections[index] {
            case .field(let index):
                walk(field: index, on: parent, into: &facts)
            case .fragmentSpread(let index):
                facts.spreadParents[index] = parent
                facts.spreads.append(index)
                walk(directives: document.fragmentSpreads[index].directives, at: .fragmentSpread, into: &facts)
            case .inlineFragment(let index):
                let fragment = document.inlineFragments[index]
                var type = parent
                if let condition = fragment.typeCondition {
                    let conditionType = schema.type(named: condition, of: document)
                    facts.inlineFragmentConditions[index] = conditionType
                    type = conditionType.flatMap(schema.composite)
                }
                facts.inlineFragmentParents[index] = parent
                facts.inlineFragmentTypes[index] = type
                walk(directives: fragment.directives, at: .inlineFragment, into: &facts)
                walk(selections: fragment.selectionSet, on: type, into: &facts)
            }
        }
    }

    private func walk(field index: Int, on parent: TypeID?, into facts: inout DocumentFacts) {
        let field = document.fields[index]
        let definition = parent.flatMap { schema.field(named: field.name, of: document, on: $0) }
        facts.fieldParents[index] = parent
        facts.fieldDefinitions[index] = definition
        for argument in field.arguments.indices {
            let found = definition.flatMap {
                schema.argument(named: document.arguments[argument].name, of: document, on: $0)
            }
            walk(argument: argument, defined: found, into: &facts)
        }
        walk(directives: field.directives, at: .field, into: &facts)
        if let selections = field.selectionSet {
            let type = definition.flatMap { schema.composite(schema.type(of: $0).named) }
            walk(selections: selections, on: type, into: &facts)
        }
    }

    private func walk(directives: NodeRange, at location: DirectiveLocation, into facts: inout DocumentFacts) {
        for index in directives.indices {
            let directive = document.directives[index]
            let definition = schema.directive(named: directive.name, of: document)
            facts.directiveLocations[index] = location
            facts.directiveDefinitions[index] = definition
            for argument in directive.arguments.indices {
                let found = definition.flatMap {
                    schema.argument(named: document.arguments[argument].name, of: document, onDirective: $0)
                }
                walk(argument: argument, defined: found, into: &facts)
            }
        }
    }

    // MARK: Values

    private func walk(argument index: Int, defined definition: Int?, into facts: inout DocumentFacts) {
        facts.argumentDefinitions[index] = definition
        let value = document.arguments[index].value
        switch document.values[value.index].kind {
        case .variable, .list, .object:
            walk(value: value, expected: Expectation(definition, in: schema), into: &facts)
        case .int, .float, .string, .boolean, .null, .enumeration:
            break
        }
    }

    /// What is known about the place of a value.
    private struct Expectation {
        var type: TypeReference?
        var hasDefault = false
        var oneOf: TypeID?

        init(type: TypeReference?) {
            self.type = type
        }

        init(_ definition: Int?, in schema: Schema) {
            guard let definition else { return }
            type = schema.inputValues[definition].type
            hasDefault = schema.inputValues[definition].defaultValue != nil
        }
    }

    private func walk(value index: ValueIndex, expected: Expectation, into facts: inout DocumentFacts) {
        let value = document.values[index.index]
        switch value.kind {
        case .variable(let name):
            facts.variableUsages.append(
                DocumentFacts.VariableUsage(
                    name: name,
                    offset: value.offset,
                    type: expected.type,
                    hasDefault: expected.hasDefault,
                    oneOf: expected.oneOf
                )
            )
        case .list(let elements):
            let type = expected.type.map { $0.isList ? $0.element : $0.nullable }
            for element in elements.indices {
                walk(value: ValueIndex(element), expected: Expectation(type: type), into: &facts)
            }
        case .object(let fields):
            let object = expected.type.flatMap {
                schema.types[Int($0.named.index)].kind == .inputObject ? $0.named : nil
            }
            for field in fields.indices {
                let found = object.flatMap {
                    schema.inputField(named: document.objectFields[field].name, of: document, on: $0)
                }
                var inner = Expectation(found, in: schema)
                inner.oneOf = object.flatMap { schema.types[Int($0.index)].isOneOf ? $0 : nil }
                walk(value: document.objectFields[field].value, expected: inner, into: &facts)
            }
        case .int, .float, .string, .boolean, .null, .enumeration:
            break
        }
    }
}

extension Schema {
    /// The type if fields can be selected on it: an object, an interface or a union.
    internal func composite(_ type: TypeID) -> TypeID? {
        switch types[Int(type.index)].kind {
        case .object, .interface, .union: type
        case .scalar, .enumeration, .inputObject: nil
        }
    }

    internal func kind(of type: TypeID) -> TypeKind { types[Int(type.index)].kind }

    internal func type(of field: FieldID) -> TypeReference { fields[Int(field.index)].type }
}
