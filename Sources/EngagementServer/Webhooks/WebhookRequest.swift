internal import Bytes
internal import Digests
internal import Engagement
internal import EngagementAPI
internal import JSON

/// An event on its way to an address: the same bytes and the same id at each try, signed anew.
internal struct WebhookRequest: Sendable {
    /// The same for the same event, by which a receiver knows what it has had.
    let id: String
    let body: [UInt8]
    private let webhook: WebhookConfiguration

    /// - Parameters:
    ///   - response: What a subscriber is sent.
    ///   - place: Where the subscription is after the event. Reaching a threshold leads to another place each time, so that it tells
    ///     one event from all others; what changes can come back to where it was, so that the time is needed as well.
    init(_ webhook: WebhookConfiguration, _ response: ByteString, place: String?, at time: UnixTime?) {
        self.webhook = webhook
        let name = "\(webhook.name)\n\(place ?? response.text)\n\(time.map { "\($0.milliseconds)" } ?? "")"
        id = Hexadecimal.encode(Array(SHA256.hash(Array(name.utf8)).prefix(16)))
        var buffer = ByteBuffer(capacity: response.count + 128)
        buffer.append("{\"id\":")
        buffer.append(jsonString: id)
        buffer.append(",\"webhook\":")
        buffer.append(jsonString: webhook.name)
        buffer.append(",\"payload\":")
        buffer.append(response)
        buffer.append("}")
        body = buffer.freeze().array
    }

    /// The request as it is sent at `now`.
    func signed(at now: UnixTime) -> TransportRequest {
        TransportRequest(
            url: webhook.url.reveal(),
            headers: [
                HTTPHeader("Content-Type", "application/json; charset=utf-8"), HTTPHeader("User-Agent", "EngageQL"),
                HTTPHeader("EngageQL-Webhook", webhook.name), HTTPHeader("EngageQL-Event-Id", id),
                HTTPHeader("EngageQL-Signature", WebhookRequest.signature(body, key: webhook.secret, at: now)),
            ],
            body: body,
            maximumResponseBytes: 65_536
        )
    }

    /// `t=<seconds since 1970>,v1=<hex>`: the HMAC-SHA256 of the time as it stands there, a full stop and the body. The time is part of
    /// what is signed, so that a receiver can refuse what somebody has kept and sends again.
    static func signature(_ body: [UInt8], key: Secret, at now: UnixTime) -> String {
        let message = Array("\(now.seconds).".utf8) + body
        let code = HMACSHA256.authenticationCode(for: message, key: Array(key.reveal().utf8))
        return "t=\(now.seconds),v1=\(Hexadecimal.encode(code))"
    }
}
