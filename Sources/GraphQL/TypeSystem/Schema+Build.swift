extension Schema {
    /// Builds a schema from its definition language (September 2025 §3).
    ///
    /// Extensions are merged into what they extend; the built-in scalars that are used, the built-in directives and the types
    /// of introspection are added. Types keep the order of the source.
    ///
    /// ```swift
    /// let schema = try Schema.build(Source("type Query { greeting: String! }"))
    /// ```
    /// - Parameter scalars: How scalars are read, by name; the others take any value.
    /// - Throws: Everything that one stage of the checks found, with its places: syntax first, then names and directives,
    ///   then types, then default values.
    public static func build(
        _ source: Source,
        scalars: [String: ScalarCoercion] = [:]
    ) throws(GraphQLErrors) -> Schema {
        let document: Document
        do {
            // Whoever runs the service writes its schema, so that no limit on tokens is needed.
            document = try Document.parse(source, limits: ParserLimits(maximumTokens: .max))
        } catch {
            throw GraphQLErrors([error])
        }
        return try build(document, scalars: scalars)
    }

    /// Builds a schema from a parsed type system document: see ``build(_:scalars:)-(Source,_)``.
    public static func build(
        _ document: Document,
        scalars: [String: ScalarCoercion] = [:]
    ) throws(GraphQLErrors) -> Schema {
        var errors = SchemaErrors(document: document)
        let definitions = CollectedDefinitions(document, errors: &errors)
        DefinitionChecks.check(definitions, errors: &errors)
        DirectiveChecks.check(definitions, errors: &errors)
        try errors.throwIfAny()

        let builder = SchemaBuilder(definitions, scalars: scalars, errors: &errors)
        SchemaValidation.validate(builder, errors: &errors)
        try errors.throwIfAny()

        return try SchemaLiterals.finish(builder, errors: &errors)
    }
}
