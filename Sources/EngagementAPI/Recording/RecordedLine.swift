internal import Bytes
internal import Digests
internal import Engagement
internal import JSON

/// One exchange as a line of a recording.
///
/// ```json
/// {"time":"2026-11-20T12:30:00Z","method":"POST","path":"/insights/engagement/totals","authorization":"bearer",
///  "request":{"tweet_ids":["1"],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}},
///  "status":200,"headers":{"content-type":"application/json","x-per-minute-remaining":"9"},"body":{"g":{"1":"26"}}}
/// ```
///
/// | Key | Value |
/// |---|---|
/// | `time` | when the answer was there, to the second, UTC |
/// | `method`, `path` | of the request; the path without a query |
/// | `authorization` | `user` (OAuth 1.0a with a token), `application` (without one), `bearer`, `none` |
/// | `request` | the body as JSON, or as a string if it is none |
/// | `status`, `headers` | of the answer; names in lower case, and only `content-type`, `content-encoding`, `retry-after` and `x-per-*` |
/// | `body`, `text`, `base64` | one of the three: the unpacked body as JSON; as a string if it is text but no JSON; as it was sent if it is neither or does not unpack |
/// | `failure` | in place of the answer if there is none: the name of a ``TransportError/Code`` |
internal struct RecordedLine {
    /// The line without its end.
    internal let bytes: [UInt8]

    /// The line of an exchange, or nil for one with the token service.
    internal init?(
        _ request: TransportRequest,
        _ outcome: Result<TransportResponse, TransportError>,
        at time: UnixTime
    ) {
        let field = request.headers.first { $0.name.lowercased() == "authorization" }?.value
        guard let authorization = RecordedAuthorization(field) else { return nil }
        var line = ByteBuffer(capacity: 1024)
        line.append("{\"time\":")
        line.append(jsonString: UnixTime(seconds: time.seconds).iso8601)
        line.append(",\"method\":")
        line.append(jsonString: request.method)
        line.append(",\"path\":")
        line.append(jsonString: RequestURL(request.url)?.path ?? "")
        line.append(",\"authorization\":")
        line.append(jsonString: authorization.kind)
        line.append(",\"request\":")
        if let json = RecordedLine.json(request.body) {
            line.append(json)
        } else {
            line.append(jsonString: String(decoding: request.body, as: UTF8.self))
        }
        switch outcome {
        case .success(let response): RecordedLine.append(response, without: authorization.secrets, to: &line)
        case .failure(let error):
            line.append(",\"failure\":")
            line.append(jsonString: "\(error.code)")
        }
        line.append(ASCII.rightBrace)
        bytes = line.freeze().array
    }

    private static func append(
        _ response: TransportResponse,
        without secrets: [[UInt8]],
        to line: inout ByteBuffer
    ) {
        line.append(",\"status\":")
        line.append(decimal: Int64(response.status))
        line.append(",\"headers\":{")
        var names: Set<String> = []
        for header in response.headers {
            let name = header.name.lowercased()
            guard isKept(name), names.insert(name).inserted else { continue }
            if names.count > 1 { line.append(ASCII.comma) }
            line.append(jsonString: name)
            line.append(ASCII.colon)
            line.append(jsonString: String(decoding: redacted(Array(header.value.utf8), secrets), as: UTF8.self))
        }
        line.append(ASCII.rightBrace)
        let content = (try? response.content(limit: ResponseLimits().bytes)).map { redacted($0, secrets) }
        if let content, let json = json(content) {
            line.append(",\"body\":")
            line.append(json)
        } else if let text = content.flatMap({ String(validating: $0, as: UTF8.self) }) {
            line.append(",\"text\":")
            line.append(jsonString: text)
        } else {
            line.append(",\"base64\":")
            line.append(jsonString: Base64.encode(redacted(response.body, secrets)))
        }
    }

    private static func isKept(_ name: String) -> Bool {
        ["content-type", "content-encoding", "retry-after"].contains(name) || name.hasPrefix("x-per-")
    }

    /// `text` on one line if it is JSON. Within strings JSON has no line ends, so all of them are white space.
    private static func json(_ text: [UInt8]) -> [UInt8]? {
        var reader = JSONReader(text)
        guard (try? reader.skipValue()) != nil, (try? reader.readEnd()) != nil,
            String(validating: text, as: UTF8.self) != nil
        else { return nil }
        return text.map { $0 == ASCII.lineFeed || $0 == ASCII.carriageReturn ? ASCII.space : $0 }
    }

    /// `bytes` without what a server may have repeated of the credentials that it was sent.
    private static func redacted(_ bytes: [UInt8], _ secrets: [[UInt8]]) -> [UInt8] {
        secrets.reduce(bytes) { bytes, secret in
            bytes.firstRange(of: secret) == nil ? bytes : bytes.replacing(secret, with: Array("<secret>".utf8))
        }
    }
}

/// What may be told of an `Authorization` field: which of the ways of dossier §9 it is.
private struct RecordedAuthorization {
    let kind: String
    /// What the field shows of the credentials, encoded and not: it must not get into the recording by the answer.
    let secrets: [[UInt8]]

    /// Nil for a key and secret, which only the token service is sent.
    init?(_ field: String?) {
        guard let field else {
            kind = "none"
            secrets = []
            return
        }
        let scheme = field.prefix { $0 != " " }.lowercased()
        let value = field.dropFirst(scheme.count + 1)
        switch scheme {
        case "oauth":
            let shown = ["oauth_token", "oauth_signature"].compactMap { name in
                value.split(whereSeparator: { ", ".contains($0) }).first { $0.hasPrefix("\(name)=") }
                    .map { $0.dropFirst(name.count + 1).filter { $0 != "\"" } }
            }
            kind = value.contains("oauth_token=\"\"") || !value.contains("oauth_token=") ? "application" : "user"
            secrets = RecordedAuthorization.forms(of: shown)
        case "bearer":
            kind = "bearer"
            secrets = RecordedAuthorization.forms(of: [String(value)])
        case "basic": return nil
        default:
            kind = "none"
            secrets = RecordedAuthorization.forms(of: [String(value)])
        }
    }

    private static func forms(of values: [String]) -> [[UInt8]] {
        values.flatMap { [$0, PercentEncoding.text(ofEncoded: $0) ?? $0] }.filter { !$0.isEmpty }.map { Array($0.utf8) }
    }
}
