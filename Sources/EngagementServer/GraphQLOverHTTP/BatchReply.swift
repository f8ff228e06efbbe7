internal import Bytes
internal import MicroHTTP

/// The answers to a batch as one: an array in the order of the requests, now if all are there now.
internal enum BatchReply {
    static func combine(_ replies: [HTTPReply], _ mediaType: ResponseMediaType) -> HTTPReply {
        let finished = replies.compactMap { reply -> HTTPResponse? in
            if case .now(let response) = reply { response } else { nil }
        }
        if finished.count == replies.count { return .now(response(finished, mediaType)) }
        return .later {
            let responses = await withTaskGroup(of: (Int, HTTPResponse).self) { group in
                for (index, reply) in replies.enumerated() {
                    group.addTask {
                        switch reply {
                        case .now(let response): (index, response)
                        case .later(let work): (index, await work())
                        }
                    }
                }
                var responses = [HTTPResponse?](repeating: nil, count: replies.count)
                for await (index, response) in group { responses[index] = response }
                return responses.compactMap(\.self)
            }
            return response(responses, mediaType)
        }
    }

    private static func response(_ responses: [HTTPResponse], _ mediaType: ResponseMediaType) -> HTTPResponse {
        var buffer = ByteBuffer(capacity: 4096)
        buffer.append(ASCII.leftBracket)
        for (index, response) in responses.enumerated() {
            if index > 0 { buffer.append(ASCII.comma) }
            if case .bytes(let body) = response.body { buffer.append(body) } else { buffer.append("null") }
        }
        buffer.append(ASCII.rightBracket)
        let headers = [(name: "Content-Type", value: mediaType.headerValue)]
        return HTTPResponse(status: 200, headers: headers, body: .bytes(buffer.freeze()))
    }
}
