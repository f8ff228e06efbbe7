internal import JSON
internal import MicroHTTP

/// Why a request has no answer, as OData says it (JSON Format 4.0 §19): `{"error":{"code":…,"message":…}}`.
internal struct ODataError: Error, Equatable, Sendable {
    let status: Int
    /// A word for programs.
    let code: String
    let message: String
    /// What of the request is meant, such as `$filter`.
    let target: String?
    /// More of the same.
    var details: [Detail] = []

    struct Detail: Equatable, Sendable {
        let code: String
        let message: String
    }

    init(_ status: Int, _ code: String, _ message: String, target: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.target = target
    }

    /// The request is wrong.
    static func malformed(_ target: String, _ message: String) -> ODataError {
        ODataError(400, "BadRequest", message, target: target)
    }

    /// The request is OData, but of a part that there is not here.
    static func unsupported(_ target: String, _ message: String) -> ODataError {
        ODataError(501, "NotImplemented", message, target: target)
    }

    func response(headers: [(name: String, value: String)] = []) -> HTTPResponse {
        var members: [JSONValue.Member] = [.init("code", .string(code)), .init("message", .string(message))]
        if let target { members.append(.init("target", .string(target))) }
        if !details.isEmpty {
            let list = details.map { detail in
                JSONValue.object([.init("code", .string(detail.code)), .init("message", .string(detail.message))])
            }
            members.append(.init("details", .array(list)))
        }
        let body = JSONValue.object([.init("error", .object(members))])
        return HTTPResponse(
            status: status,
            headers: [(name: "Content-Type", value: "application/json;charset=utf-8"), CacheControl.noStore] + headers,
            body: .bytes(ODataDocument.bytes(body))
        )
    }
}
