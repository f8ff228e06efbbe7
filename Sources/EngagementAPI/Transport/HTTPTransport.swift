public import Engagement

/// What sends requests: libcurl in a server, a script in a test. Knows HTTP and nothing of the Engagement API.
public protocol HTTPTransport: Sendable {
    /// Sends a request and returns the response, whatever its status. Redirects are not followed, and the body comes as it
    /// was sent, packed or not.
    ///
    /// - Throws: ``TransportError`` if there is no whole response by `deadline`, or the task is cancelled.
    func send(_ request: TransportRequest, deadline: UnixTime) async throws(TransportError) -> TransportResponse
}

/// A header field.
public struct HTTPHeader: Hashable, Sendable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// `Authorization` is a secret however a request comes to be printed.
extension HTTPHeader: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "\(name): \(name.lowercased().contains("authorization") ? "<secret>" : value)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A request with everything that is to be sent.
public struct TransportRequest: Sendable {
    public var method: String
    /// Absolute, http or https.
    public var url: String
    public var headers: [HTTPHeader]
    public var body: [UInt8]
    /// A response with a longer body is given up.
    public var maximumResponseBytes: Int

    public init(
        method: String = "POST",
        url: String,
        headers: [HTTPHeader],
        body: [UInt8],
        maximumResponseBytes: Int = ResponseLimits().packedBytes
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.maximumResponseBytes = maximumResponseBytes
    }
}

/// A whole response.
public struct TransportResponse: Sendable {
    public var status: Int
    public var headers: [HTTPHeader]
    public var body: [UInt8]

    public init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of the first field of that name, whose case does not matter.
    public subscript(name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }
}

/// Why there is no whole response.
public struct TransportError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What went wrong, to match on.
    public enum Code: Sendable {
        /// An address or header that cannot be sent.
        case invalidRequest
        /// No connection: name, route, port or proxy.
        case connectionFailed
        /// Too slow at any stage.
        case timedOut
        /// No trusted connection.
        case tlsFailed
        /// The connection broke, or the body ended early.
        case connectionLost
        /// More bytes than the request accepts.
        case responseTooLarge
        /// Not HTTP.
        case invalidResponse
        /// The task was cancelled.
        case cancelled
        /// The transport was shut down.
        case shutDown
    }

    public let code: Code
    /// What went wrong, to read.
    public let reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    public static func == (left: TransportError, right: TransportError) -> Bool { left.code == right.code }

    public var description: String { reason }
}

extension EngagementAPIError {
    /// The failure of a transport, as callers of the API see it.
    internal init(_ error: TransportError) {
        let code: Code =
            switch error.code {
            case .invalidRequest: .invalidCall
            case .connectionFailed: .connectionFailed
            case .timedOut: .timedOut
            case .tlsFailed: .tlsFailed
            case .connectionLost: .connectionLost
            case .responseTooLarge: .responseTooLarge
            case .invalidResponse: .invalidResponse
            case .cancelled, .shutDown: .cancelled
            }
        self.init(code, error.reason)
    }
}
