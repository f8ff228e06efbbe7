/// What a request asks for (RFC 9110 §9). Methods are case-sensitive: `get` is not `GET`.
public enum HTTPMethod: Hashable, Sendable {
    case get
    case head
    case post
    case put
    case delete
    case options
    case patch
    /// Any other method, as the client wrote it.
    case other(String)
}

extension HTTPMethod {
    /// The method of that name.
    public init(_ name: String) {
        self =
            switch name {
            case "GET": .get
            case "HEAD": .head
            case "POST": .post
            case "PUT": .put
            case "DELETE": .delete
            case "OPTIONS": .options
            case "PATCH": .patch
            default: .other(name)
            }
    }

    /// The method of that name, compared as bytes: no text is made of the usual ones.
    internal init(cString name: UnsafePointer<CChar>) {
        if unsafe UnsafeRawPointer(name).isTerminated("GET") {
            self = .get
        } else if unsafe UnsafeRawPointer(name).isTerminated("POST") {
            self = .post
        } else {
            self.init(unsafe String(cString: name))
        }
    }

    /// The name as it stands in a request line.
    public var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .patch: "PATCH"
        case .other(let name): name
        }
    }
}

extension HTTPMethod: CustomStringConvertible {
    public var description: String { name }
}
