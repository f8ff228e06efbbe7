internal import Bytes
internal import Digests
internal import Gzip
internal import JSON
internal import MicroHTTP

/// Documents that no call upstream goes into: the service document, `$metadata`, the lists. A cache asks before it uses one.
internal enum ODataDocument {
    static func response(
        _ body: ByteString,
        _ mediaType: String,
        _ format: ODataFormat,
        _ conditions: CacheConditions,
        headers: [(name: String, value: String)] = []
    ) -> HTTPResponse {
        let hash = SHA256.hash(body.array + format.form.utf8)
        let tag = EntityTag("\"" + Hexadecimal.encode(Array(hash.prefix(16))) + "\"")
        var headers = headers
        let scope = conditions.isAuthenticated ? "private" : "public"
        headers += [(name: "Cache-Control", value: "\(scope), no-cache"), (name: "ETag", value: tag.text)]
        if conditions.ifNoneMatch?.holds(tag) == true {
            return HTTPResponse(status: 304, headers: headers, body: .empty)
        }
        return packed(body, format, headers + [(name: "Content-Type", value: mediaType)])
    }

    /// A body as it travels.
    static func packed(
        _ body: ByteString,
        _ format: ODataFormat,
        _ headers: [(name: String, value: String)]
    ) -> HTTPResponse {
        guard format.isPacked, body.count > 1000 else {
            return HTTPResponse(status: 200, headers: headers, body: .bytes(body))
        }
        let coding = (name: "Content-Encoding", value: "gzip")
        return HTTPResponse(status: 200, headers: headers + [coding], body: .bytes(Gzip.compress(body, level: 1)))
    }

    static func bytes(_ value: JSONValue) -> ByteString {
        var buffer = ByteBuffer()
        buffer.append(json: value)
        return buffer.freeze()
    }
}
