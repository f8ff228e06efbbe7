import Engagement
import TestSupport
import Testing

@testable import EngagementServer

@Suite("Keys by which other caches forget responses")
struct SurrogateKeysTests {
    private static func totals(_ tweets: some Sequence<UInt64>) -> MetricNeed {
        .totals(
            account: AccountName("acme"),
            tweets: tweets.map(TweetID.init(rawValue:)),
            types: EngagementTypeSet(.favorites)
        )
    }

    @Test("They name families and Tweets, each once, as long as there are not too many")
    func names() throws {
        let keys = try #require(SurrogateKeys(header: "Surrogate-Key"))
        let needs = [Self.totals([30, 4]), Self.totals([4, 500])]
        #expect(keys.value(of: needs) == ("Surrogate-Key", "engageql totals tweet-4 tweet-30 tweet-500"))
        #expect(keys.value(of: [Self.totals(1...101)]).value == "engageql totals tweet-many")
        #expect(keys.value(of: [Self.totals(1...100)]).value.utf8.count < 2000)
        #expect(keys.value(of: []).value == "engageql")
    }

    @Test("Tags have commas between them", arguments: ["Cache-Tag", "Edge-Cache-Tag"])
    func tags(header: String) throws {
        let keys = try #require(SurrogateKeys(header: header))
        #expect(keys.value(of: [Self.totals([7])]) == (header, "engageql,totals,tweet-7"))
    }

    @Test(
        "A header has a name of letters, digits and hyphens, or none",
        arguments: ["", "Set: it", "ä", "a b", "x\r\ny"]
    )
    func header(unusable: String) {
        #expect(!SurrogateKeys.isUsable(header: unusable))
        #expect(SurrogateKeys.isUsable(header: "xkey"))
    }

    @Test("Responses have them, remembered ones too, if a header is named")
    func responses() async throws {
        for header in [nil, "xkey"] {
            let bed = try TestBed { server, _ in server.surrogateKeyHeader = header }
            let path = "/graphql?query=%7Btweet(id:%2220%22)%7Btotals%7Bfavorites%7D%7D%7D"
            for _ in 0..<3 {
                let response = try await bed.send("GET", path, headers: [])
                #expect(response.status == 200)
                #expect(response.header("xkey") == (header == nil ? nil : "engageql totals tweet-20"))
            }
        }
    }
}
