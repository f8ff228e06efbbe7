/// One way in which a call goes wrong.
public enum Fault: Equatable, Sendable {
    // Instead of the answer:

    /// 429, as if the minute's quota were used up.
    case tooManyRequests
    /// 500 with the API's own text.
    case internalServerError
    /// 502 with an HTML page, not JSON.
    case badGateway
    /// 503.
    case serviceUnavailable
    /// 200 with a body that is no JSON.
    case rubbish
    /// 302 to another path of the sandbox, which a signed POST must not follow.
    case redirect

    // The answer, spoilt:

    /// The right body under `text/html`.
    case wrongContentType
    /// The right body, but not gzipped.
    case notGzipped
    /// A gzip body that ends early, though the HTTP message is whole.
    case truncatedGzip
    /// A gzip body with damaged content.
    case corruptGzip
    /// The connection closes in the middle of the body.
    case cut

    // The answer, late:

    /// After so many milliseconds.
    case delay(milliseconds: Int)
    /// A few bytes at a time, with so many milliseconds between.
    case drip(milliseconds: Int)
}

extension Fault {
    /// The name in settings.
    public var name: String {
        switch self {
        case .tooManyRequests: "429"
        case .internalServerError: "500"
        case .badGateway: "502"
        case .serviceUnavailable: "503"
        case .rubbish: "rubbish"
        case .redirect: "redirect"
        case .wrongContentType: "wrong-content-type"
        case .notGzipped: "not-gzipped"
        case .truncatedGzip: "truncated-gzip"
        case .corruptGzip: "corrupt-gzip"
        case .cut: "cut"
        case .delay: "delay"
        case .drip: "drip"
        }
    }

    /// The fault of that name; `milliseconds` matter to the slow ones only.
    public init?(name: String, milliseconds: Int) {
        let all: [Fault] = [
            .tooManyRequests, .internalServerError, .badGateway, .serviceUnavailable, .rubbish, .redirect,
            .wrongContentType, .notGzipped, .truncatedGzip, .corruptGzip, .cut, .delay(milliseconds: milliseconds),
            .drip(milliseconds: milliseconds),
        ]
        guard let fault = all.first(where: { $0.name == name }) else { return nil }
        self = fault
    }
}
