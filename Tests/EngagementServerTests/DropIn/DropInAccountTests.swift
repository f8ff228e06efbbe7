import Engagement
import EngagementSandbox
import EngagementServer
import JSON
import TestSupport
import Testing

/// Whose numbers a caller sees.
@Suite
struct DropInAccountTests {
    @Test("An account reads neither another's series nor what of it is in the cache")
    func accountsAreApart() async throws {
        let bed = try TestBed()
        let acmes = SandboxWorld.tweetID(postedAt: bed.sandbox.now.advanced(bySeconds: -86_400))
        let globexs = TweetID(rawValue: 1_765_017_450_569_535_488)
        let calls: [(Endpoint, EngagementType)] = [
            (.historical, .urlClicks), (.last28Hours, .impressions), (.totals, .impressions),
        ]
        for (endpoint, type) in calls {
            let own = requestBody([acmes], [type])
            #expect(try await bed.dropIn(endpoint, own, as: .acme).status == 200)
            bed.sandbox.forgetCalls()
            for _ in 0..<2 {
                let answer = try await bed.dropIn(endpoint, own, as: .globex)
                #expect(answer.status == 403)
                #expect(answer.errors == ["Forbidden to access tweets: \(acmes)"])
                #expect(answer.json.members?.count == 1)
            }
            // It is known whose they are.
            #expect(bed.sandbox.calls.isEmpty)
            // Before globex asked, acme could see nothing of globex either.
            #expect(try await bed.dropIn(endpoint, requestBody([globexs], [type]), as: .acme).status == 403)
            #expect(try await bed.dropIn(endpoint, own, as: .acme).status == 200)
        }
        #expect(try await bed.dropIn(.historical, requestBody([globexs], [.urlClicks]), as: .globex).status == 200)
    }

    @Test("Other people's Tweets refuse the call, and the rest is in the cache when it is sent again without them")
    func forbidden() async throws {
        let bed = try TestBed()
        let own = SandboxWorld.tweetID(postedAt: bed.sandbox.now.advanced(bySeconds: -86_400))
        let others = [TweetID(rawValue: 1_802_997_363_221_987_329), TweetID(rawValue: 1_765_017_450_569_535_488)]
        let gone = TweetID(rawValue: 1_720_140_212_187_844_609)
        for (endpoint, type) in [
            (Endpoint.totals, EngagementType.favorites), (.totals, .impressions), (.historical, .favorites),
        ] {
            let body = requestBody([others[0], own, gone, others[1]], [type])
            let answer = try await bed.dropIn(endpoint, body)
            #expect(answer.status == 403)
            #expect(answer.errors == ["Forbidden to access tweets: \(others[1]), \(others[0])"])
            bed.sandbox.forgetCalls()
            let healed = try await bed.dropIn(endpoint, requestBody([own, gone], [type]))
            #expect(healed.status == 200)
            #expect(healed.json["unavailable_tweet_ids"]?.array == [.string(gone.description)])
            #expect(bed.sandbox.calls.isEmpty)
            let missing = try await bed.dropIn(endpoint, requestBody([gone], [type]))
            #expect(missing.status == 400)
            #expect(missing.errors == ["Tweet ID(s) are unavailable"])
        }
    }

    @Test("Public metrics of other people's Tweets can be let through, without asking whose they are")
    func foreignTotals() async throws {
        let bed = try TestBed { server, _ in server.dropIn.foreignTotals = .publicMetrics }
        let other = TweetID(rawValue: 1_802_997_363_221_987_329)
        #expect(try await bed.dropIn(.totals, requestBody([other], [.favorites])).status == 200)
        #expect(bed.sandbox.calls.map(\.authentication) == [.application])
        #expect(try await bed.dropIn(.totals, requestBody([other], [.impressions])).status == 403)
    }
}
