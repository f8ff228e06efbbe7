// Operations, fragments and selections: September 2025 §2.3 to §2.8 and §2.10 to §2.13.

extension Parser {
    // MARK: - Operations

    /// OperationDefinition :: SelectionSet (§2.3), the short form of an anonymous query.
    mutating func parseShortQuery() throws(SyntaxFailure) -> Definition {
        let offset = token.start
        let operation = OperationDefinition(
            kind: .query,
            offset: offset,
            description: nil,
            name: nil,
            variableDefinitions: .empty,
            directives: .empty,
            selectionSet: try parseSelectionSet()
        )
        document.operations.append(operation)
        return .operation(document.operations.count - 1)
    }

    /// OperationDefinition :: Description? OperationType Name? VariablesDefinition? Directives? SelectionSet (§2.3).
    mutating func parseOperation(
        _ kind: OperationKind,
        description: StringLiteral?
    ) throws(SyntaxFailure) -> Definition {
        let offset = token.start
        try advance()
        let operation = OperationDefinition(
            kind: kind,
            offset: offset,
            description: description,
            name: token.kind == .name ? try parseName() : nil,
            variableDefinitions: try parseVariableDefinitions(),
            directives: try parseDirectives(isConstant: false),
            selectionSet: try parseSelectionSet()
        )
        document.operations.append(operation)
        return .operation(document.operations.count - 1)
    }

    /// VariablesDefinition :: `(` VariableDefinition+ `)` (§2.11), if it comes next.
    private mutating func parseVariableDefinitions() throws(SyntaxFailure) -> NodeRange {
        guard try takes(.leftParenthesis) else { return .empty }
        let start = document.variableDefinitions.count
        repeat {
            try parseVariableDefinition()
        } while try !takes(.rightParenthesis)
        return NodeRange(start: start, count: document.variableDefinitions.count - start)
    }

    /// VariableDefinition :: Description? Variable `:` Type DefaultValue? Directives[Const]? (§2.11).
    private mutating func parseVariableDefinition() throws(SyntaxFailure) {
        let description = try parseDescription()
        let offset = token.start
        try expect(.dollarSign)
        let name = try parseName()
        try expect(.colon)
        let definition = VariableDefinition(
            offset: offset,
            description: description,
            name: name,
            type: try parseType(),
            defaultValue: try parseDefaultValue(),
            directives: try parseDirectives(isConstant: true)
        )
        document.variableDefinitions.append(definition)
    }

    // MARK: - Fragments

    /// FragmentDefinition :: Description? `fragment` FragmentName TypeCondition Directives? SelectionSet (§2.10).
    mutating func parseFragment(description: StringLiteral?) throws(SyntaxFailure) -> Definition {
        let offset = token.start
        try advance()
        let name = try parseFragmentName()
        try expectKeyword("on")
        let fragment = FragmentDefinition(
            offset: offset,
            description: description,
            name: name,
            typeCondition: try parseName(),
            directives: try parseDirectives(isConstant: false),
            selectionSet: try parseSelectionSet()
        )
        document.fragments.append(fragment)
        return .fragment(document.fragments.count - 1)
    }

    /// FragmentName :: Name but not `on` (§2.10).
    private mutating func parseFragmentName() throws(SyntaxFailure) -> Name {
        if isKeyword("on") { throw unexpected() }
        return try parseName()
    }

    // MARK: - Selections

    /// SelectionSet :: `{` Selection+ `}` (§2.4).
    mutating func parseSelectionSet() throws(SyntaxFailure) -> NodeRange {
        guard token.kind == .leftBrace else { throw expected(TokenKind.leftBrace.description) }
        try descend()
        try advance()
        let mark = openSelections.count
        repeat {
            let selection = token.kind == .spread ? try parseSpread() : try parseField()
            openSelections.append(selection)
        } while token.kind != .rightBrace
        try advance()
        ascend()
        let start = document.selections.count
        let count = openSelections.count &- mark
        for index in mark..<openSelections.count { document.selections.append(openSelections[index]) }
        openSelections.removeLast(count)
        return NodeRange(start: start, count: count)
    }

    /// Field :: Alias? Name Arguments? Directives? SelectionSet? (§2.5), Alias :: Name `:` (§2.7).
    private mutating func parseField() throws(SyntaxFailure) -> Selection {
        let first = try parseName()
        let second = try takes(.colon) ? try parseName() : nil
        let arguments = token.kind == .leftParenthesis ? try parseArguments(isConstant: false) : .empty
        let directives = token.kind == .atSign ? try parseDirectives(isConstant: false) : .empty
        let selectionSet = token.kind == .leftBrace ? try parseSelectionSet() : nil
        document.fields.append(
            Field(
                alias: second == nil ? nil : first,
                name: second ?? first,
                arguments: arguments,
                directives: directives,
                selectionSet: selectionSet
            )
        )
        return .field(document.fields.count - 1)
    }

    /// FragmentSpread :: `...` FragmentName Directives? and
    /// InlineFragment :: `...` TypeCondition? Directives? SelectionSet (§2.10). A name other than `on` decides.
    private mutating func parseSpread() throws(SyntaxFailure) -> Selection {
        let offset = token.start
        try advance()
        let hasCondition = try takesKeyword("on")
        if !hasCondition && token.kind == .name {
            let spread = FragmentSpread(
                offset: offset,
                name: try parseName(),
                directives: try parseDirectives(isConstant: false)
            )
            document.fragmentSpreads.append(spread)
            return .fragmentSpread(document.fragmentSpreads.count - 1)
        }
        let fragment = InlineFragment(
            offset: offset,
            typeCondition: hasCondition ? try parseName() : nil,
            directives: try parseDirectives(isConstant: false),
            selectionSet: try parseSelectionSet()
        )
        document.inlineFragments.append(fragment)
        return .inlineFragment(document.inlineFragments.count - 1)
    }

    // MARK: - Arguments and directives

    /// Arguments[Const] :: `(` Argument[?Const]+ `)` (§2.6), if it comes next.
    mutating func parseArguments(isConstant: Bool) throws(SyntaxFailure) -> NodeRange {
        guard try takes(.leftParenthesis) else { return .empty }
        let start = document.arguments.count
        repeat {
            // Argument[Const] :: Name `:` Value[?Const].
            let name = try parseName()
            try expect(.colon)
            document.arguments.append(Argument(name: name, value: try parseValue(isConstant: isConstant)))
        } while try !takes(.rightParenthesis)
        return NodeRange(start: start, count: document.arguments.count - start)
    }

    /// Directives[Const] :: Directive[?Const]+ (§2.13), if any come next.
    mutating func parseDirectives(isConstant: Bool) throws(SyntaxFailure) -> NodeRange {
        guard token.kind == .atSign else { return .empty }
        let start = document.directives.count
        repeat {
            // Directive[Const] :: `@` Name Arguments[?Const]?.
            let offset = token.start
            try advance()
            let directive = Directive(
                offset: offset,
                name: try parseName(),
                arguments: try parseArguments(isConstant: isConstant)
            )
            document.directives.append(directive)
        } while token.kind == .atSign
        return NodeRange(start: start, count: document.directives.count - start)
    }
}
