internal import Gzip

/// An answer before it is packed and sent: what gzip, the client's wishes and faults on the way have not touched yet.
struct PlainReply {
    var status: Int
    /// All but those that say how the body is packed.
    var headers: [(name: String, value: String)]
    var body: [UInt8]
    /// Whether the API would pack it: everything but what a proxy in front of it says (dossier §2, §7).
    var isPackable = true

    /// An answer of JSON.
    init(_ status: Int, _ body: [UInt8], headers: [(name: String, value: String)] = []) {
        self.status = status
        self.headers = [(name: "Content-Type", value: "application/json")] + headers
        self.body = body
    }

    /// An error of the API.
    init(_ refusal: Refusal, headers: [(name: String, value: String)] = []) {
        self.init(refusal.status, refusal.body, headers: headers)
    }

    /// A page of HTML, from a proxy.
    init(page status: Int, _ html: String) {
        self.status = status
        headers = [("Content-Type", "text/html; charset=utf-8")]
        body = Array(html.utf8)
        isPackable = false
    }

    /// 200 and not a byte.
    static var empty: PlainReply {
        var reply = PlainReply(200, [])
        reply.isPackable = false
        return reply
    }

    /// The client is sent elsewhere.
    init(redirectTo path: String) {
        status = 302
        headers = [("Location", path)]
        body = []
        isPackable = false
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
