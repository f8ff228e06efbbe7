/// What every schema has without writing it down, as a type system document of its own: the scalars of September 2025 §3.5, the
/// directives of §3.13 and the types of introspection (§4.2).
internal enum BuiltInDefinitions {
    /// §3.13.3: the reason when none is given.
    static let deprecationReason = "No longer supported"

    /// Lists the meta fields `__typename`, `__schema` and `__type` (§4.1, §4.2); no type of the schema.
    static let metaFieldsTypeName = "__MetaFields"

    static let document: Document = {
        do throws(GraphQLError) {
            return try Document.parse(Source(scalars + directives + introspection, name: "built-in definitions"))
        } catch {
            preconditionFailure("the built-in definitions parse: \(error.message)")
        }
    }()

    private static let scalars = """
        "A whole number of 32 bits with a sign."
        scalar Int

        "A number with a fraction, of double precision as IEEE 754 defines it."
        scalar Float

        "Text in Unicode."
        scalar String

        "`true` or `false`."
        scalar Boolean

        \"""
        An identifier: it may be given as a string or as a whole number and is always answered as a string. It is not meant to be
        read by people.
        \"""
        scalar ID


        """

    private static let directives = #"""
        "Leaves the field or fragment out when the argument is true."
        directive @skip(
          "Whether to leave it out."
          if: Boolean!
        ) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT

        "Includes the field or fragment only when the argument is true."
        directive @include(
          "Whether to include it."
          if: Boolean!
        ) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT

        "Marks an element of the schema that should no longer be used."
        directive @deprecated(
          "Why, and what to use instead, in Markdown."
          reason: String! = "No longer supported"
        ) on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE

        "Says where the behaviour of a scalar is specified."
        directive @specifiedBy(
          "The URL of the specification."
          url: String!
        ) on SCALAR

        "Says that exactly one field of the input object must be given, and not as null."
        directive @oneOf on INPUT_OBJECT


        """#

    private static let introspection = #"""
        type __MetaFields {
          "The name of the object's type."
          __typename: String!
          "The schema that answers."
          __schema: __Schema!
          "A type of the schema by its name."
          __type(name: String!): __Type
        }

        "What the service can do: its types, the entry points of each kind of operation, and its directives."
        type __Schema {
          description: String
          "All types, introspection's own included."
          types: [__Type!]!
          "Where queries start."
          queryType: __Type!
          "Where mutations start, if there are any."
          mutationType: __Type
          "Where subscriptions start, if there are any."
          subscriptionType: __Type
          "All directives that the service understands."
          directives: [__Directive!]!
        }

        "A type: a named one, or a list or non-null mark around another. The kind says which of the fields apply."
        type __Type {
          kind: __TypeKind!
          name: String
          description: String
          "Of scalars: the URL of the specification."
          specifiedByURL: String
          "Of objects and interfaces."
          fields(includeDeprecated: Boolean! = false): [__Field!]
          "Of objects and interfaces: what they implement."
          interfaces: [__Type!]
          "Of interfaces and unions: the objects that a value may be."
          possibleTypes: [__Type!]
          "Of enums."
          enumValues(includeDeprecated: Boolean! = false): [__EnumValue!]
          "Of input objects."
          inputFields(includeDeprecated: Boolean! = false): [__InputValue!]
          "Of lists and non-null marks: the type inside."
          ofType: __Type
          "Of input objects: whether exactly one field must be given."
          isOneOf: Boolean
        }

        "What a type is."
        enum __TypeKind {
          "A leaf with a value of its own."
          SCALAR
          "Has `fields` and `interfaces`."
          OBJECT
          "Has `fields`, `interfaces` and `possibleTypes`."
          INTERFACE
          "Has `possibleTypes`."
          UNION
          "Has `enumValues`."
          ENUM
          "Has `inputFields`."
          INPUT_OBJECT
          "Has `ofType`."
          LIST
          "Has `ofType`."
          NON_NULL
        }

        "A field of an object or interface."
        type __Field {
          name: String!
          description: String
          args(includeDeprecated: Boolean! = false): [__InputValue!]!
          type: __Type!
          isDeprecated: Boolean!
          deprecationReason: String
        }

        "An argument of a field or directive, or a field of an input object."
        type __InputValue {
          name: String!
          description: String
          type: __Type!
          "The value that holds when none is given, as a GraphQL literal."
          defaultValue: String
          isDeprecated: Boolean!
          deprecationReason: String
        }

        "A value of an enum."
        type __EnumValue {
          name: String!
          description: String
          isDeprecated: Boolean!
          deprecationReason: String
        }

        "An annotation that changes how a part of a document or schema is treated."
        type __Directive {
          name: String!
          description: String
          "Whether it may stand more than once at one place."
          isRepeatable: Boolean!
          locations: [__DirectiveLocation!]!
          args(includeDeprecated: Boolean! = false): [__InputValue!]!
        }

        "Where a directive may stand."
        enum __DirectiveLocation {
          "A query."
          QUERY
          "A mutation."
          MUTATION
          "A subscription."
          SUBSCRIPTION
          "A field of a selection."
          FIELD
          "The definition of a fragment."
          FRAGMENT_DEFINITION
          "The place where a named fragment is used."
          FRAGMENT_SPREAD
          "A fragment without a name."
          INLINE_FRAGMENT
          "The definition of a variable."
          VARIABLE_DEFINITION
          "A schema."
          SCHEMA
          "A scalar."
          SCALAR
          "An object type."
          OBJECT
          "The definition of a field."
          FIELD_DEFINITION
          "The definition of an argument."
          ARGUMENT_DEFINITION
          "An interface."
          INTERFACE
          "A union."
          UNION
          "An enum."
          ENUM
          "A value of an enum."
          ENUM_VALUE
          "An input object."
          INPUT_OBJECT
          "A field of an input object."
          INPUT_FIELD_DEFINITION
        }
        """#
}
