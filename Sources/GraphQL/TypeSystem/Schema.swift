/// A schema that is known to be valid (September 2025 §3): what documents are validated against and executed by.
///
/// Everything lies in flat arrays and is found by number; names are looked up once, through ``NameTable``. Built by
/// ``SchemaBuilder`` from a type system document.
public final class Schema: Sendable {
    public let description: String?
    public let types: [TypeDefinition]
    public let fields: [FieldDefinition]
    public let inputValues: [InputValueDefinition]
    public let enumValues: [EnumValueDefinition]
    public let directives: [DirectiveDefinition]
    public let queryType: TypeID
    public let mutationType: TypeID?
    public let subscriptionType: TypeID?

    /// `__typename`, `__schema` and `__type` (§4): they belong to no type's field list.
    public let typenameField: FieldID
    public let schemaField: FieldID
    public let typeField: FieldID

    /// How custom scalars are read, by name: see ``ScalarCoercion``.
    public let scalarCoercions: [TypeID: ScalarCoercion]

    private let names: NameTable

    internal init(parts: Parts, names: NameTable) {
        description = parts.description
        types = parts.types
        fields = parts.fields
        inputValues = parts.inputValues
        enumValues = parts.enumValues
        directives = parts.directives
        queryType = parts.queryType
        mutationType = parts.mutationType
        subscriptionType = parts.subscriptionType
        typenameField = parts.typenameField
        schemaField = parts.schemaField
        typeField = parts.typeField
        scalarCoercions = parts.scalarCoercions
        self.names = names
    }

    /// The arrays while the builder fills them.
    internal struct Parts {
        var description: String?
        var types: [TypeDefinition] = []
        var fields: [FieldDefinition] = []
        var inputValues: [InputValueDefinition] = []
        var enumValues: [EnumValueDefinition] = []
        var directives: [DirectiveDefinition] = []
        var queryType = TypeID(index: 0)
        var mutationType: TypeID?
        var subscriptionType: TypeID?
        var typenameField = FieldID(index: 0)
        var schemaField = FieldID(index: 0)
        var typeField = FieldID(index: 0)
        var scalarCoercions: [TypeID: ScalarCoercion] = [:]
    }
}

// MARK: - By number

extension Schema {
    public subscript(type: TypeID) -> TypeDefinition { types[Int(type.index)] }

    public subscript(field: FieldID) -> FieldDefinition { fields[Int(field.index)] }

    /// The root type of a kind of operation, if the schema has one.
    public func rootType(of kind: OperationKind) -> TypeID? {
        switch kind {
        case .query: queryType
        case .mutation: mutationType
        case .subscription: subscriptionType
        }
    }

    /// The type as it is written, `[Name!]!`.
    public func text(of type: TypeReference) -> String {
        if type.isNonNull { return text(of: type.nullable) + "!" }
        if type.isList { return "[" + text(of: type.element) + "]" }
        return self[type.named].name
    }
}

// MARK: - By name

extension Schema {
    public func type(named name: String) -> TypeID? { names.find(name, in: .types).map(TypeID.init(index:)) }

    public func type(named name: Name, of document: Document) -> TypeID? {
        names.find(name, of: document.source, in: .types).map(TypeID.init(index:))
    }

    /// A field of an object or interface, or one of the meta fields that the type has: `__typename` everywhere (unions too),
    /// `__schema` and `__type` on the query type.
    public func field(named name: Name, of document: Document, on type: TypeID) -> FieldID? {
        names.find(name, of: document.source, in: .fields(type)).map(FieldID.init(index:))
    }

    public func field(named name: String, on type: TypeID) -> FieldID? {
        names.find(name, in: .fields(type)).map(FieldID.init(index:))
    }

    /// The index in ``inputValues`` of an argument of a field.
    public func argument(named name: Name, of document: Document, on field: FieldID) -> Int? {
        names.find(name, of: document.source, in: .arguments(field))
    }

    /// The index in ``directives``.
    public func directive(named name: Name, of document: Document) -> Int? {
        names.find(name, of: document.source, in: .directives)
    }

    public func directive(named name: String) -> Int? { names.find(name, in: .directives) }

    /// The index in ``inputValues`` of an argument of the directive at `directive` in ``directives``.
    public func argument(named name: Name, of document: Document, onDirective directive: Int) -> Int? {
        names.find(name, of: document.source, in: .directiveArguments(directive))
    }

    /// The index in ``inputValues`` of a field of an input object.
    public func inputField(named name: Name, of document: Document, on type: TypeID) -> Int? {
        names.find(name, of: document.source, in: .inputFields(type))
    }

    public func inputField(named name: String, on type: TypeID) -> Int? { names.find(name, in: .inputFields(type)) }

    /// The index in ``enumValues``.
    public func enumValue(named name: Name, of document: Document, on type: TypeID) -> Int? {
        names.find(name, of: document.source, in: .enumValues(type))
    }

    public func enumValue(named name: String, on type: TypeID) -> Int? { names.find(name, in: .enumValues(type)) }

    /// Whether a value of the object type `object` may stand where `type` is asked for.
    public func isPossible(_ object: TypeID, of type: TypeID) -> Bool {
        object == type || self[type].possibleTypes.contains(object)
    }
}
