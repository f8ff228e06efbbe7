internal import Engagement
internal import MicroHTTP

/// Why a request is not let in. It says what is wrong with a key and never what the key is.
internal struct AccessRefusal: Error, Equatable {
    enum Code: String {
        case unauthenticated = "UNAUTHENTICATED"
        case forbidden = "FORBIDDEN"
        case rateLimited = "RATE_LIMITED"
        case misdirected = "MISDIRECTED_REQUEST"
    }

    let code: Code
    let message: String
    /// Whether there was a key, which is not good.
    private var isInvalid = false
    private var retryAfter: Int64?

    private init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    private static func invalid(_ message: String) -> AccessRefusal {
        var refusal = AccessRefusal(.unauthenticated, message)
        refusal.isInvalid = true
        return refusal
    }

    // MARK: - Reasons

    static let noKey = AccessRefusal(
        .unauthenticated,
        """
        This server asks for a key: send it as Authorization: Bearer, or as the password of Authorization: Basic; a key that may \
        stand in a URL also as the parameter key.
        """
    )

    static let unreadable = invalid(
        "The Authorization header cannot be read: expected Bearer and a key, or Basic with a key as the password."
    )

    static let malformed = invalid("This is no key: it has been cut, or copied wrongly.")

    static let unknown = invalid("The key is not known here.")

    static let severalKeys = invalid("The URL has the parameter key more than once.")

    static func expired(_ time: UnixTime) -> AccessRefusal { invalid("The key has expired, on \(time.iso8601).") }

    static let notInQuery = AccessRefusal(
        .forbidden,
        "This key may not stand in a URL (keys: inQuery): send it as Authorization: Bearer, or as the password of Basic."
    )

    static let noMetrics = AccessRefusal(.forbidden, "This key may not read /metrics (keys: may).")

    static func rateLimited(seconds: Int64) -> AccessRefusal {
        var refusal = AccessRefusal(
            .rateLimited,
            "The key has made all requests of this minute (keys: requestsPerMinute): again in \(seconds) s."
        )
        refusal.retryAfter = seconds
        return refusal
    }

    static let misdirected = AccessRefusal(
        .misdirected,
        """
        Without keys this server answers to localhost and the addresses of this machine alone: a web page could reach it by \
        another name. If the Host of this request is one of its own, put it into server.hosts.
        """
    )

    // MARK: - As a response

    var status: Int {
        switch code {
        case .unauthenticated: 401
        case .forbidden: 403
        case .rateLimited: 429
        case .misdirected: 421
        }
    }

    /// In the form that the callers of a path look for errors in.
    func response(at path: String) -> HTTPResponse {
        guard ODataEndpoint.owns(path) else {
            return ErrorResponse.json(status, message, code: code.rawValue, headers: headers)
        }
        return ODataError(status, code.inOData, message).response(headers: headers)
    }

    /// Basic stands first: spreadsheets and browsers ask their user for it.
    var headers: [(name: String, value: String)] {
        if let retryAfter { return [(name: "Retry-After", value: String(retryAfter))] }
        guard code == .unauthenticated else { return [] }
        // RFC 6750 §3.1: who shows nothing is told of no error.
        let error = isInvalid ? ", error=\"invalid_token\", error_description=\"\(message)\"" : ""
        return [
            (name: "WWW-Authenticate", value: "Basic realm=\"EngageQL\", charset=\"UTF-8\""),
            (name: "WWW-Authenticate", value: "Bearer realm=\"EngageQL\"\(error)"),
        ]
    }
}

extension AccessRefusal.Code {
    /// The same as a word of OData's services.
    fileprivate var inOData: String {
        switch self {
        case .unauthenticated: "Unauthorized"
        case .forbidden: "Forbidden"
        case .rateLimited: "TooManyRequests"
        case .misdirected: "MisdirectedRequest"
        }
    }
}
