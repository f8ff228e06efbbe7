internal import Gzip

/// An answer before it is packed and sent: what gzip, the client's wishes and faults on the way have not touched yet.
struct PlainReply {
    var status: Int
    /// All but those that say how the body is packed.
    var headers: [(name: String, value: String)]
    var body: [UInt8]
    /// Whether the API would pack it: everything but what a proxy in front of it says (dossier §2, §7).
    var isPackable: Bool

    init(status: Int, headers: [(name: String, value: String)], body: [UInt8], isPackable: Bool) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isPackable = isPackable
    }

    /// An answer of JSON.
    init(_ status: Int, _ body: [UInt8], headers: [(name: String, value: String)] = []) {
        self.init(
            status: status,
            headers: [(name: "Content-Type", value: "application/json")] + headers,
            body: body,
            isPackable: true
        )
    }

    /// An error of the API.
    init(_ refusal: Refusal, headers: [(name: String, value: String)] = []) {
        self.init(refusal.status, refusal.body, headers: headers)
    }

    /// A page of HTML, from a proxy.
    init(page status: Int, _ html: String) {
        let headers = [(name: "Content-Type", value: "text/html; charset=utf-8")]
        self.init(status: status, headers: headers, body: Array(html.utf8), isPackable: false)
    }

    /// 200 and not a byte.
    static var empty: PlainReply {
        let headers = [(name: "Content-Type", value: "application/json")]
        return PlainReply(status: 200, headers: headers, body: [], isPackable: false)
    }

    /// The client is sent elsewhere.
    init(redirectTo path: String) {
        self.init(status: 302, headers: [("Location", path)], body: [], isPackable: false)
    }

    /// The answer as it is sent. Error bodies are gzipped as well: clients unpack them without asking (dossier §2).
    func packed() -> SandboxReply {
        guard isPackable else { return unpacked() }
        return SandboxReply(
            status: status,
            headers: headers + [("Content-Encoding", "gzip")],
            body: Gzip.compress(body)
        )
    }

    /// The answer for a client that does not take gzip.
    func unpacked() -> SandboxReply {
        SandboxReply(status: status, headers: headers, body: body)
    }
}
