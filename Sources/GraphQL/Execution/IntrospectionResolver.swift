/// Answers `__schema` and `__type` (September 2025 §4) from a schema: an ordinary ``ObjectResolver`` over the
/// introspection types.
internal struct IntrospectionResolver: ObjectResolver {
    private let schema: Schema

    /// Which of the introspection types' fields a field of the schema is, by its place in ``Schema/fields``.
    private let fields: [IntrospectionField?]

    init(_ schema: Schema) {
        self.schema = schema
        fields = schema.fields.map { field in
            let parent = schema[field.parent].name
            return parent.hasPrefix("__") ? IntrospectionField(rawValue: "\(parent).\(field.name)") : nil
        }
    }

    /// What stands behind an object of the introspection types.
    enum Object {
        case root
        case schema
        case type(TypeReference)
        case field(FieldDefinition)
        case inputValue(InputValueDefinition)
        case enumValue(EnumValueDefinition)
        case directive(DirectiveDefinition)
    }

    var rootObject: Object { .root }

    func resolve(_ field: SelectedField, of object: Object, in operation: Operation) -> ResolvedValue<Object> {
        switch object {
        case .root: return resolveRoot(field, in: operation)
        default: break
        }
        guard let known = fields[Int(field.field.index)] else { return .null }
        switch object {
        case .root: return .null
        case .schema: return resolve(known)
        case .type(let type):
            let isAll = includesDeprecated(field, in: operation)
            return type.wrappers.bits == 0 ? resolve(known, schema[type.named], isAll) : resolve(known, wrapped: type)
        case .field(let field1): return resolve(known, field1, includesDeprecated(field, in: operation))
        case .inputValue(let value): return resolve(known, value)
        case .enumValue(let value): return resolve(known, value)
        case .directive(let directive): return resolve(known, directive, includesDeprecated(field, in: operation))
        }
    }

    private func resolveRoot(_ field: SelectedField, in operation: Operation) -> ResolvedValue<Object> {
        if field.field == schema.schemaField { return .object(.schema) }
        guard case .string(let name)? = operation.argument("name", of: field), let type = schema.type(named: name)
        else {
            return .null
        }
        return .object(.type(TypeReference(type)))
    }

    private func includesDeprecated(_ field: SelectedField, in operation: Operation) -> Bool {
        operation.argument("includeDeprecated", of: field) == .boolean(true)
    }

    // MARK: - Types

    /// `__Schema`.
    private func resolve(_ field: IntrospectionField) -> ResolvedValue<Object> {
        switch field {
        case .schemaDescription: text(schema.description)
        case .schemaTypes: objects(schema.types.map { .type(TypeReference($0.id)) })
        case .schemaQueryType: .object(.type(TypeReference(schema.queryType)))
        case .schemaMutationType: type(schema.mutationType)
        case .schemaSubscriptionType: type(schema.subscriptionType)
        case .schemaDirectives: objects(schema.directives.map { .directive($0) })
        default: .null
        }
    }

    /// `__Type` of a named type.
    private func resolve(_ field: IntrospectionField, _ type: TypeDefinition, _ isAll: Bool) -> ResolvedValue<Object> {
        switch field {
        case .typeKind: return .string(type.kind.introspectionName)
        case .typeName: return .string(type.name)
        case .typeDescription: return text(type.description)
        case .typeSpecifiedByURL: return text(type.specifiedBy)
        case .typeFields where type.kind == .object || type.kind == .interface:
            return objects(
                schema.fields[type.fields].filter { isAll || $0.deprecationReason == nil }.map { .field($0) }
            )
        case .typeInterfaces where type.kind == .object || type.kind == .interface:
            return objects(type.interfaces.map { .type(TypeReference($0)) })
        case .typePossibleTypes where type.kind.isAbstract:
            return objects(type.possibleTypes.map { .type(TypeReference($0)) })
        case .typeEnumValues where type.kind == .enumeration:
            return objects(
                schema.enumValues[type.enumValues].filter { isAll || $0.deprecationReason == nil }.map {
                    .enumValue($0)
                }
            )
        case .typeInputFields where type.kind == .inputObject: return inputValues(type.inputFields, isAll)
        case .typeIsOneOf where type.kind == .inputObject: return .boolean(type.isOneOf)
        default: return .null
        }
    }

    /// `__Type` of a list or non-null type.
    private func resolve(_ field: IntrospectionField, wrapped type: TypeReference) -> ResolvedValue<Object> {
        switch field {
        case .typeKind: .string(type.isNonNull ? "NON_NULL" : "LIST")
        case .typeOfType: .object(.type(type.isNonNull ? type.nullable : type.element))
        default: .null
        }
    }

    // MARK: - Parts of types

    /// `__Field`.
    private func resolve(_ known: IntrospectionField, _ field: FieldDefinition, _ isAll: Bool) -> ResolvedValue<Object>
    {
        switch known {
        case .fieldName: .string(field.name)
        case .fieldDescription: text(field.description)
        case .fieldArguments: inputValues(field.arguments, isAll)
        case .fieldType: .object(.type(field.type))
        case .fieldIsDeprecated: .boolean(field.deprecationReason != nil)
        case .fieldDeprecationReason: text(field.deprecationReason)
        default: .null
        }
    }

    /// `__InputValue`.
    private func resolve(_ field: IntrospectionField, _ value: InputValueDefinition) -> ResolvedValue<Object> {
        switch field {
        case .inputValueName: .string(value.name)
        case .inputValueDescription: text(value.description)
        case .inputValueType: .object(.type(value.type))
        case .inputValueDefaultValue: text(value.defaultLiteral)
        case .inputValueIsDeprecated: .boolean(value.deprecationReason != nil)
        case .inputValueDeprecationReason: text(value.deprecationReason)
        default: .null
        }
    }

    /// `__EnumValue`.
    private func resolve(_ field: IntrospectionField, _ value: EnumValueDefinition) -> ResolvedValue<Object> {
        switch field {
        case .enumValueName: .string(value.name)
        case .enumValueDescription: text(value.description)
        case .enumValueIsDeprecated: .boolean(value.deprecationReason != nil)
        case .enumValueDeprecationReason: text(value.deprecationReason)
        default: .null
        }
    }

    /// `__Directive`.
    private func resolve(
        _ field: IntrospectionField,
        _ directive: DirectiveDefinition,
        _ isAll: Bool
    ) -> ResolvedValue<Object> {
        switch field {
        case .directiveName: return .string(directive.name)
        case .directiveDescription: return text(directive.description)
        case .directiveIsRepeatable: return .boolean(directive.isRepeatable)
        case .directiveLocations:
            let locations = directive.locations
            return .list(count: locations.count) { .string(locations[$0].rawValue) }
        case .directiveArguments: return inputValues(directive.arguments, isAll)
        default: return .null
        }
    }

    // MARK: - Shapes

    private func text(_ text: String?) -> ResolvedValue<Object> { text.map { .string($0) } ?? .null }

    private func type(_ type: TypeID?) -> ResolvedValue<Object> {
        type.map { .object(.type(TypeReference($0))) } ?? .null
    }

    private func objects(_ objects: [Object]) -> ResolvedValue<Object> {
        .objects(count: objects.count) { objects[$0] }
    }

    private func inputValues(_ range: Range<Int>, _ isAll: Bool) -> ResolvedValue<Object> {
        objects(schema.inputValues[range].filter { isAll || $0.deprecationReason == nil }.map { .inputValue($0) })
    }
}

extension TypeKind {
    /// The value of `__TypeKind` (§4.5.2).
    fileprivate var introspectionName: String {
        switch self {
        case .scalar: "SCALAR"
        case .object: "OBJECT"
        case .interface: "INTERFACE"
        case .union: "UNION"
        case .enumeration: "ENUM"
        case .inputObject: "INPUT_OBJECT"
        }
    }
}
