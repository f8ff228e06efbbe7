internal import Gzip

/// How many bytes of a response are accepted. The largest that the API can send, 25 Tweets × 17 types × 672 hours, is about
/// 3 MB unpacked.
public struct ResponseLimits: Equatable, Sendable {
    /// As they come over the connection.
    public var packedBytes: Int
    /// After unpacking.
    public var bytes: Int

    public init(packedBytes: Int = 8 << 20, bytes: Int = 32 << 20) {
        self.packedBytes = packedBytes
        self.bytes = bytes
    }
}

extension TransportResponse {
    /// The body without its content coding.
    ///
    /// It is unpacked if the header or the first two bytes say gzip: some bodies come packed without a header.
    ///
    /// - Throws: ``EngagementAPIError/Code/responseTooLarge`` or ``EngagementAPIError/Code/invalidResponse``; damage in
    ///   transit may be gone at the next try.
    internal func content(limit: Int) throws(EngagementAPIError) -> [UInt8] {
        let coding = self["content-encoding"]?.lowercased() ?? "identity"
        guard Gzip.isGzip(body) || coding == "gzip" || coding == "x-gzip" else {
            guard coding == "identity" || coding.isEmpty else {
                throw EngagementAPIError(.invalidResponse, "the response is coded in a way that was not asked for")
            }
            guard body.count <= limit else { throw tooLarge(limit) }
            return body
        }
        do {
            return try Gzip.decompress(body, limit: limit)
        } catch .tooLarge {
            throw tooLarge(limit)
        } catch {
            throw EngagementAPIError(.invalidResponse, "\(error)", isRetryable: true)
        }
    }

    /// The content of a response that must be JSON by its header, if it has one.
    ///
    /// - Throws: as ``content(limit:)``.
    internal func json(limit: Int) throws(EngagementAPIError) -> [UInt8] {
        if let header = self["content-type"] {
            let type = header.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
            guard type == "application/json" || type == "text/json" || type.hasSuffix("+json") else {
                throw EngagementAPIError(.invalidResponse, "the response is not JSON by its content type")
            }
        }
        return try content(limit: limit)
    }

    private func tooLarge(_ limit: Int) -> EngagementAPIError {
        EngagementAPIError(.responseTooLarge, "the response has more than \(limit) bytes")
    }
}
