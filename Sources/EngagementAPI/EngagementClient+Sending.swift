internal import Engagement

extension EngagementClient {
    /// Signs and sends `call` once and decodes what comes, with the length of the body as it came.
    internal func send(
        _ call: EngagementCall,
        _ body: [UInt8],
        to url: RequestURL,
        as credentials: Credentials,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> (EngagementReply, bytes: Int) {
        let request = TransportRequest(
            url: url.text,
            headers: [
                HTTPHeader(
                    "Authorization",
                    credentials.authorization(for: url, nonce: nonce(), timestamp: clock().seconds)
                ),
                HTTPHeader("Content-Type", "application/json"),
                HTTPHeader("Accept", "application/json"),
                HTTPHeader("Accept-Encoding", "gzip"),
            ],
            body: body,
            maximumResponseBytes: limits.packedBytes
        )
        let response: TransportResponse
        do {
            response = try await transport.send(request, deadline: deadline)
        } catch {
            throw EngagementAPIError(error)
        }
        return (try decode(response, to: call, as: credentials), response.body.count)
    }

    private func decode(
        _ response: TransportResponse,
        to call: EngagementCall,
        as credentials: Credentials
    ) throws(EngagementAPIError) -> EngagementReply {
        let now = clock()
        let rateLimit = RateLimit(response, now: now)
        guard response.status == 200 else {
            let content = (try? response.content(limit: limits.bytes)) ?? []
            throw ErrorDecoding(
                status: response.status,
                messages: ErrorBody.messages(in: content).map { credentials.redacted($0.text) },
                tweets: call.tweets,
                rateLimit: rateLimit,
                resetAt: rateLimit?.resetAt ?? RateLimit.retryAfter(response, now: now)
            ).error
        }
        do {
            var reply = try ResponseDecoding(call).decode(try response.json(limit: limits.bytes))
            reply.rateLimit = rateLimit
            return reply
        } catch {
            var error = error
            error.status = 200
            error.rateLimit = rateLimit
            throw error
        }
    }
}
