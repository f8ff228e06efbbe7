internal import Bytes
internal import JSON

/// Why a value is none of a leaf type.
internal enum LeafFailure: Error {
    /// A sentence.
    case reason(String)
    case unknownEnumValue(String)
}

/// The input coercion of scalars and enums (September 2025 §3.5 and §3.9) from JSON text.
extension InputLeaf {
    /// Consumes a value that is not null, even if it is none of the type `type`.
    ///
    /// - Throws: ``LeafFailure`` after the value, `JSONError` if the text is no JSON.
    func read(_ reader: inout JSONReader, _ type: TypeID, _ schema: Schema) throws -> InputValue {
        let kind = try reader.peek()
        switch (self, kind) {
        case (.host(let coercion), .string):
            return try InputLeaf.coerce(.string(try reader.readStringContent()), coercion, type, schema)
        case (.host(let coercion), .number):
            return try InputLeaf.coerce(.number(try reader.readNumber()), coercion, type, schema)
        case (.host(let coercion), .boolean):
            return try InputLeaf.coerce(.boolean(try reader.readBoolean()), coercion, type, schema)
        case (.string, .string), (.id, .string): return .string(try reader.readString())
        case (.int, .number): return try InputLeaf.int(try reader.readNumber())
        case (.float, .number): return try InputLeaf.float(try reader.readNumber())
        case (.boolean, .boolean): return .boolean(try reader.readBoolean())
        case (.id, .number): return try InputLeaf.id(try reader.readNumber())
        case (.untyped, _): return InputValue(try reader.readValue())
        case (.enumeration, .string):
            let name = try reader.readString()
            guard schema.enumValue(named: name, on: type) != nil else { throw LeafFailure.unknownEnumValue(name) }
            return .enumeration(name)
        default:
            let range = try reader.skipValue()
            var excerpt = JSONReader(reader.bytes, range: range)
            throw LeafFailure.reason(mismatch(try excerpt.readValue().inspected, schema[type].name))
        }
    }

    private static func coerce(
        _ input: ScalarCoercion.Input,
        _ coercion: ScalarCoercion,
        _ type: TypeID,
        _ schema: Schema
    ) throws -> InputValue {
        do throws(ScalarCoercionFailure) {
            return try coercion.coerce(input)
        } catch {
            throw LeafFailure.reason(reason(error, type, schema))
        }
    }

    /// The host's reason as the reference implementation shows it.
    static func reason(_ failure: ScalarCoercionFailure, _ type: TypeID, _ schema: Schema) -> String {
        "Expected type \"\(schema[type].name)\". \(failure.reason)"
    }

    /// §3.5.1: a number without a fraction that fits 32 bits, however it is written.
    private static func int(_ number: ArraySlice<UInt8>) throws -> InputValue {
        let text = String(decoding: number, as: UTF8.self)
        if let value = Int32(text) { return .int(Int64(value)) }
        let value = Double(text) ?? .infinity
        if let value = Int32(exactly: value) { return .int(Int64(value)) }
        guard value == value.rounded(), value.isFinite else {
            throw LeafFailure.reason("Int cannot represent non-integer value: \(text)")
        }
        throw LeafFailure.reason("Int cannot represent non 32-bit signed integer value: \(text)")
    }

    /// §3.5.2.
    private static func float(_ number: ArraySlice<UInt8>) throws -> InputValue {
        let text = String(decoding: number, as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw LeafFailure.reason("Float cannot represent non numeric value: \(text)")
        }
        return .float(value)
    }

    /// §3.5.5: a number without a fraction becomes its digits.
    private static func id(_ number: ArraySlice<UInt8>) throws -> InputValue {
        let text = String(decoding: number, as: UTF8.self)
        if number.allSatisfy({ ASCII.isDigit($0) || $0 == ASCII.hyphen }) { return .string(text) }
        guard let value = Double(text).flatMap({ Int64(exactly: $0) }) else {
            throw LeafFailure.reason("ID cannot represent value: \(text)")
        }
        return .string(String(value))
    }

    private func mismatch(_ value: String, _ type: String) -> String {
        switch self {
        case .int: "Int cannot represent non-integer value: \(value)"
        case .float: "Float cannot represent non numeric value: \(value)"
        case .string: "String cannot represent a non string value: \(value)"
        case .boolean: "Boolean cannot represent a non boolean value: \(value)"
        case .id: "ID cannot represent value: \(value)"
        case .enumeration: "Enum \"\(type)\" cannot represent non-string value: \(value)."
        case .host, .untyped, .inputObject: "Expected type \"\(type)\"."
        }
    }
}

extension InputValue {
    /// A JSON value as it is, for scalars that nobody claims.
    internal init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .int(value)
        case .number(let value): self = .float(value)
        case .string(let value): self = .string(value)
        case .array(let elements): self = .list(elements.map(InputValue.init))
        case .object(let members): self = .object(members.map { Member($0.name, InputValue($0.value)) })
        }
    }
}
