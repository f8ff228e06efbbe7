/// Why a server could not start.
public struct HTTPServerError: Error, Equatable, Sendable {
    /// What is wrong, to match on.
    public enum Code: Equatable, Sendable {
        /// Somebody else listens on this port.
        case addressInUse(port: UInt16)
        /// The system does not let this user listen there, as with ports below 1024.
        case permissionDenied
        /// The host is neither an address of this machine nor `localhost`.
        case badAddress(host: String)
        /// Anything else, such as no file descriptors being left.
        case failed
    }

    /// What is wrong, to match on.
    public let code: Code
    /// What is wrong, to read: one sentence for a terminal.
    public let reason: String

    /// An error of that kind.
    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}

extension HTTPServerError: CustomStringConvertible {
    public var description: String { reason }
}
