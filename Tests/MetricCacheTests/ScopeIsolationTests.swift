import Engagement
import MetricCache
import TestSupport
import Testing

/// The security boundary: a private number is seen by its account and nobody else, wherever it lies.
@Suite struct ScopeIsolationTests {
    private let tweets = [tweet(secondsOld: 40 * 86_400), tweet(secondsOld: 3600)]
    private let window = HourWindow(start: UTCHour(index: 474_000), end: UTCHour(index: 474_048))

    private func needs(_ account: AccountName) -> [MetricNeed] {
        [
            .totals(account: account, tweets: tweets, types: .privateTotals),
            .series(account: account, tweets: tweets, types: .series, window: window, grain: .hour),
            .series(account: account, tweets: tweets, types: .series, window: window, grain: .day),
        ]
    }

    @Test("private numbers are found by their account only", arguments: [false, true])
    func privateStaysPrivate(afterRestart: Bool) throws {
        let folder = try TemporaryFolder()
        var cache = try makeCache(folder)
        for need in needs(ada) { cache.store(answer(need, at: noon), scope: .account(ada), now: noon) }
        if afterRestart {
            cache.close()
            cache = try makeCache(folder)
        }
        // The other account asks first, so that whatever asking leaves behind is there when the owner asks.
        for other in [bob, AccountName(""), AccountName("ADA"), AccountName("ada "), AccountName("everyone")] {
            for need in needs(other) {
                #expect(cache.lookup(need, now: noon).cells.allSatisfy { $0 == .missing }, "\(other)")
            }
        }
        for need in needs(ada) { #expect(cache.lookup(need, now: noon).cells == answer(need, at: noon).cells) }
    }

    @Test func `accounts keep their own numbers of one Tweet, in memory, in the file and after a restart`() throws {
        let folder = try TemporaryFolder()
        var cache = try makeCache(folder)
        for need in needs(ada) { cache.store(answer(need, at: noon, plus: 1), scope: .account(ada), now: noon) }
        for need in needs(bob) { cache.store(answer(need, at: noon, plus: 2), scope: .account(bob), now: noon) }
        for _ in 0..<2 {
            for (account, offset) in [(bob, 2), (ada, 1)] as [(AccountName, Int64)] {
                for need in needs(account) where need.grain == .hour {
                    #expect(cache.lookup(need, now: noon).cells == answer(need, at: noon, plus: offset).cells)
                }
            }
            cache.close()
            cache = try makeCache(folder)
        }
    }

    @Test func `nothing private is stored for everyone, and it is said so`() throws {
        let log = EventLog()
        let cache = try makeCache(log: log)
        let all = MetricNeed.totals(account: ada, tweets: tweets, types: .totals)
        cache.store(answer(all, at: noon), scope: .everyone, now: noon)
        for account in [ada, bob] {
            let need = MetricNeed.totals(account: account, tweets: tweets, types: .totals)
            let table = cache.lookup(need, now: noon)
            for row in tweets.indices {
                #expect(table[row, .impressions] == .missing)
                #expect(table[row, .engagements] == .missing)
                #expect(table[row, .replies].state == .counted)
            }
        }
        #expect(log.all == [.refused(cells: 4, scope: .everyone, account: ada)])
        for need in needs(ada).dropFirst() {
            cache.store(answer(need, at: noon), scope: .everyone, now: noon)
            #expect(log.all.last == .refused(cells: need.cellCount, scope: .everyone, account: ada))
            #expect(cache.lookup(need, now: noon).cells.allSatisfy { $0 == .missing })
        }
    }

    @Test func `nothing that was asked for as one account is stored for another`() throws {
        let log = EventLog()
        let cache = try makeCache(log: log)
        for need in needs(ada) {
            cache.store(answer(need, at: noon), scope: .account(bob), now: noon)
            #expect(log.all.last == .refused(cells: need.cellCount, scope: .account(bob), account: ada))
        }
        for need in needs(bob) + needs(ada) {
            #expect(cache.lookup(need, now: noon).cells.allSatisfy { $0 == .missing })
        }
    }

    @Test func `public counts that one account was shown are not shown to others`() throws {
        // The owner of a protected Tweet sees counts that nobody else may see.
        let cache = try makeCache()
        let need = MetricNeed.totals(account: ada, tweets: tweets, types: .publicTotals)
        cache.store(answer(need, at: noon), scope: .account(ada), now: noon)
        for account in [ada, bob] {
            let need = MetricNeed.totals(account: account, tweets: tweets, types: .publicTotals)
            #expect(cache.lookup(need, now: noon).cells.allSatisfy { $0 == .missing })
        }
    }

    @Test func `totals and series do not share cells of one name`() throws {
        let cache = try makeCache()
        let series = needs(ada)[1]
        cache.store(answer(series, at: noon), scope: .account(ada), now: noon)
        let totals = MetricNeed.totals(account: ada, tweets: tweets, types: .totals)
        #expect(cache.lookup(totals, now: noon).cells.allSatisfy { $0 == .missing })
    }
}
