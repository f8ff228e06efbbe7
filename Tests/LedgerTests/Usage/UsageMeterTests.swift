import Engagement
import Ledger
import TestSupport
import Testing

@Suite struct UsageMeterTests {
    // MARK: - Periods

    @Test(
        "the month is UTC's, and 30 days are today and the 29 before",
        arguments: [
            // now, first day of the month, first of 30 days
            ("2024-02-29T23:59:59Z", "2024-02-01", "2024-01-31"),
            ("2024-03-01T00:00:00Z", "2024-03-01", "2024-02-01"),
            ("2023-03-01T00:00:00Z", "2023-03-01", "2023-01-31"),
            ("2023-02-28T12:00:00Z", "2023-02-01", "2023-01-30"),
            ("2023-12-31T23:59:59Z", "2023-12-01", "2023-12-02"),
            ("2024-01-01T00:00:00Z", "2024-01-01", "2023-12-03"),
            ("2024-07-31T00:00:00Z", "2024-07-01", "2024-07-02"),
        ]
    )
    func firstDays(now: String, month: String, thirtyDays: String) {
        #expect(UsagePeriod.calendarMonth.firstDay(at: time(now)).iso8601 == month)
        #expect(UsagePeriod.rolling30Days.firstDay(at: time(now)).iso8601 == thirtyDays)
    }

    @Test(
        "what was asked before a boundary is counted until the boundary passes",
        arguments: [
            // asked, counted last in its month, counted last in 30 days
            ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z", "2024-03-29T23:59:59Z"),
            ("2024-02-01T00:00:00Z", "2024-02-29T23:59:59Z", "2024-03-01T23:59:59Z"),
            ("2023-12-31T12:00:00Z", "2023-12-31T23:59:59Z", "2024-01-29T23:59:59Z"),
            ("2023-01-30T08:00:00Z", "2023-01-31T23:59:59Z", "2023-02-28T23:59:59Z"),
        ]
    )
    func boundaries(asked: String, lastOfMonth: String, lastOf30Days: String) throws {
        let ledger = try makeLedger()
        _ = ledger.usage.admit(tweets([1]), at: time(asked))
        for (period, last) in [(UsagePeriod.calendarMonth, time(lastOfMonth)), (.rolling30Days, time(lastOf30Days))] {
            #expect(ledger.usage.usage(at: last)[period].tweets == 1)
            #expect(ledger.usage.usage(at: last.advanced(bySeconds: 1))[period].tweets == 0)
        }
    }

    @Test func `asking every day counts once, and asking again keeps it counted`() throws {
        let ledger = try makeLedger()
        for day in 0..<100 as Range<Int64> {
            let now = noon.advanced(bySeconds: day * 86_400)
            #expect(ledger.usage.admit(tweets([1, 1, 1]), of: ada, at: now).admitted == tweets([1, 1, 1]))
            let one = Usage.Count(tweets: 1, accounts: 1)
            let usage = ledger.usage.usage(at: now)
            #expect(usage == Usage(calendarMonth: one, rolling30Days: one, policy: UsagePolicy()))
        }
    }

    @Test func `of two calls around midnight the later one may come first`() throws {
        let ledger = try makeLedger(usage: UsagePolicy(stopTweets: 1))
        let midnight = time("2024-03-01T00:00:00Z")
        #expect(ledger.usage.admit(tweets([1]), at: midnight).refusal == nil)
        #expect(ledger.usage.admit(tweets([1]), at: midnight.advanced(bySeconds: -1)).refusal == nil)
        #expect(ledger.usage.usage(at: midnight).calendarMonth.tweets == 1)
    }

    @Test func `what a wrong clock counted far ahead is not counted, and can be asked at the right time`() throws {
        let ledger = try makeLedger(usage: UsagePolicy(stopTweets: 2))
        let ahead = noon.advanced(bySeconds: 5 * 86_400)
        _ = ledger.usage.admit(tweets([1, 2]), at: ahead)
        #expect(ledger.usage.usage(at: noon).calendarMonth.tweets == 0)
        #expect(ledger.usage.admit(tweets([2, 3, 1]), at: noon).admitted == tweets([2, 3]))
        #expect(ledger.usage.usage(at: noon).calendarMonth.tweets == 2)
    }

    // MARK: - Stops

    @Test func `new Tweets are admitted up to the stop, in order; counted ones always`() throws {
        let ledger = try makeLedger(usage: UsagePolicy(stopTweets: 3))
        #expect(ledger.usage.admit(tweets([5, 4]), at: noon) == UsageAdmission(admitted: tweets([5, 4])))
        let mixed = ledger.usage.admit(tweets([9, 4, 8, 9, 5, 8]), at: noon)
        #expect(mixed.admitted == tweets([9, 4, 9, 5]))
        #expect(mixed.refused == tweets([8, 8]))
        #expect(mixed.refusal == .stopTweets)
        #expect(ledger.usage.usage(at: noon).reached == [.stopTweets])
        // In the next month there is room again.
        let april = time("2024-04-01T00:00:00Z")
        #expect(ledger.usage.admit(tweets([8]), at: april).refusal == nil)
    }

    @Test func `a stop of zero admits nothing`() throws {
        let ledger = try makeLedger(usage: UsagePolicy(stopTweets: 0))
        #expect(ledger.usage.admit(tweets([1]), of: ada, at: noon).refused == tweets([1]))
        #expect(ledger.usage.usage(at: noon).calendarMonth == Usage.Count(tweets: 0, accounts: 0))
    }

    @Test func `with all accounts used, a further one is refused and counted ones go on`() throws {
        let ledger = try makeLedger(usage: UsagePolicy(stopAccounts: 2))
        #expect(ledger.usage.admit(tweets([1]), of: ada, at: noon).refusal == nil)
        #expect(ledger.usage.admit(tweets([2]), of: bob, at: noon).refusal == nil)
        let refused = UsageAdmission(refused: tweets([1, 3]), refusal: .stopAccounts)
        #expect(ledger.usage.admit(tweets([1, 3]), of: eve, at: noon) == refused)
        #expect(ledger.usage.admit(tweets([3]), of: bob, at: noon).refusal == nil)
        #expect(ledger.usage.admit(tweets([4]), at: noon).refusal == nil)
        // What a refusal tells has happened already: it is counted beyond the stop.
        ledger.usage.note(
            authorIDs: ["2244994945", "2244994945", "", "12 ", "x", String(repeating: "9", count: 21)],
            at: noon
        )
        #expect(ledger.usage.usage(at: noon).calendarMonth == Usage.Count(tweets: 4, accounts: 3))
    }

    @Test func `many calls at once never exceed a stop, and fill it`() async throws {
        let folder = try TemporaryFolder()
        let ledger = try makeLedger(folder, usage: UsagePolicy(stopTweets: 1000, stopAccounts: 5))
        let admitted = await withTaskGroup { group in
            for task in 0..<40 {
                group.addTask {
                    var admitted: Set<TweetID> = []
                    for round in 0..<20 {
                        // Each Tweet is named by two tasks.
                        let some = tweets((0..<25).map { (task / 2 * 20 + round) * 25 + $0 })
                        let account = AccountName("account \((task + round) % 11)")
                        admitted.formUnion(ledger.usage.admit(some, of: account, at: noon).admitted)
                        if round % 7 == task % 7 { ledger.flush() }
                    }
                    return admitted
                }
            }
            return await group.reduce(into: Set<TweetID>()) { $0.formUnion($1) }
        }
        #expect(admitted.count == 1000)
        #expect(ledger.usage.usage(at: noon).calendarMonth == Usage.Count(tweets: 1000, accounts: 5))
        ledger.close()
        #expect(try makeLedger(folder).usage.usage(at: noon).rolling30Days == Usage.Count(tweets: 1000, accounts: 5))
    }

    // MARK: - Events

    @Test func `a threshold is reported once when it is reached, also over restarts`() throws {
        let folder = try TemporaryFolder()
        let log = EventLog()
        let policy = UsagePolicy(warnTweets: 2, stopTweets: 4, warnAccounts: 1, stopAccounts: 2)
        var ledger = try makeLedger(folder, usage: policy, log: log)
        _ = ledger.usage.admit(tweets([1]), at: noon)
        #expect(log.reached.isEmpty)
        _ = ledger.usage.admit(tweets([2]), at: noon)
        #expect(
            log.all.last
                == .usageReached(
                    .warnTweets,
                    count: 2,
                    limit: 2,
                    period: .calendarMonth,
                    since: time("2024-03-01").flooredHour.day
                )
        )
        _ = ledger.usage.admit(tweets([1, 2, 3]), of: ada, at: noon)
        #expect(log.reached == [.warnTweets, .warnAccounts])
        ledger.close()
        ledger = try makeLedger(folder, usage: policy, log: log)
        _ = ledger.usage.admit(tweets([3, 4, 5]), at: noon.advanced(bySeconds: 86_400))
        _ = ledger.usage.admit(tweets([6]), of: bob, at: noon.advanced(bySeconds: 2 * 86_400))
        #expect(log.reached == [.warnTweets, .warnAccounts, .stopTweets])
        ledger.usage.note(accounts: [bob, eve], at: noon)
        #expect(log.reached == [.warnTweets, .warnAccounts, .stopTweets, .stopAccounts])
        let april = time("2024-04-01T00:00:00Z")
        _ = ledger.usage.admit(tweets([1, 2]), at: april)
        #expect(log.reached.suffix(1) == [.warnTweets])
        #expect(log.reached.count == 5)
    }

    @Test func `a changed limit is news, the same one is not`() throws {
        let folder = try TemporaryFolder()
        let log = EventLog()
        for limit in [2, 2, 1, 3, 1] {
            let ledger = try makeLedger(folder, usage: UsagePolicy(warnTweets: limit), log: log)
            _ = ledger.usage.admit(tweets([1, 2]), at: noon)
            ledger.close()
        }
        let limits = log.all.compactMap { if case .usageReached(_, _, let limit, _, _) = $0 { limit } else { nil } }
        #expect(limits == [2, 1])
    }

    @Test func `rolling days report again only when the report has left the period`() throws {
        let log = EventLog()
        let ledger = try makeLedger(usage: UsagePolicy(period: .rolling30Days, warnTweets: 1), log: log)
        for day in 0..<30 as Range<Int64> {
            _ = ledger.usage.admit(tweets([Int(day)]), at: noon.advanced(bySeconds: day * 86_400))
        }
        #expect(log.reached.count == 1)
        _ = ledger.usage.admit(tweets([0]), at: noon.advanced(bySeconds: 30 * 86_400))
        #expect(log.reached.count == 2)
    }

    @Test func `an event tells the count, the limit and since when`() {
        let since = time("2024-03-01").flooredHour.day
        let event = LedgerEvent.usageReached(.stopTweets, count: 9, limit: 8, period: .calendarMonth, since: since)
        #expect(
            "\(event)"
                == "9 unique Tweets were asked upstream since 2024-03-01 (calendarMonth), stopTweets is 8: no new ones are asked"
        )
    }
}
