import Engagement
import EngagementSandbox
import TestSupport
import Testing

/// The quota by the minute and its headers (dossier §8).
@Suite struct QuotaTests {
    private let likes = body([TweetID(rawValue: 1_785_265_636_840_173_569)], ["favorites"])

    @Test("Calls are counted down to 429 and begin anew with the next minute of the clock")
    func countsDown() throws {
        let bench = try Bench(at: "2024-10-01T12:20:30Z") { $0.quotaPerMinute = 2 }
        let reset = "\(bench.now.seconds + 30)"
        for remaining in ["1", "0"] {
            let answer = try bench.call(.totals, likes)
            #expect(answer.status == 200)
            #expect(answer.header("x-per-minute-limit") == "2")
            #expect(answer.header("x-per-minute-remaining") == remaining)
            #expect(answer.header("x-per-minute-reset") == reset)
        }
        let refused = try bench.call(.totals, likes)
        #expect(refused.status == 429)
        #expect(refused.header("x-per-minute-remaining") == "0")
        #expect(refused.errors.first?.lowercased().contains("rate limit") == true)
        bench.clock.advance(seconds: 30)
        #expect(try bench.call(.totals, likes).status == 200)
    }

    @Test("Users and the application draw on separate pools; the application's two forms share one")
    func pools() throws {
        let bench = try Bench { $0.quotaPerMinute = 1 }
        #expect(try bench.call(.totals, likes, as: .acme).status == 200)
        #expect(try bench.call(.totals, likes, as: .globex).status == 403)
        #expect(try bench.call(.totals, likes, as: .bearer).status == 200)
        #expect(try bench.call(.totals, likes, as: .application).status == 429)
        #expect(try bench.call(.totals, likes, as: .acme).status == 429)
    }

    @Test("A second has a limit and headers of its own, and a call that it refuses costs nothing of the minute")
    func perSecond() throws {
        let bench = try Bench(at: "2024-10-01T12:20:30Z") {
            $0.quotaPerMinute = 10
            $0.quotaPerSecond = 2
        }
        let answers = try (0..<3).map { _ in try bench.call(.totals, likes) }
        #expect(answers.map(\.status) == [200, 200, 429])
        #expect(answers.map { $0.header("x-per-second-limit") } == ["2", "2", "2"])
        #expect(answers.map { $0.header("x-per-second-remaining") } == ["1", "0", "0"])
        #expect(answers.map { $0.header("x-per-minute-remaining") } == ["9", "8", "8"])
        #expect(answers[2].header("x-per-second-reset") == "\(bench.now.seconds + 1)")
        #expect(answers[2].header("x-per-minute-reset") == "\(bench.now.seconds + 30)")
        bench.clock.advance(seconds: 1)
        #expect(try bench.call(.totals, likes).header("x-per-minute-remaining") == "7")
    }

    @Test(
        "Headers are sent as the setting says, and the limits hold without them",
        arguments: [
            (QuotaHeaders.all, ["limit", "remaining", "reset"]), (.withoutReset, ["limit", "remaining"]), (.none, []),
        ]
    )
    func headers(_ setting: QuotaHeaders, _ expected: [String]) throws {
        let bench = try Bench {
            $0.quotaPerMinute = 1
            $0.quotaHeaders = setting
        }
        for status in [200, 429] {
            let answer = try bench.call(.totals, likes)
            #expect(answer.status == status)
            let names = answer.headers.map(\.name).filter { $0.hasPrefix("x-per-") }
            #expect(names == expected.map { "x-per-minute-\($0)" })
        }
    }

    @Test("A refused body costs a call, a refused signature does not")
    func whatCosts() throws {
        let bench = try Bench { $0.quotaPerMinute = 2 }
        #expect(try bench.call(.totals, likes, as: .user(Signer(tokenSecret: "wrong"))).status == 401)
        #expect(try bench.call(.totals, "{").status == 400)
        #expect(try bench.call(.totals, likes).header("x-per-minute-remaining") == "0")
    }
}
