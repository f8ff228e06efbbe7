/// A document that has been parsed and validated against a schema once and is executed often: what a cache of documents
/// holds. There is no other way to an ``Operation``, so nothing is executed that validation has not seen.
public final class PreparedDocument: Sendable {
    public let document: Document
    public let schema: Schema

    /// The operations in document order.
    public let operations: [PreparedOperation]

    /// Parses and validates.
    /// - Throws: The syntax error, or all that validation finds.
    public convenience init(
        _ source: Source,
        schema: Schema,
        parserLimits: ParserLimits = ParserLimits(),
        validation: ValidationOptions = ValidationOptions(),
        limits: ExecutionLimits = ExecutionLimits()
    ) throws(GraphQLErrors) {
        let document: Document
        do throws(GraphQLError) {
            document = try Document.parse(source, limits: parserLimits)
        } catch {
            throw GraphQLErrors([error])
        }
        try self.init(document, schema: schema, validation: validation, limits: limits)
    }

    /// Validates a document that has been parsed.
    /// - Throws: All that validation finds.
    public init(
        _ document: Document,
        schema: Schema,
        validation: ValidationOptions = ValidationOptions(),
        limits: ExecutionLimits = ExecutionLimits()
    ) throws(GraphQLErrors) {
        let errors = Validator.validate(document, against: schema, options: validation)
        guard errors.isEmpty else { throw GraphQLErrors(errors) }
        var operations: [PreparedOperation] = []
        for definition in document.operations {
            operations.append(
                try PreparedOperation(
                    definition,
                    of: document,
                    schema: schema,
                    limits: limits,
                    suggestions: validation.suggestions
                )
            )
        }
        self.document = document
        self.schema = schema
        self.operations = operations
    }

    /// The operation to execute (September 2025 §6.1, "GetOperation"): the one of that name, or the only one.
    public func operation(named name: String? = nil) throws(GraphQLErrors) -> PreparedOperation {
        guard let first = operations.first else { throw GraphQLErrors([GraphQLError("Must provide an operation.")]) }
        guard let name else {
            guard operations.count == 1 else {
                throw GraphQLErrors([
                    GraphQLError("Must provide operation name if query contains multiple operations.")
                ])
            }
            return first
        }
        guard let operation = operations.first(where: { $0.name == name }) else {
            throw GraphQLErrors([GraphQLError("Unknown operation named \"\(name)\".")])
        }
        return operation
    }
}
