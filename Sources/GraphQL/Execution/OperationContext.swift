/// What the stages of one operation share: its document, the schema, its variables.
internal final class OperationContext: Sendable {
    let document: Document
    let schema: Schema
    let definition: OperationDefinition
    let rootType: TypeID
    let variables: [VariablePlan]
    /// The variables, by index, that `@skip` and `@include` take.
    let conditionVariables: [Int]
    let limits: ExecutionLimits

    init(
        _ definition: OperationDefinition,
        of document: Document,
        schema: Schema,
        rootType: TypeID,
        limits: ExecutionLimits
    ) throws(GraphQLErrors) {
        var variables: [VariablePlan] = []
        for index in definition.variableDefinitions.indices {
            variables.append(try VariablePlan(document.variableDefinitions[index], of: document, schema: schema))
        }
        self.document = document
        self.schema = schema
        self.definition = definition
        self.rootType = rootType
        self.variables = variables
        self.limits = limits
        conditionVariables = OperationContext.conditionVariables(among: variables, of: document)
    }

    /// The index of a variable in ``variables``.
    func variable(named name: Name) -> Int? {
        variables.firstIndex { document.isSame($0.node, name) }
    }

    /// The fragment that a spread names.
    func fragment(named name: Name) -> Int? {
        document.fragments.firstIndex { document.isSame($0.name, name) }
    }

    func location(ofByte offset: UInt32) -> SourceLocation { document.location(ofByte: offset) }

    /// Those of fragments that the operation does not reach are among them; that costs nothing but a bit.
    private static func conditionVariables(among variables: [VariablePlan], of document: Document) -> [Int] {
        guard !variables.isEmpty else { return [] }
        var found: [Int] = []
        for directive in document.directives
        where document.isName(directive.name, "skip") || document.isName(directive.name, "include") {
            for argument in document.arguments[directive.arguments.indices] {
                guard case .variable(let name) = document.values[argument.value.index].kind,
                    let index = variables.firstIndex(where: { document.isSame($0.node, name) }),
                    !found.contains(index)
                else { continue }
                found.append(index)
            }
        }
        return found
    }
}
