internal import Bytes

/// One request, as a handler sees it during the call.
///
/// It cannot be copied, so that it cannot be carried off into work that runs later: its header fields are looked up
/// where they arrived, in memory that belongs to the connection. What later work needs is taken out first.
@safe
public struct HTTPRequest: ~Copyable {
    /// What is asked for.
    public var method: HTTPMethod

    /// The path as the client wrote it, escapes and all, without the query. See ``decodedPath``.
    public var path: String

    /// What stands after the question mark, as the client wrote it, or nil without a question mark.
    public var rawQuery: String?

    /// Parameters that were taken out of ``rawQuery`` for the secrets in them, as the client wrote them; nil if none were. Only
    /// links that lead back here need them.
    public private(set) var withheldQuery: String?

    /// The content, without its transfer coding.
    public var body: [UInt8]

    private let origin: Origin

    /// Where header fields and the client's address come from.
    private enum Origin {
        case connection(ConnectionReference)
        case values(headers: [(name: String, value: String)], clientAddress: String?)
    }

    /// A request made of plain values, with which a handler is tested without a socket.
    public init(
        method: HTTPMethod = .get,
        path: String = "/",
        rawQuery: String? = nil,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        clientAddress: String? = nil
    ) {
        self.method = method
        self.path = path
        self.rawQuery = rawQuery
        self.body = body
        origin = .values(headers: headers, clientAddress: clientAddress)
    }

    /// The request that has arrived on `connection`, which outlives the value: it is made, lent to a handler and
    /// destroyed within one callback.
    internal init(
        method: HTTPMethod,
        target: RequestTarget,
        body: consuming [UInt8],
        on connection: ConnectionReference
    ) {
        self.method = method
        path = target.path
        rawQuery = target.query
        self.body = body
        origin = .connection(connection)
    }

    private init(
        method: HTTPMethod,
        path: String,
        rawQuery: String?,
        withheldQuery: String,
        body: [UInt8],
        origin: Origin
    ) {
        self.method = method
        self.path = path
        self.rawQuery = rawQuery
        self.withheldQuery = withheldQuery
        self.body = body
        self.origin = origin
    }

    /// Lends `body` the same request with a part of its query withheld.
    ///
    /// - Parameters:
    ///   - part: What is withheld.
    ///   - rest: What is left, nil for nothing.
    public borrowing func withholding<Result>(
        _ part: String,
        leaving rest: String?,
        _ body: (borrowing HTTPRequest) -> Result
    ) -> Result {
        body(
            HTTPRequest(
                method: method,
                path: path,
                rawQuery: rest,
                withheldQuery: part,
                body: self.body,
                origin: origin
            )
        )
    }

    // MARK: - Header

    /// The value of the header field of that name in any case, or nil if there is none. Several fields of one name are
    /// one list (RFC 9110 §5.2), joined by `, ` — or by `; ` for `Cookie` (RFC 9113 §8.2.3).
    public func header(_ name: String) -> String? {
        switch origin {
        case .connection(let connection): return connection.header(name)
        case .values(let headers, _):
            let values = headers.filter { HeaderFields.isSameName($0.name, name) }.map(\.value)
            return values.isEmpty ? nil : values.joined(separator: HeaderFields.separator(for: name))
        }
    }

    /// All header fields in the order they came. Made anew by each call.
    public var headers: [(name: String, value: String)] {
        switch origin {
        case .connection(let connection): connection.headers
        case .values(let headers, _): headers
        }
    }

    /// The numeric address of the other end of the connection, such as `192.0.2.1` or `2001:db8::1`. Behind a proxy
    /// that is the proxy.
    public var clientAddress: String? {
        switch origin {
        case .connection(let connection): connection.clientAddress
        case .values(_, let clientAddress): clientAddress
        }
    }

    // MARK: - Target

    /// The parameters of the query in their order, decoded. Made anew by each call.
    public var queryItems: [(name: String, value: String)] {
        rawQuery.map { URLEncodedForm.items(in: $0.utf8) } ?? []
    }

    /// The parameters of the query in their order, decoded, or nil if something in it is not UTF-8.
    public var validQueryItems: [(name: String, value: String)]? {
        guard let rawQuery else { return [] }
        return URLEncodedForm.validItems(in: rawQuery.utf8)
    }

    /// The path with its escapes decoded. An escaped slash can no longer be told from a slash that parts segments.
    public var decodedPath: String { URLEncodedForm.decodePath(path) }
}
