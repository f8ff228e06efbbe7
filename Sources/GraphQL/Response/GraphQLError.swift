public import JSON

/// An error as the response shows it: September 2025 §7.1.2.
public struct GraphQLError: Error, Equatable, Sendable {
    /// For developers: what is wrong and what to do about it.
    public var message: String
    /// Places in the document.
    public var locations: [SourceLocation]
    /// Where in the response, if it concerns one field.
    public var path: [PathSegment]?
    /// Members beyond the specification, `code` first.
    public var extensions: [JSONValue.Member]

    public init(
        _ message: String,
        locations: [SourceLocation] = [],
        path: [PathSegment]? = nil,
        extensions: [JSONValue.Member] = []
    ) {
        self.message = message
        self.locations = locations
        self.path = path
        self.extensions = extensions
    }

    /// A step from the response's root to a value.
    public enum PathSegment: Hashable, Sendable {
        case key(String)
        case index(Int)
    }
}

/// Why a request was refused before anything ran: at least one error.
public struct GraphQLErrors: Error, Equatable, Sendable {
    public let errors: [GraphQLError]

    public init(_ errors: [GraphQLError]) {
        self.errors = errors
    }
}
