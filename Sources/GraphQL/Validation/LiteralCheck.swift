/// Whether a literal can be coerced to a scalar: September 2025 §3.5, "Input Coercion" of each built-in scalar. Custom
/// scalars ask the host; without a host's coercion they take anything.
internal enum LiteralCheck {
    enum Answer: Equatable {
        case fits
        /// A built-in scalar does not take this kind of value: "non-integer value".
        case cannotRepresent(String)
        /// The host does not, for this reason if it gave one.
        case refused(String?)
    }

    static func scalar(_ value: Value, _ type: TypeID, _ context: ValidationContext) -> Answer {
        switch context.schema.types[Int(type.index)].name {
        case "Int": int(value, context.document)
        case "Float": float(value, context.document)
        case "String": string(value)
        case "Boolean": boolean(value)
        case "ID": id(value) == .fits ? host(value, type, context) : id(value)
        default: host(value, type, context)
        }
    }

    // MARK: Built-in scalars

    private static func int(_ value: Value, _ document: Document) -> Answer {
        guard case .int(let length) = value.kind else { return .cannotRepresent("non-integer value") }
        let digits = bytes(at: value.offset, count: length, of: document)
        let number = Int64(String(decoding: digits, as: UTF8.self)).flatMap(Int32.init(exactly:))
        return number == nil ? .cannotRepresent("non 32-bit signed integer value") : .fits
    }

    /// Whole numbers too, as long as they are finite.
    private static func float(_ value: Value, _ document: Document) -> Answer {
        switch value.kind {
        case .int(let length), .float(let length):
            // Short numbers without an exponent cannot overflow.
            let digits = bytes(at: value.offset, count: length, of: document)
            if digits.count < 300, !digits.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) { return .fits }
            let number = Double(String(decoding: digits, as: UTF8.self))
            return number?.isFinite == true ? .fits : .cannotRepresent("non numeric value")
        default:
            return .cannotRepresent("non numeric value")
        }
    }

    private static func string(_ value: Value) -> Answer {
        if case .string = value.kind { .fits } else { .cannotRepresent("a non string value") }
    }

    private static func boolean(_ value: Value) -> Answer {
        if case .boolean = value.kind { .fits } else { .cannotRepresent("a non boolean value") }
    }

    private static func id(_ value: Value) -> Answer {
        switch value.kind {
        case .string, .int: .fits
        default: .cannotRepresent("a non-string and non-integer value")
        }
    }

    // MARK: Custom scalars

    /// What the host says of a scalar of its own, or of `ID`, which it may narrow.
    private static func host(_ value: Value, _ type: TypeID, _ context: ValidationContext) -> Answer {
        context.schema.scalarCoercions[type].map { custom(value, $0, context.document) } ?? .fits
    }

    private static func custom(_ value: Value, _ coercion: ScalarCoercion, _ document: Document) -> Answer {
        let input: ScalarCoercion.Input
        switch value.kind {
        case .int(let length), .float(let length):
            input = .number(bytes(at: value.offset, count: length, of: document))
        case .string(let literal) where literal.needsDecoding:
            input = .string(Array(document.text(of: literal).utf8)[...])
        case .string(let literal):
            input = .string(bytes(at: literal.offset, count: literal.length, of: document))
        case .boolean(let flag):
            input = .boolean(flag)
        case .variable, .null, .enumeration, .list, .object:
            return .refused(nil)
        }
        do {
            _ = try coercion.coerce(input)
            return .fits
        } catch {
            return .refused(error.reason)
        }
    }

    private static func bytes(at offset: UInt32, count: UInt32, of document: Document) -> ArraySlice<UInt8> {
        document.source.bytes[Int(offset)..<Int(offset) + Int(count)]
    }
}
