extension Fault {
    /// What is answered instead of doing the call's work, or nil if the fault spoils the true answer. `gzip` packs a body.
    func replacement(_ gzip: ([UInt8]) -> [UInt8]) -> SandboxReply? {
        switch self {
        case .tooManyRequests: Fault.json(429, InventedWording.rateLimited, gzip)
        case .internalServerError: Fault.json(500, Wording.internalServerError, gzip)
        case .serviceUnavailable: Fault.json(503, InventedWording.serviceUnavailable, gzip)
        case .badGateway:
            // A proxy in front of the API answers this: no JSON, and it does not gzip either (dossier §7).
            SandboxReply(status: 502, headers: Fault.html, body: Array(Fault.proxyErrorPage.utf8))
        case .rubbish:
            SandboxReply(status: 200, headers: SandboxReply.gzippedJSON, body: gzip(Array("]this is no JSON{".utf8)))
        case .redirect:
            SandboxReply(status: 302, headers: [("Location", "/elsewhere")], body: [])
        case .wrongContentType, .notGzipped, .truncatedGzip, .corruptGzip, .cut, .delay, .drip: nil
        }
    }

    /// Spoils a true answer. `plain` is its body before gzip.
    func spoil(_ reply: inout SandboxReply, plain: [UInt8]) {
        switch self {
        case .wrongContentType:
            reply.replaceHeader("Content-Type", with: "text/html")
        case .notGzipped:
            reply.body = plain
            reply.replaceHeader("Content-Encoding", with: nil)
        case .truncatedGzip:
            reply.body = Array(reply.body.prefix(reply.body.count / 2))
        case .corruptGzip:
            // A bit of the checksum, which every gzip member ends with, so that the damage is always noticed.
            let place = reply.body.count - 8
            if place >= 0 { reply.body[place] ^= 0x10 }
        case .cut:
            reply.delivery.cutAfter = reply.body.count / 2
        case .delay(let milliseconds):
            reply.delivery.delayMilliseconds += milliseconds
        case .drip(let milliseconds):
            reply.delivery.dripMilliseconds = milliseconds
        case .tooManyRequests, .internalServerError, .badGateway, .serviceUnavailable, .rubbish, .redirect:
            break
        }
    }

    private static func json(_ status: Int, _ error: String, _ gzip: ([UInt8]) -> [UInt8]) -> SandboxReply {
        SandboxReply(status: status, headers: SandboxReply.gzippedJSON, body: gzip(Refusal(status, error).body))
    }

    private static let html = [(name: "Content-Type", value: "text/html; charset=utf-8")]
    private static let proxyErrorPage =
        "<html><head><title>502 Proxy Error</title></head><body>Proxy Error</body></html>"
}

extension SandboxReply {
    /// The header of every answer of the API.
    static let gzippedJSON: [(name: String, value: String)] = [
        ("Content-Type", "application/json"), ("Content-Encoding", "gzip"),
    ]

    /// Replaces a header field that is there; nil takes it away.
    mutating func replaceHeader(_ name: String, with value: String?) {
        headers.removeAll { $0.name == name }
        if let value { headers.append((name, value)) }
    }
}
