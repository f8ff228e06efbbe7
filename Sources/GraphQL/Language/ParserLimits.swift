/// How much a document may ask of the parser. Whoever sends documents is not trusted, so both limits always hold.
public struct ParserLimits: Sendable {
    /// The most tokens a document may have, comments left out. A document within the limit costs time and memory in
    /// proportion to it.
    public var maximumTokens: Int

    /// The deepest nesting of selection sets and of values. The parser recurses once a level, so this bounds its stack.
    public var maximumDepth: Int

    public init(maximumTokens: Int = 20_000, maximumDepth: Int = 200) {
        self.maximumTokens = maximumTokens
        self.maximumDepth = maximumDepth
    }

    /// Which limit a document broke. The raw value is `extensions.code` of the syntax error, by which a host tells a document
    /// that is too large from one that is wrong.
    public enum Limit: String, Sendable {
        case tokens = "TOO_MANY_TOKENS"
        case depth = "NESTED_TOO_DEEPLY"
    }
}
