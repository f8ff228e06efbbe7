import Engagement
import Ledger
import TestSupport
import Testing

/// A world in which each Tweet has one author, and what was told about it so far.
private struct World {
    static let accounts = [ada, bob, eve]
    /// Authors with a name in the configuration, and strangers.
    private static let authors: [(name: AccountName?, number: String)] = [
        (ada, "11"), (bob, "12"), (eve, "13"), (nil, "98"), (nil, "99"),
    ]

    let hold: Int64
    private var toldOwner: Set<TweetID> = []
    private var toldAuthor: Set<TweetID> = []
    private var refusedAt: [TweetID: [AccountName: UnixTime]] = [:]

    init(hold: Int64) {
        self.hold = hold
    }

    func author(_ tweet: TweetID) -> (name: AccountName?, number: String) {
        World.authors[Int(tweet.rawValue % UInt64(World.authors.count))]
    }

    mutating func tellOwner(_ tweets: [TweetID]) {
        toldOwner.formUnion(tweets)
    }

    mutating func refuse(_ tweets: [TweetID], to account: AccountName, withAuthor: Bool, at now: UnixTime) {
        for tweet in tweets { refusedAt[tweet, default: [:]][account] = now }
        if withAuthor { toldAuthor.formUnion(tweets) }
    }

    /// What follows from everything that was told.
    func owner(_ tweet: TweetID) -> AccountName? {
        let number = author(tweet).number
        let isIdentified = toldAuthor.intersection(toldOwner).contains { author($0).number == number }
        let follows = toldOwner.contains(tweet) || (toldAuthor.contains(tweet) && isIdentified)
        return follows ? author(tweet).name : nil
    }

    func ownership(_ tweet: TweetID, _ account: AccountName, _ now: UnixTime) -> TweetOwnership {
        if let owner = owner(tweet) { return owner == account ? .owned : .ruledOut }
        guard let time = refusedAt[tweet]?[account] else { return .unknown }
        return now.seconds - time.seconds < hold ? .ruledOut : .unknown
    }
}

@Suite struct OwnersModelTests {
    /// Memory for few Tweets, so that most lookups go through the file; or none, with memory for all.
    @Test(arguments: [3, 40, 100_000], [true, false])
    func `owners follow from what was told, through restarts and evictions`(
        rememberedTweets: Int,
        hasFile: Bool
    ) throws {
        guard hasFile || rememberedTweets > 1000 else { return }
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: runSeed &+ UInt64(rememberedTweets))
        let log = EventLog()
        func open() throws -> Ledger {
            try makeLedger(hasFile ? folder : nil, rememberedTweets: rememberedTweets, log: log)
        }
        var ledger = try open()
        var world = World(hold: 30 * 86_400)
        var now = noon
        for step in 0..<2500 {
            let first = Int.random(in: 0..<250, using: &generator)
            let some = Array(tweets(first..<(first + 12)).shuffled(using: &generator).prefix(5))
            let account = World.accounts.randomElement(using: &generator) ?? ada
            switch Int.random(in: 0..<100, using: &generator) {
            case 0..<3: ledger.flush()
            case 3..<5 where hasFile:
                ledger.close()
                ledger = try open()
            case 5..<12: now = now.advanced(bySeconds: .random(in: 0...(3 * 86_400), using: &generator))
            case 12..<20:
                let own = some.filter { world.author($0).name == account }
                ledger.owners.learn(owner: account, of: own, at: now)
                world.tellOwner(own)
            case 20..<45:
                let author = world.author(some[0])
                let others = some.filter { world.author($0).number == author.number && author.name != account }
                let withAuthor = Int.random(in: 0..<8, using: &generator) == 0
                ledger.owners.learn(
                    notOwnedBy: account,
                    others,
                    at: now,
                    authorID: withAuthor ? author.number : nil
                )
                world.refuse(others, to: account, withAuthor: withAuthor, at: now)
            default:
                let owners = ledger.owners.owners(of: some)
                try #require(owners == some.map(world.owner), "step \(step), seed \(runSeed)")
                let found = ledger.owners.ownership(of: some, by: account, at: now)
                let expected = some.map { world.ownership($0, account, now) }
                try #require(found == expected, "step \(step), seed \(runSeed)")
            }
        }
        #expect(!log.contains { if case .writeFailed = $0 { true } else { false } })
    }
}
