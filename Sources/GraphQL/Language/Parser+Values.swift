// Values and types as written: September 2025 §2.9 and §2.12.

extension Parser {
    // MARK: - Values

    /// Value[Const] (§2.9), appended to the document; what it holds lies before it.
    mutating func parseValue(isConstant: Bool) throws(SyntaxFailure) -> ValueIndex {
        document.values.append(try parseValueNode(isConstant: isConstant))
        return ValueIndex(document.values.count - 1)
    }

    /// DefaultValue :: `=` Value[Const] (§2.11), if it comes next.
    mutating func parseDefaultValue() throws(SyntaxFailure) -> ValueIndex? {
        guard try takes(.equalsSign) else { return nil }
        return try parseValue(isConstant: true)
    }

    private mutating func parseValueNode(isConstant: Bool) throws(SyntaxFailure) -> Value {
        let first = token
        let kind: Value.Kind
        switch first.kind {
        case .name: kind = namedValue(first)
        case .int: kind = .int(length: first.end &- first.start)
        case .float: kind = .float(length: first.end &- first.start)
        case .string, .blockString: kind = .string(first.stringLiteral)
        case .dollarSign: return try parseVariable(isConstant: isConstant)
        case .leftBracket: return try parseList(isConstant: isConstant)
        case .leftBrace: return try parseObject(isConstant: isConstant)
        default: throw unexpected()
        }
        try advance()
        return Value(offset: first.start, kind: kind)
    }

    /// BooleanValue, NullValue or EnumValue :: Name but not `true`, `false` or `null` (§2.9.3, §2.9.5, §2.9.6).
    private func namedValue(_ token: Token) -> Value.Kind {
        if isKeyword("true") { return .boolean(true) }
        if isKeyword("false") { return .boolean(false) }
        if isKeyword("null") { return .null }
        return .enumeration(token.name)
    }

    /// Variable :: `$` Name (§2.11), refused in constants.
    private mutating func parseVariable(isConstant: Bool) throws(SyntaxFailure) -> Value {
        let dollarSign = token
        try advance()
        if isConstant {
            guard token.kind == .name else { throw failure("Unexpected \(describe(dollarSign)).", at: dollarSign) }
            let name = lexer.text(token.name.range)
            throw failure("Unexpected variable \"$\(name)\" in constant value.", at: dollarSign)
        }
        return Value(offset: dollarSign.start, kind: .variable(try parseName()))
    }

    /// ListValue[Const] :: `[` `]` | `[` Value[?Const]+ `]` (§2.9.7).
    private mutating func parseList(isConstant: Bool) throws(SyntaxFailure) -> Value {
        let offset = token.start
        try descend()
        try advance()
        let mark = openValues.count
        while try !takes(.rightBracket) {
            openValues.append(try parseValueNode(isConstant: isConstant))
        }
        ascend()
        let elements = NodeRange(start: document.values.count, count: openValues.count - mark)
        for index in mark..<openValues.count { document.values.append(openValues[index]) }
        openValues.removeLast(openValues.count - mark)
        return Value(offset: offset, kind: .list(elements))
    }

    /// ObjectValue[Const] :: `{` `}` | `{` ObjectField[?Const]+ `}` (§2.9.8).
    private mutating func parseObject(isConstant: Bool) throws(SyntaxFailure) -> Value {
        let offset = token.start
        try descend()
        try advance()
        let mark = openObjectFields.count
        while try !takes(.rightBrace) {
            // ObjectField[Const] :: Name `:` Value[?Const].
            let name = try parseName()
            try expect(.colon)
            openObjectFields.append(ObjectField(name: name, value: try parseValue(isConstant: isConstant)))
        }
        ascend()
        let members = NodeRange(start: document.objectFields.count, count: openObjectFields.count - mark)
        for index in mark..<openObjectFields.count { document.objectFields.append(openObjectFields[index]) }
        openObjectFields.removeLast(openObjectFields.count - mark)
        return Value(offset: offset, kind: .object(members))
    }

    // MARK: - Types

    /// Type :: NamedType | ListType | NonNullType (§2.12). Read in a loop, since the brackets close in one run.
    mutating func parseType() throws(SyntaxFailure) -> TypeNode {
        let offset = token.start
        var openBrackets = 0
        while token.kind == .leftBracket {
            openBrackets += 1
            if openBrackets > TypeWrappers.maximumCount { throw tooManyWrappers() }
            try advance()
        }
        let name = try parseName()
        var wrappers = TypeWrappers()
        var count = openBrackets
        while true {
            if token.kind == .exclamationMark {
                count += 1
                if count > TypeWrappers.maximumCount { throw tooManyWrappers() }
                try advance()
                wrappers = wrappers.wrappedInNonNull()
            }
            if openBrackets == 0 { break }
            try expect(.rightBracket)
            openBrackets -= 1
            wrappers = wrappers.wrappedInList()
        }
        return TypeNode(offset: offset, name: name, wrappers: wrappers)
    }

    private func tooManyWrappers() -> SyntaxFailure {
        failure("Type has more than \(TypeWrappers.maximumCount) list and non-null marks. Parsing aborted.")
    }
}
