/// Why the server does not start: a code for scripts, a sentence for people.
public struct ServerError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: Sendable {
        case badConfiguration
        case badSchema
        case badSavedQuery
        case cannotListen
        case exposed
    }

    public let code: Code
    public let reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { reason }
}
