/// Where and why reading stopped, before line and column are known: small, so that throwing functions stay cheap.
internal struct SyntaxFailure: Error {
    /// The sentence after "Syntax Error:".
    let reason: String
    let offset: Int

    init(_ reason: String, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// The error as a response shows it, with the place counted out.
    func error(in source: Source) -> GraphQLError {
        GraphQLError("Syntax Error: \(reason)", locations: [source.location(ofByte: offset)])
    }
}
