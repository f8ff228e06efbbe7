import Engagement
import EngagementSandbox
import Foundation

/// One row of the report: a request, as bytes.
struct Workload: Sendable {
    let name: String
    let title: String
    /// The request, header and all.
    let request: [UInt8]
    /// A text of ``Counter/width`` digits that stands in the request, and perhaps in the answer, and is another number in each
    /// request; nil sends the same bytes every time.
    var counter: Counter?
    /// Whether the answer is a GraphQL response, whose numbers have all to be there.
    var isGraphQL = true

    /// Whether the server may give the same response again, or has to make each one from cells.
    var isRemembered = false

    static let names = [
        "W1", "W2", "W3", "W1-computed", "W2-computed", "W3-computed", "W2-tweets", "unseen", "csv",
    ]

    /// All rows, in the order of ``names``. `tweets` are 250.
    static func all(_ tweets: [TweetID]) -> [Workload] {
        let counter = Counter()
        let tables = [
            Workload(
                name: "W1",
                title: "1 Tweet × 4 public metrics",
                request: post(Query.fourMetrics, tweets.prefix(1))
            ),
            Workload(name: "W2", title: "25 Tweets × 8 fields", request: post(Query.eightFields, tweets.prefix(25))),
            Workload(name: "W3", title: "250 Tweets × 8 fields", request: post(Query.eightFields, tweets.prefix(250))),
        ]
        return tables.map(\.remembered) + tables.map(\.computed) + [
            Workload(
                name: "W2-tweets",
                title: "25 Tweets × 8 fields, as `tweets`",
                request: post(Query.cards, tweets.prefix(25))
            ),
            Workload(
                name: "unseen",
                title: "25 Tweets × 8 fields, another query text each time",
                request: post(Query.eightFields(alias: counter.placeholder), tweets.prefix(25)),
                counter: counter
            ),
            Workload(
                name: "csv",
                title: "25 Tweets × 7 columns, GET /q/top-tweets.csv",
                request: get("/q/top-tweets.csv", tweets.prefix(25)),
                isGraphQL: false
            ),
        ]
    }

    private var remembered: Workload {
        var workload = self
        workload.isRemembered = true
        return workload
    }

    private var computed: Workload {
        var workload = Workload(name: "\(name)-computed", title: "the same, computed from cells", request: request)
        workload.isRemembered = false
        return workload
    }

    /// Tweets of the sandbox's default account: old enough that their numbers are good for a day, young enough that
    /// impressions are served (dossier §6: 90 days).
    static func tweets(_ count: Int) -> [TweetID] {
        let first = UnixTime.now().flooredHour.start.advanced(bySeconds: -50 * 86_400)
        return (0..<count).map { index in
            let seconds: Int = index * 3600 + index * 977 % 3600
            return SandboxWorld.tweetID(
                postedAt: first.advanced(bySeconds: Int64(seconds)),
                sequence: UInt64(index * 7919)
            )
        }
    }

    private static func get(_ path: String, _ tweets: ArraySlice<TweetID>) -> [UInt8] {
        let ids = tweets.map(\.description).joined(separator: ",")
        return Array("GET \(path)?ids=\(ids) HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
    }

    private static func post(_ query: String, _ tweets: ArraySlice<TweetID>) -> [UInt8] {
        let variables = String(decoding: Query.variables(tweets), as: UTF8.self)
        let body = "{\"query\":\"\(query)\",\"variables\":\(variables)}"
        let header = [
            "POST /graphql HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Accept: application/json",
            "Content-Length: \(body.utf8.count)",
        ]
        let text = header.map { "\($0)\r\n" }.joined() + "\r\n" + body
        return Array(text.utf8)
    }
}

/// The documents that are measured. None needs an escape in JSON.
enum Query {
    static let fourMetrics =
        "query Card($ids: [ID!]!) { totals(tweetIds: $ids) { favorites retweets replies videoViews } }"

    static let eightFields = "query Table($ids: [ID!]!) { totals(tweetIds: $ids) { \(fields) } }"

    static let cards = "query Page($ids: [ID!]!) { tweets(ids: $ids) { id totals { \(metrics) } } }"

    static func eightFields(alias: String) -> String {
        "query Table($ids: [ID!]!) { a\(alias): totals(tweetIds: $ids) { \(fields) } }"
    }

    private static let metrics = "impressions engagements favorites retweets quoteTweets replies videoViews"
    private static let fields = "tweetId \(metrics)"

    /// The variables of each of them.
    static func variables(_ tweets: ArraySlice<TweetID>) -> [UInt8] {
        Array("{\"ids\":[\(tweets.map { "\"\($0)\"" }.joined(separator: ","))]}".utf8)
    }
}

/// A number of a fixed width somewhere in a text.
struct Counter: Sendable {
    static let width = 8

    /// What stands for it in the text.
    let placeholder = String(repeating: "7", count: width)

    /// Where it stands in `bytes`.
    func places(in bytes: [UInt8]) -> [Int] {
        let wanted = Array(placeholder.utf8)
        guard bytes.count >= wanted.count else { return [] }
        return (0...bytes.count - wanted.count).filter {
            bytes[$0] == wanted[0] && bytes[$0..<$0 + wanted.count].elementsEqual(wanted)
        }
    }

    /// Writes `number` at `places`.
    static func write(_ number: Int, at places: [Int], of bytes: inout [UInt8]) {
        for place in places {
            var rest = number
            for digit in stride(from: place + width - 1, through: place, by: -1) {
                bytes[digit] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
        }
    }
}
