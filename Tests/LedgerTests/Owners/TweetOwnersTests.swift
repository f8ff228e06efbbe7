import Dispatch
import Engagement
import Ledger
import SQLite
import TestSupport
import Testing

@Suite struct TweetOwnersTests {
    private let later = noon.advanced(bySeconds: 1000 * 86_400)

    @Test func `an owner holds for good, and rules all others out`() throws {
        let ledger = try makeLedger()
        #expect(ledger.owners.owner(of: tweets([1])[0]) == nil)
        ledger.owners.learn(owner: ada, of: tweets([1, 2]), at: noon)
        #expect(ledger.owners.owners(of: tweets([1, 2, 3, 1])) == [ada, ada, nil, ada])
        #expect(ledger.owners.ownership(of: tweets([1, 3]), by: ada, at: later) == [.owned, .unknown])
        #expect(ledger.owners.ownership(of: tweets([1, 3]), by: bob, at: later) == [.ruledOut, .unknown])
        #expect(ledger.owners.owners(of: []).isEmpty)
    }

    @Test(arguments: [30 * 86_400, 60])
    func `a refusal holds for its time and no second longer`(seconds: Int) throws {
        var configuration = LedgerConfiguration(path: nil)
        configuration.ruledOutSeconds = seconds
        let owners = try Ledger(configuration) { _ in }.owners
        let tweet = tweets([1])[0]
        owners.learn(notOwnedBy: ada, [tweet], at: noon)
        #expect(owners.isRuledOut(ada, for: tweet, at: noon))
        #expect(!owners.isRuledOut(bob, for: tweet, at: noon))
        #expect(owners.owner(of: tweet) == nil)
        #expect(owners.isRuledOut(ada, for: tweet, at: noon.advanced(bySeconds: Int64(seconds) - 1)))
        #expect(!owners.isRuledOut(ada, for: tweet, at: noon.advanced(bySeconds: Int64(seconds))))
    }

    @Test func `a later answer contradicts an earlier one`() throws {
        let folder = try TemporaryFolder()
        var ledger = try makeLedger(folder)
        let tweet = tweets([1])[0]
        func reopen() throws {
            ledger.close()
            ledger = try makeLedger(folder)
        }
        ledger.owners.learn(owner: ada, of: [tweet], at: noon)
        ledger.owners.learn(notOwnedBy: ada, [tweet], at: noon)
        try reopen()
        #expect(ledger.owners.owner(of: tweet) == nil)
        #expect(ledger.owners.isRuledOut(ada, for: tweet, at: noon))
        ledger.owners.learn(owner: bob, of: [tweet], at: noon)
        ledger.owners.learn(notOwnedBy: ada, [tweet], at: noon)
        try reopen()
        #expect(ledger.owners.owner(of: tweet) == bob)
        ledger.owners.learn(owner: ada, of: [tweet], at: noon)
        try reopen()
        #expect(ledger.owners.owner(of: tweet) == ada)
        #expect(ledger.owners.isRuledOut(bob, for: tweet, at: later))
    }

    @Test func `an author's number and an owner's name of one Tweet tell of the author's other Tweets`() throws {
        let folder = try TemporaryFolder()
        var ledger = try makeLedger(folder)
        ledger.owners.learn(notOwnedBy: ada, tweets([1, 2, 3]), at: noon, authorID: "2244994945")
        ledger.owners.learn(notOwnedBy: ada, tweets([4]), at: noon, authorID: "783214")
        #expect(ledger.owners.owners(of: tweets([1, 2, 3, 4])) == [nil, nil, nil, nil])
        ledger.owners.learn(owner: bob, of: tweets([2]), at: noon)
        #expect(ledger.owners.owners(of: tweets([1, 2, 3, 4])) == [bob, bob, bob, nil])
        ledger.close()
        ledger = try makeLedger(folder)
        #expect(ledger.owners.owners(of: tweets([1, 2, 3, 4])) == [bob, bob, bob, nil])
        // The API says that it is not so.
        ledger.owners.learn(notOwnedBy: bob, tweets([3]), at: noon, authorID: "2244994945")
        ledger.close()
        ledger = try makeLedger(folder)
        #expect(ledger.owners.owners(of: tweets([1, 2, 3, 4])) == [nil, bob, nil, nil])
    }

    @Test func `an author id that is no number is not kept`() throws {
        let folder = try TemporaryFolder()
        let ledger = try makeLedger(folder)
        for text in ["", "secret", "1 ", "-1", "１２", String(repeating: "1", count: 21)] {
            ledger.owners.learn(notOwnedBy: ada, tweets([1]), at: noon, authorID: text)
        }
        ledger.close()
        let file = try Connection(path: folder.path(Ledger.fileName), mode: .queryOnly, busyMilliseconds: 0)
        #expect(try file.text("SELECT group_concat(name) FROM accounts") == "ada")
    }

    @Test func `a name that looks like a number is not an author`() throws {
        let ledger = try makeLedger()
        let number = AccountName("42")
        ledger.owners.learn(owner: number, of: tweets([1]), at: noon)
        ledger.owners.learn(notOwnedBy: ada, tweets([2]), at: noon, authorID: "42")
        #expect(ledger.owners.owners(of: tweets([1, 2])) == [number, nil])
    }

    @Test func `without a file only so many Tweets are remembered, and those in use stay`() throws {
        let ledger = try makeLedger(rememberedTweets: 100)
        let kept = tweets([1])[0]
        ledger.owners.learn(owner: ada, of: [kept], at: noon)
        for number in 2..<2000 {
            #expect(ledger.owners.owner(of: kept) == ada)
            ledger.owners.learn(owner: bob, of: tweets([number]), at: noon)
        }
        #expect(ledger.owners.owners(of: tweets(1..<2000)).count { $0 != nil } == 100)
    }

    @Test func `threads that learn, look up and flush see what was learnt`() throws {
        let folder = try TemporaryFolder()
        let ledger = try makeLedger(folder, rememberedTweets: 20)
        DispatchQueue.concurrentPerform(iterations: 6) { worker in
            let account = AccountName("account \(worker)")
            for round in 0..<100 {
                let some = tweets((0..<10).map { (worker * 100 + round) * 10 + $0 })
                ledger.owners.learn(owner: account, of: some, at: noon)
                if ledger.owners.owners(of: some) != some.map({ _ in account }) {
                    Issue.record("worker \(worker), round \(round)")
                }
                if round % 10 == worker { ledger.flush() }
            }
        }
        ledger.close()
        let again = try makeLedger(folder)
        let isRight = again.owners.owners(of: tweets(0..<6000)).enumerated().allSatisfy {
            $1 == AccountName("account \($0 / 1000)")
        }
        #expect(isRight)
    }
}
