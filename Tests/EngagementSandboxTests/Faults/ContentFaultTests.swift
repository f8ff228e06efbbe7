import Engagement
import EngagementSandbox
import Gzip
import JSON
import Testing

/// Answers of 200 whose content is not what a client expects.
@Suite struct ContentFaultTests {
    private let gone = TweetID(rawValue: 1_720_140_212_187_844_609)
    private let video = TweetID(rawValue: 1_785_265_636_840_173_569)

    /// The answers to the same call with a fault and without, both unpacked.
    private func answers(_ fault: Fault, _ tweets: [TweetID]) throws -> (faulty: [UInt8], sound: JSONValue) {
        let bench = try Bench { $0.faults = FaultPlan([.init(fault, times: 1)]) }
        let request = body(
            tweets,
            ["favorites", "video_views"],
            groupings: [("deep", ["tweet.id", "engagement.type"]), ("flat", ["engagement.type"])]
        )
        let reply = bench.endpoint.respond(to: bench.request(.totals, request, as: .bearer))
        #expect(reply.status == 200)
        let isPacked = reply.headers.contains { $0.name == "Content-Encoding" }
        let bytes = isPacked ? try Gzip.decompress(reply.body, limit: 1 << 20) : reply.body
        return (bytes, try bench.call(.totals, request, as: .bearer).json)
    }

    @Test("empty is not a byte, not even of gzip")
    func empty() throws {
        #expect(try answers(.empty, [video]).faulty.isEmpty)
    }

    @Test("wrong-shape puts the answer into an array")
    func wrongShape() throws {
        let (faulty, sound) = try answers(.wrongShape, [video])
        #expect(try JSONValue(parsing: faulty) == .array([sound]))
    }

    @Test(
        "Counts that are none stand where the counts were, at every depth, and nowhere else",
        arguments: [(Fault.wordCounts, "many"), (.negativeCounts, "-1")]
    )
    func counts(_ fault: Fault, _ leaf: String) throws {
        let (faulty, sound) = try answers(fault, [video, gone])
        let types = "{\"favorites\":\"\(leaf)\",\"video_views\":\"\(leaf)\"}"
        #expect(
            try JSONValue(parsing: faulty).sorted
                == JSONValue(
                    parsing: Array(
                        """
                        {"errors":["1 Tweet ID(s) are unavailable"],"unavailable_tweet_ids":["\(gone)"],
                         "deep":{"\(video)":\(types)},"flat":\(types)}
                        """.utf8
                    )
                ).sorted
        )
        #expect(sound["flat"]?["favorites"]?.string.flatMap { Int64($0) } ?? -1 >= 0)
    }

    @Test("object-errors carries each string in an object, and one if there was none", arguments: [true, false])
    func objectErrors(_ isPartial: Bool) throws {
        let (faulty, sound) = try answers(.objectErrors, isPartial ? [video, gone] : [video])
        let value = try JSONValue(parsing: faulty)
        #expect(value["errors"]?.array?.count == 1)
        #expect(value["errors"]?[0]?["code"]?.integer != nil)
        let message = isPartial ? "1 Tweet ID(s) are unavailable" : "internal server error"
        #expect(value["errors"]?[0]?["message"]?.string == message)
        #expect(value["deep"] == sound["deep"])
    }
}
