/// What is known of a variable before a value comes.
internal struct VariablePlan: Sendable {
    let name: String
    /// The name where it is defined.
    let node: Name
    /// The byte of its definition, for errors.
    let offset: UInt32
    let type: TypeReference
    let leaf: InputLeaf
    /// Coerced to the type.
    let defaultValue: InputValue?

    init(_ definition: VariableDefinition, of document: Document, schema: Schema) throws(GraphQLErrors) {
        name = document.text(of: definition.name)
        node = definition.name
        offset = definition.offset
        guard let named = schema.type(named: definition.type.name, of: document) else {
            let type = document.text(of: definition.type.name)
            throw GraphQLErrors([
                GraphQLError(
                    "Unknown type \"\(type)\".",
                    locations: [document.location(ofByte: definition.type.offset)]
                )
            ])
        }
        type = TypeReference(named, definition.type.wrappers)
        leaf = InputLeaf(of: named, in: schema)
        guard let value = definition.defaultValue else {
            defaultValue = nil
            return
        }
        do throws(LiteralCoercionFailure) {
            defaultValue = try LiteralCoercion(document: document, schema: schema).coerce(value, to: type)
        } catch {
            throw GraphQLErrors([
                GraphQLError(error.reason, locations: [document.location(ofByte: error.offset)])
            ])
        }
    }
}

/// How values of a named type are read; looked up once for all elements of a list.
internal enum InputLeaf: Sendable {
    case int
    case float
    case string
    case boolean
    case id
    /// A scalar that the host reads itself.
    case host(ScalarCoercion)
    /// A scalar that nobody claims: any value as it is.
    case untyped
    case enumeration
    case inputObject

    init(of type: TypeID, in schema: Schema) {
        if let coercion = schema.scalarCoercions[type] {
            self = .host(coercion)
            return
        }
        let definition = schema[type]
        switch definition.kind {
        case .enumeration: self = .enumeration
        case .inputObject: self = .inputObject
        case .scalar, .object, .interface, .union:
            switch definition.isBuiltIn ? BuiltInScalar(rawValue: definition.name) : nil {
            case .int: self = .int
            case .float: self = .float
            case .string: self = .string
            case .boolean: self = .boolean
            case .id: self = .id
            case nil: self = .untyped
            }
        }
    }
}
