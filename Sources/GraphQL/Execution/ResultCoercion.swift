public import Bytes
internal import JSON

/// The result coercion of leaves (September 2025 §3.5 and §3.9): what a host may return for which type.
extension ResolvedValue {
    /// Appends the value as a leaf type wants it, or returns false if it is none of the type.
    @inlinable
    internal func appendLeaf(_ field: SelectedField, in operation: Operation, to buffer: inout ByteBuffer) -> Bool {
        switch self {
        case .int(let value):
            switch field.completion {
            case .int:
                guard let value = Int32(exactly: value) else { return false }
                buffer.append(decimal: Int64(value))
            case .float, .custom: buffer.append(decimal: value)
            case .id, .string:
                buffer.append(ASCII.quotationMark)
                buffer.append(decimal: value)
                buffer.append(ASCII.quotationMark)
            default: return false
            }
            return true
        case .identifier(let value):
            guard field.completion == .id || field.completion == .string || field.completion == .custom else {
                return false
            }
            buffer.append(ASCII.quotationMark)
            buffer.append(decimal: value)
            buffer.append(ASCII.quotationMark)
            return true
        case .ascii(let text):
            switch field.completion {
            case .string, .id, .custom:
                buffer.append(ASCII.quotationMark)
                buffer.append(text)
                buffer.append(ASCII.quotationMark)
                return true
            default: return appendRareLeaf(field, in: operation, to: &buffer)
            }
        case .object, .objects, .list, .failure, .null: return false
        default: return appendRareLeaf(field, in: operation, to: &buffer)
        }
    }

    @usableFromInline
    internal func appendRareLeaf(_ field: SelectedField, in operation: Operation, to buffer: inout ByteBuffer) -> Bool {
        switch (self, field.completion) {
        case (.float(let value), .float), (.float(let value), .custom):
            guard value.isFinite else { return false }
            buffer.append(jsonNumber: value)
        case (.float(let value), .int):
            guard let value = Int32(exactly: value) else { return false }
            buffer.append(decimal: Int64(value))
        case (.boolean(let value), .boolean), (.boolean(let value), .custom): buffer.append(jsonBoolean: value)
        case (.string(let text), .string), (.string(let text), .id), (.string(let text), .custom):
            buffer.append(jsonString: text)
        case (.string(let name), .enumeration):
            guard operation.schema.enumValue(named: name, on: field.type.named) != nil else { return false }
            buffer.append(jsonString: name)
        case (.ascii(let text), .enumeration):
            guard operation.schema.enumValue(named: text.text, on: field.type.named) != nil else { return false }
            buffer.append(jsonString: text.text)
        case (.enumValue(let index), .enumeration):
            guard operation.schema[field.type.named].enumValues.contains(index) else { return false }
            buffer.append(jsonString: operation.schema.enumValues[index].name)
        case (.json(let value), .custom): buffer.append(json: value)
        default: return false
        }
        return true
    }

    /// Why the value is none of the field's leaf type, in the words of the reference implementation.
    @usableFromInline
    internal func leafFailure(_ field: SelectedField, in operation: Operation) -> FieldFailure {
        if case .failure(let failure) = self { return failure }
        let type = operation.schema[field.type.named].name
        switch (field.completion, self) {
        case (.int, .int(let value)):
            return FieldFailure("Int cannot represent non 32-bit signed integer value: \(value)")
        case (.int, .float(let value)) where value.isFinite && value == value.rounded():
            return FieldFailure("Int cannot represent non 32-bit signed integer value: \(inspected)")
        case (.int, _): return FieldFailure("Int cannot represent non-integer value: \(inspected)")
        case (.float, _): return FieldFailure("Float cannot represent non numeric value: \(inspected)")
        case (.boolean, _): return FieldFailure("Boolean cannot represent a non boolean value: \(inspected)")
        case (.enumeration, _): return FieldFailure("Enum \"\(type)\" cannot represent value: \(inspected)")
        default: return FieldFailure("\(type) cannot represent value: \(inspected)")
        }
    }

    /// The value as a message quotes it.
    private var inspected: String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .float(let value): JSONValue.number(value).inspected
        case .string(let text): JSONValue.quoted(text)
        case .identifier(let value): "\"\(value)\""
        case .ascii(let text): JSONValue.quoted(text.text)
        case .enumValue(let index): "enum value \(index)"
        case .json(let value): value.inspected
        case .object: "[Object]"
        case .objects, .list: "[Array]"
        case .failure(let failure): failure.message
        }
    }
}
