internal import Engagement
internal import EngagementGraph

/// Names by which a cache of others can be told to forget responses: a CDN that knows such keys, or Varnish with its `xkey`.
///
/// A response has `engageql`, the families that its numbers are of (`totals`, `series`), and `tweet-<id>` for each Tweet; with more
/// Tweets than fit in a header, `tweet-many` in place of those.
internal struct SurrogateKeys: Sendable {
    /// The header that the cache reads, such as `Surrogate-Key` or `Cache-Tag`.
    let header: String
    private let separator: String

    /// Proxies bound the bytes of all headers, some to four thousand.
    private static let mostTweets = 100

    /// - Parameter header: Nil if no cache reads such keys.
    init?(header: String?) {
        guard let header else { return nil }
        self.header = header
        // Those that are called tags have commas between them.
        separator = header.lowercased().hasSuffix("tag") ? "," : " "
    }

    /// The header of an answer from these needs.
    func value(of needs: [MetricNeed]) -> (name: String, value: String) {
        var keys = ["engageql"]
        for family in MetricFamily.allCases where needs.contains(where: { $0.family == family }) {
            keys.append(family == .totals ? "totals" : "series")
        }
        let tweets = Set(needs.lazy.flatMap(\.tweets))
        if tweets.count > SurrogateKeys.mostTweets {
            keys.append("tweet-many")
        } else {
            keys += tweets.map(\.rawValue).sorted().map { "tweet-\($0)" }
        }
        return (header, keys.joined(separator: separator))
    }

    /// Whether a header may have this name (RFC 9110 §5.1).
    static func isUsable(header: String) -> Bool {
        (1...60).contains(header.utf8.count)
            && header.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "-") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                    || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            }
    }
}
