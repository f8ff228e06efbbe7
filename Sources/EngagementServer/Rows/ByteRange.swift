internal import Bytes
internal import MicroHTTP

/// The header `Range` of a request, with `If-Range` (RFC 9110 §13.1.5, §14): a part of what another answer has the whole of.
///
/// One range is answered; of several, of other units and of those that are none, the whole is, as the RFC leaves to us.
internal struct ByteRange: Sendable {
    private let bounds: Bounds
    private let ifRange: String?

    private enum Bounds {
        case from(Int, through: Int?)
        case last(Int)
    }

    /// Nil for a request that wants the whole.
    init?(_ request: borrowing HTTPRequest) {
        guard request.method == .get, let range = request.header("range") else { return nil }
        self.init(range, ifRange: request.header("if-range"))
    }

    init?(_ header: String, ifRange: String? = nil) {
        let parts = header.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bytes" else { return nil }
        let ends = parts[1].filter { $0 != " " && $0 != "\t" }
            .split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy(ASCII.isDigit) }) else { return nil }
        switch (ByteRange.number(ends[0]), ByteRange.number(ends[1])) {
        case (let first?, let last?):
            guard first <= last else { return nil }
            bounds = .from(first, through: last)
        case (let first?, nil): bounds = .from(first, through: nil)
        case (nil, let last?): bounds = .last(last)
        case (nil, nil): return nil
        }
        self.ifRange = ifRange
    }

    /// Nil for no digits. What is beyond all lengths is the greatest.
    private static func number(_ digits: some StringProtocol) -> Int? {
        digits.isEmpty ? nil : Int(digits) ?? .max
    }

    /// The part of `response` that is wanted: 206, or 416 if it has none. Only a response that is finished and has an entity tag
    /// has parts, since otherwise nobody could tell whether two of them belong together.
    func part(of response: HTTPResponse) -> HTTPResponse {
        guard response.status == 200, case .bytes(let body) = response.body, let tag = response.header("ETag"),
            ifRange == nil || ifRange == tag
        else { return response }
        guard let range = range(in: body.count) else {
            var refusal = ErrorResponse.json(416, "The response has \(body.count) bytes, and none in this range.")
            refusal.headers.append((name: "Content-Range", value: "bytes */\(body.count)"))
            return refusal
        }
        var part = response
        part.status = 206
        part.headers.append(
            (name: "Content-Range", value: "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(body.count)")
        )
        part.body = .bytes(body.slice(range))
        return part
    }

    private func range(in length: Int) -> Range<Int>? {
        switch bounds {
        case .from(let first, let last):
            guard first < length else { return nil }
            return first..<min(last ?? length - 1, length - 1) + 1
        case .last(let count):
            guard count > 0, length > 0 else { return nil }
            return max(0, length - count)..<length
        }
    }
}

extension ByteString {
    /// A copy of a part.
    fileprivate func slice(_ range: Range<Int>) -> ByteString {
        var buffer = ByteBuffer(capacity: range.count)
        unsafe withUnsafeBytes { bytes in
            unsafe buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
        return buffer.freeze()
    }
}

extension HTTPResponse {
    /// The value of the first header field of that name, as it was written here.
    internal func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
