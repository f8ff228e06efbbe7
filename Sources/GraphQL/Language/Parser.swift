/// Reads a document by recursive descent (September 2025, appendix B), with one token of lookahead.
///
/// There is one function a production, named after it and with the production in its comment; a function is `mutating` if and
/// only if it consumes tokens. Nodes go into the arrays of ``Document``: what cannot nest in itself is appended as it is
/// read, what can (selections, values, members of objects) waits on a stack until its parent closes, so that the children of
/// one parent lie side by side.
internal struct Parser: ~Copyable {
    var lexer: Lexer
    /// The token that comes next.
    var token: Token
    var document: Document

    /// Selections of the open braces, the innermost on top.
    var openSelections: [Selection] = []
    /// Elements of the open list values.
    var openValues: [Value] = []
    /// Members of the open object values.
    var openObjectFields: [ObjectField] = []

    private let limits: ParserLimits
    private var depth = 0
    private var tokenCount = 0

    init(_ source: Source, lexer: consuming Lexer, limits: ParserLimits) throws(SyntaxFailure) {
        self.lexer = lexer
        self.limits = limits
        document = Document(source: source)
        // A field takes some twenty bytes of a usual document. Estimated high, so that arrays seldom move.
        let estimate = min(source.bytes.count / 16, limits.maximumTokens) + 4
        document.fields.reserveCapacity(estimate)
        document.selections.reserveCapacity(estimate)
        openSelections.reserveCapacity(32)
        token = Token(kind: .endOfFile, start: 0, end: 0)
        try advance()
    }

    /// Document :: Definition+ (§2.2).
    ///
    /// Gives the document away without a copy, which would count a reference for each of its arrays.
    consuming func parseDocument() throws(SyntaxFailure) -> Document {
        repeat {
            document.definitions.append(try parseDefinition())
        } while token.kind != .endOfFile
        return document
    }

    /// Definition :: ExecutableDefinition | TypeSystemDefinitionOrExtension (§2.2). All but the short form of a query and the
    /// extensions may have a description in front.
    private mutating func parseDefinition() throws(SyntaxFailure) -> Definition {
        if token.kind == .leftBrace { return try parseShortQuery() }
        let start = token
        let description = try parseDescription()
        guard token.kind == .name else {
            if description != nil && token.kind == .leftBrace {
                throw failure(
                    "Unexpected description, descriptions are not supported on shorthand queries.",
                    at: start
                )
            }
            throw unexpected()
        }
        if let kind = operationKind { return try parseOperation(kind, description: description) }
        if isKeyword("fragment") { return try parseFragment(description: description) }
        if isKeyword("extend") {
            guard description == nil else {
                throw failure("Unexpected description, only GraphQL definitions support descriptions.", at: start)
            }
            return try parseTypeSystemExtension()
        }
        if let definition = try parseTypeSystemDefinition(description: description) { return definition }
        guard description == nil else {
            throw failure("Unexpected description, only GraphQL definitions support descriptions.", at: start)
        }
        throw unexpected()
    }

    /// Description :: StringValue (§2.2.1).
    mutating func parseDescription() throws(SyntaxFailure) -> StringLiteral? {
        guard token.kind == .string || token.kind == .blockString else { return nil }
        let literal = token.stringLiteral
        try advance()
        return literal
    }
}

// MARK: - Tokens

extension Parser {
    @inline(__always)
    mutating func advance() throws(SyntaxFailure) {
        token = try lexer.next()
        tokenCount &+= 1
        if tokenCount > limits.maximumTokens { try refuseTokenCount() }
    }

    /// The end of the text is no token.
    private func refuseTokenCount() throws(SyntaxFailure) {
        if token.kind == .endOfFile { return }
        throw SyntaxFailure(
            "Document contains more than \(limits.maximumTokens) tokens. Parsing aborted.",
            at: Int(token.start),
            limit: .tokens
        )
    }

    /// Consumes a token of the kind, which has to come next.
    @inline(__always)
    mutating func expect(_ kind: TokenKind) throws(SyntaxFailure) {
        guard token.kind == kind else { throw expected(kind.description) }
        try advance()
    }

    /// Consumes a token of the kind if it comes next, and says whether it did.
    @inline(__always)
    mutating func takes(_ kind: TokenKind) throws(SyntaxFailure) -> Bool {
        guard token.kind == kind else { return false }
        try advance()
        return true
    }

    /// Name (§2.1.9).
    @inline(__always)
    mutating func parseName() throws(SyntaxFailure) -> Name {
        guard token.kind == .name else { throw expected(TokenKind.name.description) }
        let name = token.name
        try advance()
        return name
    }

    /// Whether the name `keyword` comes next.
    func isKeyword(_ keyword: StaticString) -> Bool {
        guard token.kind == .name else { return false }
        return lexer.matches(Int(token.start)..<Int(token.end), keyword)
    }

    mutating func expectKeyword(_ keyword: StaticString) throws(SyntaxFailure) {
        guard isKeyword(keyword) else { throw expected("\"\(keyword)\"") }
        try advance()
    }

    mutating func takesKeyword(_ keyword: StaticString) throws(SyntaxFailure) -> Bool {
        guard isKeyword(keyword) else { return false }
        try advance()
        return true
    }

    /// OperationType :: one of `query` `mutation` `subscription` (§2.3), if it comes next.
    var operationKind: OperationKind? {
        if isKeyword("query") { return .query }
        if isKeyword("mutation") { return .mutation }
        if isKeyword("subscription") { return .subscription }
        return nil
    }

    /// Goes one level down in something that nests in itself; the caller has consumed nothing of it yet.
    mutating func descend() throws(SyntaxFailure) {
        depth &+= 1
        if depth > limits.maximumDepth {
            throw SyntaxFailure(
                "Document is nested more than \(limits.maximumDepth) levels deep. Parsing aborted.",
                at: Int(token.start),
                limit: .depth
            )
        }
    }

    mutating func ascend() { depth &-= 1 }
}

// MARK: - Failures

extension Parser {
    func failure(_ reason: String) -> SyntaxFailure { failure(reason, at: token) }

    func failure(_ reason: String, at token: Token) -> SyntaxFailure { SyntaxFailure(reason, at: Int(token.start)) }

    func unexpected() -> SyntaxFailure { failure("Unexpected \(describe(token)).") }

    func expected(_ what: String) -> SyntaxFailure { failure("Expected \(what), found \(describe(token)).") }

    /// The token as messages show it: its kind, and what it says if kinds alone do not tell.
    func describe(_ token: Token) -> String {
        switch token.kind {
        case .name, .int, .float:
            "\(token.kind.description) \"\(lexer.text(Int(token.start)..<Int(token.end)))\""
        case .string, .blockString:
            "\(token.kind.description) \"\(document.text(of: token.stringLiteral))\""
        default: token.kind.description
        }
    }
}

// MARK: - Entry

extension Document {
    /// Parses a document: operations and fragments, a type system, or both.
    ///
    /// One pass over the bytes; time and memory are proportional to the length, the stack to `limits.maximumDepth`.
    /// - Throws: The first syntax error, with its place.
    public static func parse(_ source: Source, limits: ParserLimits = ParserLimits()) throws(GraphQLError) -> Document {
        do throws(SyntaxFailure) {
            guard source.bytes.count < UInt32.max else {
                throw SyntaxFailure("Document is longer than 4 GiB.", at: 0)
            }
            return try unsafe source.bytes.withUnsafeBufferPointer { bytes throws(SyntaxFailure) in
                try unsafe Parser(source, lexer: Lexer(bytes), limits: limits).parseDocument()
            }
        } catch {
            throw error.error(in: source)
        }
    }
}
