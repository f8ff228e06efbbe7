/// Tells whether a document makes sense against a schema: September 2025 §5.
///
/// The document is walked once; what the walk finds out (``DocumentFacts``) is laid down in flat arrays by node, and
/// each rule is a function over these arrays. A rule's errors come in the order of the document, the rules in the order
/// of ``rules``, so that causes stand before their consequences.
///
/// The work is linear in the document. Where fragments multiply it (what is used through spreads, fields that merge)
/// steps are counted, and ``ValidationOptions/maximumSteps`` ends it.
public enum Validator {
    /// The errors of a document, none if it may be executed. They carry messages and locations.
    public static func validate(
        _ document: Document,
        against schema: Schema,
        options: ValidationOptions = ValidationOptions()
    ) -> [GraphQLError] {
        let context = ValidationContext(document, schema, options: options)
        var report = ValidationReport(options: options)
        for rule in rules where !report.isAborted {
            rule.check(context, report: &report)
            report.endRule()
        }
        return report.errors(in: document)
    }

    /// Every rule of §5, and two about introspection.
    internal static let rules: [any ValidationRule.Type] = [
        ExecutableDefinitions.self,
        UniqueOperationNames.self,
        LoneAnonymousOperation.self,
        KnownOperationTypes.self,
        SingleFieldSubscriptions.self,
        KnownTypeNames.self,
        FragmentsOnCompositeTypes.self,
        VariablesAreInputTypes.self,
        ScalarLeafs.self,
        FieldsOnCorrectType.self,
        UniqueFragmentNames.self,
        KnownFragmentNames.self,
        NoUnusedFragments.self,
        PossibleFragmentSpreads.self,
        NoFragmentCycles.self,
        UniqueVariableNames.self,
        NoUndefinedVariables.self,
        NoUnusedVariables.self,
        KnownDirectives.self,
        UniqueDirectivesPerLocation.self,
        KnownArgumentNames.self,
        UniqueArgumentNames.self,
        ValuesOfCorrectType.self,
        ProvidedRequiredArguments.self,
        VariablesInAllowedPosition.self,
        OverlappingFieldsCanBeMerged.self,
        UniqueInputFieldNames.self,
        MaxIntrospectionDepth.self,
        NoSchemaIntrospection.self,
    ]
}

/// How much a document may cost, and what its author is told.
public struct ValidationOptions: Hashable, Sendable {
    /// Whether messages suggest names of the schema that look like an unknown one. Off where the schema is not public.
    public var suggestions: Bool

    /// Whether the schema may be asked for: `__schema` and `__type`.
    public var introspection: Bool

    /// After this many errors validation ends with one more that says so.
    public var maximumErrors: Int

    /// How many steps may be spent where fragments multiply the work: one step is a selection seen in one place where
    /// fields merge, or a variable's usage seen from one operation. Documents that people write stay far below one step
    /// a byte; the default lets a hostile one cost about ten milliseconds.
    public var maximumSteps: Int

    public init(
        suggestions: Bool = true,
        introspection: Bool = true,
        maximumErrors: Int = 100,
        maximumSteps: Int = 200_000
    ) {
        self.suggestions = suggestions
        self.introspection = introspection
        self.maximumErrors = maximumErrors
        self.maximumSteps = maximumSteps
    }
}

/// One rule of §5: the specification's "formal specification" as a function.
internal protocol ValidationRule: SendableMetatype {
    /// Adds an error for each place of the document that breaks the rule. A rule says nothing about what another rule
    /// reports already: a field of an unknown type is one error, not one for each of its fields.
    static func check(_ context: ValidationContext, report: inout ValidationReport)
}
