internal import JSON

/// Where and why reading stopped, before line and column are known: small, so that throwing functions stay cheap.
internal struct SyntaxFailure: Error {
    /// The sentence after "Syntax Error:".
    let reason: String
    let offset: Int
    /// The limit that ended parsing, if one did.
    let limit: ParserLimits.Limit?

    init(_ reason: String, at offset: Int, limit: ParserLimits.Limit? = nil) {
        self.reason = reason
        self.offset = offset
        self.limit = limit
    }

    /// The error as a response shows it, with the place counted out.
    func error(in source: Source) -> GraphQLError {
        GraphQLError(
            "Syntax Error: \(reason)",
            locations: [source.location(ofByte: offset)],
            extensions: limit.map { [.init("code", .string($0.rawValue))] } ?? []
        )
    }
}
