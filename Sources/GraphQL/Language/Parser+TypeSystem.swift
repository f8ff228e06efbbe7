// Definitions and extensions of the type system: September 2025 §3. One function reads a definition and its extension, which
// differ in the word in front and in what may be left out.

extension Parser {
    /// TypeSystemDefinition :: SchemaDefinition | TypeDefinition | DirectiveDefinition (§3.1), nil if the keyword that comes
    /// next begins none of them.
    mutating func parseTypeSystemDefinition(description: StringLiteral?) throws(SyntaxFailure) -> Definition? {
        let head = HeadStart(offset: token.start, description: description, isExtension: false)
        if isKeyword("directive") { return append(.directive(try parseDirectiveDefinition(head))) }
        guard let definition = try parseTypeOrSchema(head) else { return nil }
        return append(definition)
    }

    /// TypeSystemExtension :: SchemaExtension | TypeExtension (§3.1.1).
    mutating func parseTypeSystemExtension() throws(SyntaxFailure) -> Definition {
        let head = HeadStart(offset: token.start, description: nil, isExtension: true)
        try expectKeyword("extend")
        guard let definition = try parseTypeOrSchema(head) else { throw unexpected() }
        return append(definition)
    }

    private mutating func append(_ definition: TypeSystemDefinition) -> Definition {
        document.typeSystem.append(definition)
        return .typeSystem(document.typeSystem.count - 1)
    }

    private mutating func parseTypeOrSchema(_ head: HeadStart) throws(SyntaxFailure) -> TypeSystemDefinition? {
        if isKeyword("type") { return .object(try parseObjectOrInterface(head)) }
        if isKeyword("enum") { return .enumeration(try parseEnum(head)) }
        if isKeyword("input") { return .inputObject(try parseInputObject(head)) }
        if isKeyword("interface") { return .interface(try parseObjectOrInterface(head)) }
        if isKeyword("union") { return .union(try parseUnion(head)) }
        if isKeyword("scalar") { return .scalar(try parseScalar(head)) }
        if isKeyword("schema") { return .schema(try parseSchema(head)) }
        return nil
    }

    /// What is known of a definition before its keyword.
    private struct HeadStart {
        let offset: UInt32
        let description: StringLiteral?
        let isExtension: Bool

        func with(_ directives: NodeRange) -> DefinitionHead {
            DefinitionHead(
                offset: offset,
                description: description,
                isExtension: isExtension,
                directives: directives
            )
        }
    }

    // MARK: - Schema and types

    /// SchemaDefinition :: Description? `schema` Directives[Const]? `{` RootOperationTypeDefinition+ `}` (§3.3) and
    /// SchemaExtension :: `extend` `schema` Directives[Const]? `{` RootOperationTypeDefinition+ `}`, braces optional if there
    /// are directives (§3.3.2).
    private mutating func parseSchema(_ start: HeadStart) throws(SyntaxFailure) -> SchemaNode {
        try advance()
        let head = start.with(try parseDirectives(isConstant: true))
        if !start.isExtension && token.kind != .leftBrace { throw expected(TokenKind.leftBrace.description) }
        var operations: [SchemaNode.RootOperation] = []
        try parseBlock(.leftBrace, .rightBrace) { parser throws(SyntaxFailure) in
            operations.append(try parser.parseRootOperation())
        }
        if start.isExtension && head.directives.isEmpty && operations.isEmpty { throw unexpected() }
        return SchemaNode(head: head, rootOperations: operations)
    }

    /// RootOperationTypeDefinition :: OperationType `:` NamedType (§3.3).
    private mutating func parseRootOperation() throws(SyntaxFailure) -> SchemaNode.RootOperation {
        let offset = token.start
        guard token.kind == .name else { throw expected(TokenKind.name.description) }
        guard let kind = operationKind else { throw unexpected() }
        try advance()
        try expect(.colon)
        return SchemaNode.RootOperation(offset: offset, kind: kind, type: try parseName())
    }

    /// ScalarTypeDefinition :: Description? `scalar` Name Directives[Const]? (§3.5), ScalarTypeExtension (§3.5.3).
    private mutating func parseScalar(_ start: HeadStart) throws(SyntaxFailure) -> ScalarNode {
        try advance()
        let name = try parseName()
        let head = start.with(try parseDirectives(isConstant: true))
        if start.isExtension && head.directives.isEmpty { throw unexpected() }
        return ScalarNode(head: head, name: name)
    }

    /// ObjectTypeDefinition :: Description? `type` Name ImplementsInterfaces? Directives[Const]? FieldsDefinition? (§3.6),
    /// InterfaceTypeDefinition likewise (§3.7), and their extensions (§3.6.3, §3.7.1).
    private mutating func parseObjectOrInterface(_ start: HeadStart) throws(SyntaxFailure) -> ObjectNode {
        try advance()
        let name = try parseName()
        // ImplementsInterfaces :: `implements` `&`? NamedType, then `&` NamedType as often as there are.
        let interfaces = try takesKeyword("implements") ? try parseNames(separatedBy: .ampersand) : []
        let head = start.with(try parseDirectives(isConstant: true))
        var fields: [FieldDefinitionNode] = []
        try parseBlock(.leftBrace, .rightBrace) { parser throws(SyntaxFailure) in
            fields.append(try parser.parseFieldDefinition())
        }
        if start.isExtension && interfaces.isEmpty && head.directives.isEmpty && fields.isEmpty { throw unexpected() }
        return ObjectNode(head: head, name: name, interfaces: interfaces, fields: fields)
    }

    /// UnionTypeDefinition :: Description? `union` Name Directives[Const]? UnionMemberTypes? (§3.8) and its extension
    /// (§3.8.1); UnionMemberTypes :: `=` `|`? NamedType, then `|` NamedType as often as there are.
    private mutating func parseUnion(_ start: HeadStart) throws(SyntaxFailure) -> UnionNode {
        try advance()
        let name = try parseName()
        let head = start.with(try parseDirectives(isConstant: true))
        let members = try takes(.equalsSign) ? try parseNames(separatedBy: .verticalBar) : []
        if start.isExtension && head.directives.isEmpty && members.isEmpty { throw unexpected() }
        return UnionNode(head: head, name: name, members: members)
    }

    /// EnumTypeDefinition :: Description? `enum` Name Directives[Const]? EnumValuesDefinition? (§3.9), extension (§3.9.1).
    private mutating func parseEnum(_ start: HeadStart) throws(SyntaxFailure) -> EnumNode {
        try advance()
        let name = try parseName()
        let head = start.with(try parseDirectives(isConstant: true))
        var values: [EnumValueNode] = []
        try parseBlock(.leftBrace, .rightBrace) { parser throws(SyntaxFailure) in
            values.append(try parser.parseEnumValue())
        }
        if start.isExtension && head.directives.isEmpty && values.isEmpty { throw unexpected() }
        return EnumNode(head: head, name: name, values: values)
    }

    /// InputObjectTypeDefinition :: Description? `input` Name Directives[Const]? InputFieldsDefinition? (§3.10), extension
    /// (§3.10.2).
    private mutating func parseInputObject(_ start: HeadStart) throws(SyntaxFailure) -> InputObjectNode {
        try advance()
        let name = try parseName()
        let head = start.with(try parseDirectives(isConstant: true))
        let fields = try parseInputValues(.leftBrace, .rightBrace)
        if start.isExtension && head.directives.isEmpty && fields.isEmpty { throw unexpected() }
        return InputObjectNode(head: head, name: name, fields: fields)
    }

    /// DirectiveDefinition :: Description? `directive` `@` Name ArgumentsDefinition? `repeatable`? `on` DirectiveLocations
    /// (§3.13).
    private mutating func parseDirectiveDefinition(_ start: HeadStart) throws(SyntaxFailure) -> DirectiveDefinitionNode
    {
        try advance()
        try expect(.atSign)
        let name = try parseName()
        let arguments = try parseInputValues(.leftParenthesis, .rightParenthesis)
        let isRepeatable = try takesKeyword("repeatable")
        try expectKeyword("on")
        return DirectiveDefinitionNode(
            head: start.with(.empty),
            name: name,
            arguments: arguments,
            isRepeatable: isRepeatable,
            locations: try parseDirectiveLocations()
        )
    }

    /// DirectiveLocations :: `|`? DirectiveLocation, then `|` DirectiveLocation as often as there are (§3.13).
    private mutating func parseDirectiveLocations() throws(SyntaxFailure) -> [Name] {
        _ = try takes(.verticalBar)
        var locations: [Name] = []
        repeat {
            if token.kind == .name, DirectiveLocation(rawValue: lexer.text(token.name.range)) == nil {
                throw unexpected()
            }
            locations.append(try parseName())
        } while try takes(.verticalBar)
        return locations
    }

    // MARK: - Members

    /// FieldDefinition :: Description? Name ArgumentsDefinition? `:` Type Directives[Const]? (§3.6).
    private mutating func parseFieldDefinition() throws(SyntaxFailure) -> FieldDefinitionNode {
        let description = try parseDescription()
        let name = try parseName()
        let arguments = try parseInputValues(.leftParenthesis, .rightParenthesis)
        try expect(.colon)
        return FieldDefinitionNode(
            offset: name.offset,
            description: description,
            name: name,
            arguments: arguments,
            type: try parseType(),
            directives: try parseDirectives(isConstant: true)
        )
    }

    /// ArgumentsDefinition :: `(` InputValueDefinition+ `)` (§3.6.1) or
    /// InputFieldsDefinition :: `{` InputValueDefinition+ `}` (§3.10), if it comes next.
    private mutating func parseInputValues(
        _ open: TokenKind,
        _ close: TokenKind
    ) throws(SyntaxFailure) -> [InputValueNode] {
        var values: [InputValueNode] = []
        try parseBlock(open, close) { parser throws(SyntaxFailure) in
            values.append(try parser.parseInputValue())
        }
        return values
    }

    /// InputValueDefinition :: Description? Name `:` Type DefaultValue? Directives[Const]? (§3.6.1).
    private mutating func parseInputValue() throws(SyntaxFailure) -> InputValueNode {
        let description = try parseDescription()
        let name = try parseName()
        try expect(.colon)
        return InputValueNode(
            offset: name.offset,
            description: description,
            name: name,
            type: try parseType(),
            defaultValue: try parseDefaultValue(),
            directives: try parseDirectives(isConstant: true)
        )
    }

    /// EnumValueDefinition :: Description? EnumValue Directives[Const]? (§3.9).
    private mutating func parseEnumValue() throws(SyntaxFailure) -> EnumValueNode {
        let description = try parseDescription()
        if isKeyword("true") || isKeyword("false") || isKeyword("null") {
            throw failure("\(describe(token)) is reserved and cannot be used for an enum value.")
        }
        let name = try parseName()
        return EnumValueNode(
            offset: name.offset,
            description: description,
            name: name,
            directives: try parseDirectives(isConstant: true)
        )
    }

    // MARK: - Lists

    /// The items between two marks, at least one; nothing if the opening mark does not come next.
    private mutating func parseBlock(
        _ open: TokenKind,
        _ close: TokenKind,
        _ parseItem: (inout Parser) throws(SyntaxFailure) -> Void
    ) throws(SyntaxFailure) {
        guard try takes(open) else { return }
        repeat {
            try parseItem(&self)
        } while try !takes(close)
    }

    /// Names between separators; one more separator may stand in front.
    private mutating func parseNames(separatedBy separator: TokenKind) throws(SyntaxFailure) -> [Name] {
        _ = try takes(separator)
        var names: [Name] = []
        repeat {
            names.append(try parseName())
        } while try takes(separator)
        return names
    }
}
