/// The scalars that every schema has: September 2025 §3.5.
internal enum BuiltInScalar: String, CaseIterable {
    case int = "Int"
    case float = "Float"
    case string = "String"
    case boolean = "Boolean"
    case id = "ID"
}

extension LiteralCoercion {
    /// §3.5.1 to §3.5.6.
    func coerceScalar(_ value: Value, to type: TypeID) throws(LiteralCoercionFailure) -> InputValue {
        let name = schema[type].name
        if let coercion = schema.scalarCoercions[type] { return try coerceCustom(value, to: type, coercion) }
        guard schema[type].isBuiltIn, let scalar = BuiltInScalar(rawValue: name) else { return untyped(value) }
        switch (scalar, value.kind) {
        case (.int, .int):
            let digits = String(decoding: document.numberBytes(of: value), as: UTF8.self)
            guard let number = Int32(digits) else {
                throw failure("Int cannot represent non 32-bit signed integer value", value)
            }
            return .int(Int64(number))
        case (.int, _): throw failure("Int cannot represent non-integer value", value)
        case (.float, .int), (.float, .float):
            let digits = String(decoding: document.numberBytes(of: value), as: UTF8.self)
            guard let number = Double(digits), number.isFinite else {
                throw failure("Float cannot represent non numeric value", value)
            }
            return .float(number)
        case (.float, _): throw failure("Float cannot represent non numeric value", value)
        case (.string, .string(let literal)), (.id, .string(let literal)): return .string(document.text(of: literal))
        case (.string, _): throw failure("String cannot represent a non string value", value)
        case (.boolean, .boolean(let truth)): return .boolean(truth)
        case (.boolean, _): throw failure("Boolean cannot represent a non boolean value", value)
        case (.id, .int): return .string(String(decoding: document.numberBytes(of: value), as: UTF8.self))
        case (.id, _): throw failure("ID cannot represent a non-string and non-integer value", value)
        }
    }

    private func failure(_ sentence: String, _ value: Value) -> LiteralCoercionFailure {
        LiteralCoercionFailure("\(sentence): \(document.literalText(of: value))", at: value.offset)
    }

    /// A scalar that the host reads, straight from the source's bytes where they are the content.
    private func coerceCustom(
        _ value: Value,
        to type: TypeID,
        _ coercion: ScalarCoercion
    ) throws(LiteralCoercionFailure) -> InputValue {
        let input: ScalarCoercion.Input
        switch value.kind {
        case .string(let literal):
            let content =
                literal.needsDecoding ? Array(document.text(of: literal).utf8)[...] : document.bytes(of: literal)
            input = .string(content)
        case .int, .float: input = .number(document.numberBytes(of: value))
        case .boolean(let truth): input = .boolean(truth)
        default: throw mismatch(value, TypeReference(type))
        }
        do {
            return try coercion.coerce(input)
        } catch {
            let expected = mismatch(value, TypeReference(type)).reason.dropLast()
            throw LiteralCoercionFailure(
                "\(expected); \(error.reason)",
                at: value.offset,
                hostReason: error.reason
            )
        }
    }

    /// A scalar that nobody claims takes every value as it stands.
    private func untyped(_ value: Value) -> InputValue {
        switch value.kind {
        case .string(let literal): return .string(document.text(of: literal))
        case .boolean(let truth): return .boolean(truth)
        case .enumeration(let name): return .enumeration(document.text(of: name))
        case .null, .variable: return .null
        case .int, .float:
            let digits = String(decoding: document.numberBytes(of: value), as: UTF8.self)
            if case .int = value.kind, let number = Int64(digits) { return .int(number) }
            return .float(Double(digits) ?? 0)
        case .list(let elements): return .list(elements.indices.map { untyped(document.values[$0]) })
        case .object(let members):
            return .object(
                document.objectFields[members.indices].map {
                    .init(document.text(of: $0.name), untyped(document.values[$0.value.index]))
                }
            )
        }
    }
}
