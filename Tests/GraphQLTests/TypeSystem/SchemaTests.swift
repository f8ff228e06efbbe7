import GraphQL
import Testing

@Suite("Schema")
struct SchemaTests {
    static let schema: Schema = {
        do {
            return try Schema.build(
                Source(
                    """
                    type Query implements Node { id: ID! pets(first: Int = 5, by: Order = {}): [Pet!] @cost(weight: 3) }
                    interface Node { id: ID! }
                    type Cat implements Node { id: ID! meows: Boolean @deprecated }
                    type Dog implements Node { id: ID! barks: Boolean @deprecated(reason: "too loud") }
                    union Pet = Cat | Dog
                    enum Direction { UP DOWN }
                    input Order { by: [Direction!]! = UP, then: Order, limit: Int = 7 }
                    input Choice @oneOf { a: Int b: Order }
                    scalar Moment @specifiedBy(url: "https://example.com/moment")
                    directive @cost(weight: Int!, scale: Direction = DOWN) on FIELD_DEFINITION
                    """
                )
            )
        } catch {
            fatalError("\(error)")
        }
    }()

    private var schema: Schema { Self.schema }

    @Test("finds types, fields, arguments and values by name")
    func lookups() throws {
        let query = try #require(schema.type(named: "Query"))
        #expect(query == schema.queryType)
        #expect(query.index == 0)
        let pets = try #require(schema.field(named: "pets", on: query))
        #expect(schema[pets].name == "pets")
        #expect(schema[pets].parent == query)
        #expect(schema.text(of: schema[pets].type) == "[Pet!]")
        #expect(schema.inputValues[schema[pets].arguments].map(\.name) == ["first", "by"])
        let direction = try #require(schema.type(named: "Direction"))
        let down = try #require(schema.enumValue(named: "DOWN", on: direction))
        #expect(schema.enumValues[down].name == "DOWN")
        #expect(schema.type(named: "Nothing") == nil)
        #expect(schema.field(named: "barks", on: query) == nil)
        #expect(schema.directive(named: "cost") != nil)
        #expect(schema.directive(named: "skip") != nil)
    }

    @Test("finds names of a document by their hash")
    func documentLookups() throws {
        let document = try Document.parse(Source("{ pets(first: 1) @cost { ... on Cat { meows } } }"))
        let query = schema.queryType
        let field = try #require(document.fields.first { document.isName($0.name, "pets") })
        let pets = try #require(schema.field(named: field.name, of: document, on: query))
        let argument = document.arguments[field.arguments.indices.lowerBound]
        #expect(schema.argument(named: argument.name, of: document, on: pets) == schema[pets].arguments.lowerBound)
        let directive = try #require(schema.directive(named: document.directives[0].name, of: document))
        #expect(schema.directives[directive].name == "cost")
        let condition = try #require(document.inlineFragments[0].typeCondition)
        #expect(schema.type(named: condition, of: document) == schema.type(named: "Cat"))
    }

    @Test("knows which objects an abstract type may be")
    func possibleTypes() throws {
        let pet = try #require(schema.type(named: "Pet"))
        let node = try #require(schema.type(named: "Node"))
        func names(_ type: TypeID) -> [String] { schema[type].possibleTypes.map { schema[$0].name } }
        #expect(names(pet) == ["Cat", "Dog"])
        #expect(names(node) == ["Query", "Cat", "Dog"])
        #expect(names(schema.queryType) == ["Query"])
        #expect(schema.isPossible(schema.queryType, of: node))
        #expect(!schema.isPossible(schema.queryType, of: pet))
    }

    @Test("coerces default values, those inside of defaults too")
    func defaults() throws {
        let pets = try #require(schema.field(named: "pets", on: schema.queryType))
        let arguments = schema.inputValues[schema[pets].arguments]
        #expect(arguments.map(\.defaultLiteral) == ["5", "{}"])
        #expect(
            arguments.map(\.defaultValue) == [
                .int(5),
                .object([.init("by", .list([.enumeration("UP")])), .init("limit", .int(7))]),
            ]
        )
        #expect(!arguments.contains { $0.isRequired })
    }

    @Test("reads the directives that mean something to itself and keeps all for the host")
    func directives() throws {
        func definition(_ name: String) throws -> TypeDefinition { schema[try #require(schema.type(named: name))] }
        func reason(_ type: String, _ field: String) throws -> String? {
            let field = try #require(schema.field(named: field, on: try definition(type).id))
            return schema[field].deprecationReason
        }
        #expect(try reason("Cat", "meows") == "No longer supported")
        #expect(try reason("Dog", "barks") == "too loud")
        #expect(try reason("Dog", "id") == nil)
        #expect(try definition("Choice").isOneOf)
        #expect(try !definition("Order").isOneOf)
        #expect(try definition("Moment").specifiedBy == "https://example.com/moment")

        let pets = try #require(schema.field(named: "pets", on: schema.queryType))
        let cost = try #require(schema[pets].appliedDirectives.first)
        #expect(cost.name == "cost")
        #expect(cost.literal == "@cost(weight: 3)")
        #expect(cost.arguments.map(\.name) == ["weight", "scale"])
        #expect(cost.arguments.map(\.value) == [.int(3), .enumeration("DOWN")])
    }

    @Test("has the meta fields where §4 puts them, and lists them nowhere")
    func metaFields() throws {
        let pet = try #require(schema.type(named: "Pet"))
        let node = try #require(schema.type(named: "Node"))
        let moment = try #require(schema.type(named: "Moment"))
        for type in [schema.queryType, pet, node] {
            #expect(schema.field(named: "__typename", on: type) == schema.typenameField)
        }
        #expect(schema.field(named: "__typename", on: moment) == nil)
        #expect(schema.field(named: "__schema", on: schema.queryType) == schema.schemaField)
        #expect(schema.field(named: "__type", on: schema.queryType) == schema.typeField)
        #expect(schema.field(named: "__type", on: node) == nil)
        #expect(schema.text(of: schema[schema.typeField].type) == "__Type")
        #expect(!schema.fields[schema[schema.queryType].fields].contains { $0.name.hasPrefix("__") })
        #expect(schema.type(named: "__MetaFields") == nil)
    }

    @Test("has the introspection types of September 2025")
    func introspection() throws {
        let expected: [String: [String]] = [
            "__Schema": ["description", "types", "queryType", "mutationType", "subscriptionType", "directives"],
            "__Type": [
                "kind", "name", "description", "specifiedByURL", "fields", "interfaces", "possibleTypes", "enumValues",
                "inputFields", "ofType", "isOneOf",
            ],
            "__Field": ["name", "description", "args", "type", "isDeprecated", "deprecationReason"],
            "__InputValue": ["name", "description", "type", "defaultValue", "isDeprecated", "deprecationReason"],
            "__EnumValue": ["name", "description", "isDeprecated", "deprecationReason"],
            "__Directive": ["name", "description", "isRepeatable", "locations", "args"],
        ]
        for (name, fields) in expected {
            let type = schema[try #require(schema.type(named: name))]
            #expect(schema.fields[type.fields].map(\.name) == fields)
            #expect(type.isBuiltIn)
            #expect(type.description != nil)
        }
        let locations = schema[try #require(schema.type(named: "__DirectiveLocation"))]
        #expect(schema.enumValues[locations.enumValues].map(\.name) == DirectiveLocation.allCases.map(\.rawValue))
    }

    @Test("has the directives of §3.13, and the scalars that it uses and no others")
    func builtIn() throws {
        let deprecated = schema.directives[try #require(schema.directive(named: "deprecated"))]
        #expect(schema.inputValues[deprecated.arguments].map(\.defaultValue) == [.string("No longer supported")])
        #expect(
            schema.directives.filter(\.isBuiltIn).map(\.name) == [
                "skip", "include", "deprecated", "specifiedBy", "oneOf",
            ]
        )
        #expect(schema.type(named: "Float") == nil)
        for name in ["Int", "ID", "String", "Boolean"] { #expect(schema.type(named: name) != nil) }
    }

    @Test("has the root types that its definition names, or those of the usual names")
    func roots() throws {
        func roots(_ sdl: String) throws -> [String?] {
            let schema = try Schema.build(Source(sdl))
            return [OperationKind.query, .mutation, .subscription].map {
                schema.rootType(of: $0).map { schema[$0].name }
            }
        }
        let types = "type Query { a: Int } type Mutation { a: Int } type Subscription { a: Int }"
        #expect(try roots(types) == ["Query", "Mutation", "Subscription"])
        #expect(try roots(types + " schema { query: Mutation }") == ["Mutation", nil, nil])
        #expect(
            try roots("type Q { a: Int } schema @deprecated2 { query: Q } directive @deprecated2 on SCHEMA") == [
                "Q", nil, nil,
            ]
        )
        #expect(
            try roots("type Query { a: Int } type M { a: Int } extend schema { mutation: M }") == ["Query", "M", nil]
        )
    }
}
