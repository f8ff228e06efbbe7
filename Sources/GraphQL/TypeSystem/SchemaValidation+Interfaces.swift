// §3.6.1 IsValidImplementation and §3.7.1, for objects and for interfaces that implement others.

extension SchemaValidation {
    mutating func validateInterfaces(of type: TypeDefinition, _ collected: CollectedType) {
        var seen: [TypeID: UInt32] = [:]
        for (id, name) in zip(type.interfaces, collected.interfaces) {
            let interface = schema[id]
            guard interface.kind == .interface else {
                errors.add(
                    "Type \(type.name) must only implement Interface types, it cannot implement \(interface.name).",
                    at: name.offset
                )
                continue
            }
            if id == type.id {
                errors.add(
                    "Type \(type.name) cannot implement itself because it would create a circular reference.",
                    at: name.offset
                )
                continue
            }
            if let first = seen[id] {
                errors.add("Type \(type.name) can only implement \(interface.name) once.", at: [first, name.offset])
                continue
            }
            seen[id] = name.offset
            validateAncestors(of: interface, implementedBy: type, at: name.offset)
            for field in schema.fields[interface.fields] { validate(field, of: interface, in: type, collected) }
        }
    }

    /// A type names all interfaces that its interfaces implement.
    private mutating func validateAncestors(
        of interface: TypeDefinition,
        implementedBy type: TypeDefinition,
        at offset: UInt32
    ) {
        for ancestor in interface.interfaces where !type.interfaces.contains(ancestor) {
            let message =
                ancestor == type.id
                ? "Type \(type.name) cannot implement \(interface.name) because it would create a circular reference."
                : "Type \(type.name) must implement \(schema[ancestor].name) because it is implemented by"
                    + " \(interface.name)."
            errors.add(message, at: offset)
        }
    }

    private mutating func validate(
        _ expected: FieldDefinition,
        of interface: TypeDefinition,
        in type: TypeDefinition,
        _ collected: CollectedType
    ) {
        let expectedName = "\(interface.name).\(expected.name)"
        let expectedNode = builder.fieldNodes[Int(expected.id.index)].node
        guard let id = schema.field(named: expected.name, on: type.id) else {
            errors.add(
                "Interface field \(expectedName) expected but \(type.name) does not provide it.",
                at: [expectedNode.offset] + offsets(of: collected)
            )
            return
        }
        let field = schema[id]
        let name = "\(type.name).\(field.name)"
        let node = builder.fieldNodes[Int(id.index)].node
        if !isSubtype(field.type, of: expected.type) {
            errors.add(
                "Interface field \(expectedName) expects type \(schema.text(of: expected.type)) but \(name) is type"
                    + " \(schema.text(of: field.type)).",
                at: [expectedNode.type.offset, node.type.offset]
            )
        }
        if field.deprecationReason != nil && expected.deprecationReason == nil {
            errors.add(
                "Interface field \(expectedName) is not deprecated, so implementation field \(name) must not be deprecated.",
                at: [expectedNode.offset, node.offset]
            )
        }
        validateArguments(of: field, named: name, against: expected, named: expectedName)
    }

    /// Arguments are of equal types, and none that the interface does not have must be given.
    private mutating func validateArguments(
        of field: FieldDefinition,
        named name: String,
        against expected: FieldDefinition,
        named expectedName: String
    ) {
        let arguments = schema.inputValues[field.arguments]
        let expectedArguments = schema.inputValues[expected.arguments]
        let fieldOffset = builder.fieldNodes[Int(field.id.index)].node.offset
        let expectedOffset = builder.fieldNodes[Int(expected.id.index)].node.offset
        for (index, wanted) in zip(expected.arguments, expectedArguments) {
            let wantedNode = builder.inputValueNodes[index].node
            guard let place = arguments.firstIndex(where: { $0.name == wanted.name }) else {
                errors.add(
                    "Interface field argument \(expectedName)(\(wanted.name):) expected but \(name) does not provide it.",
                    at: [wantedNode.offset, fieldOffset]
                )
                continue
            }
            if arguments[place].type != wanted.type {
                errors.add(
                    "Interface field argument \(expectedName)(\(wanted.name):) expects type"
                        + " \(schema.text(of: wanted.type)) but \(name)(\(wanted.name):) is type"
                        + " \(schema.text(of: arguments[place].type)).",
                    at: [wantedNode.type.offset, builder.inputValueNodes[place].node.type.offset]
                )
            }
        }
        for (index, argument) in zip(field.arguments, arguments) where isRequired(argument) {
            if expectedArguments.contains(where: { $0.name == argument.name }) { continue }
            errors.add(
                "Argument \"\(name)(\(argument.name):)\" must not be required type"
                    + " \"\(schema.text(of: argument.type))\" if not provided by the Interface field \"\(expectedName)\".",
                at: [builder.inputValueNodes[index].node.offset, expectedOffset]
            )
        }
    }

    /// IsValidImplementationFieldType: the same type, one that is possible for it, or either with non-null added.
    private func isSubtype(_ type: TypeReference, of expected: TypeReference) -> Bool {
        if type.isNonNull { return isSubtype(type.nullable, of: expected.nullable) }
        if expected.isNonNull { return false }
        if type.isList && expected.isList { return isSubtype(type.element, of: expected.element) }
        if type.isList || expected.isList { return false }
        return type.named == expected.named || schema[type.named].interfaces.contains(expected.named)
            || schema[expected.named].kind == .union && schema[expected.named].possibleTypes.contains(type.named)
    }
}
