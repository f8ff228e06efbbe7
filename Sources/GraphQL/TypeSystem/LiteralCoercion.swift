/// Turns literals of a document into values of a type: the "Literal Input Coercion" of September 2025 §3.5, §3.9, §3.10 and
/// §3.11. Schemas use it for defaults, operations for arguments.
internal struct LiteralCoercion {
    let document: Document
    let schema: Schema

    /// The value of a literal at a type.
    ///
    /// Types of variables are not looked at: validation has seen to it that they fit (§5.8.5).
    /// - Parameter variables: The coerced value of a variable, nil if it has none: then it counts as null in a list and as
    ///   absent in an object.
    /// - Throws: The first place that does not fit.
    func coerce(
        _ value: ValueIndex,
        to type: TypeReference,
        variables: (Name) -> InputValue? = { _ in nil }
    ) throws(LiteralCoercionFailure) -> InputValue {
        try coerce(document.values[value.index], to: type, variables: variables)
    }

    private func coerce(
        _ value: Value,
        to type: TypeReference,
        variables: (Name) -> InputValue?
    ) throws(LiteralCoercionFailure) -> InputValue {
        switch value.kind {
        case .variable(let name):
            let given = variables(name)
            if type.isNonNull && (given == nil || given == .null) { throw mismatch(value, type) }
            return given ?? .null
        case .null:
            if type.isNonNull { throw mismatch(value, type) }
            return .null
        default: break
        }
        if type.isList { return try coerceList(value, to: type.nullable, variables: variables) }
        switch schema[type.named].kind {
        case .scalar: return try coerceScalar(value, to: type.named)
        case .enumeration: return try coerceEnum(value, to: type.named)
        case .inputObject: return try coerceObject(value, to: type.named, variables: variables)
        case .object, .interface, .union: throw mismatch(value, type)
        }
    }

    /// §3.11: a value that is no list becomes a list of one.
    private func coerceList(
        _ value: Value,
        to type: TypeReference,
        variables: (Name) -> InputValue?
    ) throws(LiteralCoercionFailure) -> InputValue {
        guard case .list(let elements) = value.kind else {
            return .list([try coerce(value, to: type.element, variables: variables)])
        }
        var list: [InputValue] = []
        list.reserveCapacity(Int(elements.count))
        for index in elements.indices {
            list.append(try coerce(document.values[index], to: type.element, variables: variables))
        }
        return .list(list)
    }

    /// §3.10: members in the order of the type, defaults filled in; exactly one if the type is a OneOf (§3.10.1).
    private func coerceObject(
        _ value: Value,
        to type: TypeID,
        variables: (Name) -> InputValue?
    ) throws(LiteralCoercionFailure) -> InputValue {
        let definition = schema[type]
        guard case .object(let members) = value.kind else { throw mismatch(value, TypeReference(type)) }
        var given: [ValueIndex?] = Array(repeating: nil, count: definition.inputFields.count)
        for member in document.objectFields[members.indices] {
            guard let index = schema.inputField(named: member.name, of: document, on: type) else {
                let name = document.text(of: member.name)
                throw LiteralCoercionFailure(
                    "Field \"\(name)\" is not defined by type \"\(definition.name)\".",
                    at: member.name.offset
                )
            }
            given[index - definition.inputFields.lowerBound] = member.value
        }
        if definition.isOneOf { try checkOneOf(value, members, definition, variables: variables) }
        var object: [InputValue.Member] = []
        for (index, field) in zip(definition.inputFields, schema.inputValues[definition.inputFields]) {
            if let node = given[index - definition.inputFields.lowerBound], !isAbsent(node, variables) {
                object.append(.init(field.name, try coerce(node, to: field.type, variables: variables)))
            } else if let fallback = field.defaultValue {
                object.append(.init(field.name, fallback))
            } else if field.type.isNonNull {
                let name = "\(definition.name).\(field.name)"
                throw LiteralCoercionFailure(
                    "Field \"\(name)\" of required type \"\(schema.text(of: field.type))\" was not provided.",
                    at: value.offset
                )
            }
        }
        return .object(object)
    }

    private func isAbsent(_ value: ValueIndex, _ variables: (Name) -> InputValue?) -> Bool {
        guard case .variable(let name) = document.values[value.index].kind else { return false }
        return variables(name) == nil
    }

    private func checkOneOf(
        _ value: Value,
        _ members: NodeRange,
        _ definition: TypeDefinition,
        variables: (Name) -> InputValue?
    ) throws(LiteralCoercionFailure) {
        guard members.count == 1, let member = document.objectFields[members.indices].first else {
            throw LiteralCoercionFailure(
                "OneOf Input Object \"\(definition.name)\" must specify exactly one key.",
                at: value.offset
            )
        }
        let node = document.values[member.value.index]
        let isNull =
            switch node.kind {
            case .null: true
            case .variable(let name): variables(name) ?? .null == .null
            default: false
            }
        if isNull {
            let name = "\(definition.name).\(document.text(of: member.name))"
            throw LiteralCoercionFailure("Field \"\(name)\" must be non-null.", at: node.offset)
        }
    }

    /// §3.9: names only, never strings.
    private func coerceEnum(_ value: Value, to type: TypeID) throws(LiteralCoercionFailure) -> InputValue {
        let definition = schema[type]
        guard case .enumeration(let name) = value.kind else {
            let literal = document.literalText(of: value)
            throw LiteralCoercionFailure(
                "Enum \"\(definition.name)\" cannot represent non-enum value: \(literal).",
                at: value.offset
            )
        }
        guard let index = schema.enumValue(named: name, of: document, on: type) else {
            throw LiteralCoercionFailure(
                "Value \"\(document.text(of: name))\" does not exist in \"\(definition.name)\" enum.",
                at: value.offset
            )
        }
        return .enumeration(schema.enumValues[index].name)
    }

    func mismatch(_ value: Value, _ type: TypeReference) -> LiteralCoercionFailure {
        let literal = document.literalText(of: value)
        return LiteralCoercionFailure(
            "Expected value of type \"\(schema.text(of: type))\", found \(literal).",
            at: value.offset
        )
    }
}

/// Why a literal is no value of its type, and where.
internal struct LiteralCoercionFailure: Error {
    /// A sentence for the error's message.
    let reason: String
    let offset: UInt32
    /// Why the host refuses a scalar, if it does.
    let hostReason: String?

    init(_ reason: String, at offset: UInt32, hostReason: String? = nil) {
        self.reason = reason
        self.offset = offset
        self.hostReason = hostReason
    }
}
