import Engagement
import Foundation
import SQLite
import Synchronization
import TestSupport
import Testing
import TweetLists

@Suite("Saved lists")
struct ListStoreTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path(ListStore.fileName) }

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("What was saved is there after a restart, whole and in its order")
    func restart() throws {
        let refresh = ListRefresh(
            everySeconds: 600,
            totals: EngagementTypeSet(.favorites),
            last28Hours: EngagementTypeSet(.urlClicks),
            historical: EngagementTypeSet([.impressions, .replies]),
            historicalDays: 40
        )
        let full = NamedList(
            name("a"),
            tweets(9, 3, 9, 5),
            description: "ü",
            account: AccountName("acme"),
            refresh: refresh
        )
        do {
            let store = ListStore(path: path)
            #expect(try store.apply(.save(full)).tweets == tweets(9, 3, 5))
            #expect(try store.apply(.save(NamedList(name("b"), []))).tweets.isEmpty)
            #expect(try store.apply(.save(NamedList(name("c"), tweets(1)))).tweets == tweets(1))
            #expect(try store.apply(.delete(name("c"))).tweets == tweets(1))
            #expect(try store.apply(.add(name("b"), tweets(7, 8, 7))).tweets == tweets(7, 8))
            #expect(try store.apply(.remove(name("b"), tweets(7, 99))).tweets == tweets(8))
        }
        let again = ListStore(path: path).directory
        #expect(again.all == [full, NamedList(name("b"), tweets(8))])
    }

    @Test("Each change, and nothing else, makes another version")
    func versions() throws {
        let store = ListStore(path: path)
        let before = store.directory.version
        #expect(throws: ListChangeError.unknown(name("a"))) { try store.apply(.add(name("a"), tweets(1))) }
        #expect(store.directory.version == before)
        _ = try store.apply(.save(NamedList(name("a"), tweets(1))))
        #expect(store.directory.version > before)
    }

    @Test("A list of the configuration is not changed, and hides a saved one")
    func configured() throws {
        _ = try ListStore(path: path).apply(.save(NamedList(name("a"), tweets(1))))
        let events = Events()
        let fixed = NamedList(name("a"), tweets(2), isConfigured: true)
        let store = ListStore(configured: [fixed], path: path, report: events.note)
        #expect(store.directory.all == [fixed])
        #expect(events.all.contains { $0.contains("hidden") })
        for change in [ListChange.save(NamedList(name("a"), [])), .add(name("a"), tweets(3)), .delete(name("a"))] {
            #expect(throws: ListChangeError.configured(name("a"))) { try store.apply(change) }
        }
    }

    @Test("A list has at most 100,000 Tweets")
    func limit() throws {
        let store = ListStore(path: nil)
        let most = (1...100_000).map { TweetID(rawValue: $0) }
        _ = try store.apply(.save(NamedList(name("a"), most)))
        #expect(try store.apply(.add(name("a"), tweets(5))).tweets.count == 100_000)
        #expect(throws: ListChangeError.tooManyTweets(name("a"), 100_001)) {
            try store.apply(.add(name("a"), tweets(100_001)))
        }
        #expect(store.directory[name("a")]?.tweets.count == 100_000)
    }

    @Test(
        "While another process holds the file, changes are refused, and what was saved is there as soon as it lets go"
    )
    func locked() throws {
        _ = try ListStore(path: path).apply(.save(NamedList(name("a"), tweets(1))))
        var holder: Connection? = try Connection(path: path, mode: .create, busyMilliseconds: 0)
        try holder?.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; DELETE FROM lists;")
        let store = ListStore(path: path, busyMilliseconds: 0)
        #expect(store.directory.lacking != nil && store.directory.all.isEmpty)
        let error = #expect(throws: ListChangeError.self) { try store.apply(.save(NamedList(name("b"), []))) }
        if case .notWritten = error {} else { Issue.record("\(String(describing: error))") }
        #expect(store.directory.all.isEmpty)
        try holder?.execute("ROLLBACK")
        holder = nil
        store.reopen()
        #expect(store.directory.lacking == nil && store.directory.all == [NamedList(name("a"), tweets(1))])
        _ = try store.apply(.save(NamedList(name("b"), [])))
    }

    @Test("What is no file of lists is set aside")
    func damaged() throws {
        try Data("this is no database, and long enough to be looked at as one".utf8).write(to: URL(filePath: path))
        let events = Events()
        let store = ListStore(path: path, report: events.note)
        #expect(events.all.contains { $0.contains("moved to") })
        _ = try store.apply(.save(NamedList(name("a"), tweets(1))))
        #expect(ListStore(path: path, isReadOnly: true).directory.count == 1)
    }

    @Test("With a full disk a change is refused and the lists stay as they were")
    func fullDisk() async throws {
        await #expect(processExitsWith: .success) { [path = path as String] in
            let store = ListStore(path: path)
            let small = NamedList(name("a"), tweets(1))
            _ = try store.apply(.save(small))
            // No file of this process may grow beyond this, which looks like a full disk.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit()
            unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            var unlimited = limit
            limit.rlim_cur = 60_000
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let large = NamedList(name("a"), (1...50_000).map { TweetID(rawValue: $0) })
            #expect(throws: ListChangeError.self) { try store.apply(.save(large)) }
            #expect(store.directory.all == [small])
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &unlimited)
            _ = try store.apply(.add(name("a"), tweets(2)))
            store.close()
            #expect(ListStore(path: path).directory[name("a")]?.tweets == tweets(1, 2))
        }
    }
}

private final class Events: Sendable {
    private let events = Mutex<[String]>([])

    @Sendable func note(_ event: ListEvent) { events.withLock { $0.append("\(event)") } }

    var all: [String] { events.withLock { $0 } }
}

private func name(_ text: String) -> ListName {
    guard let name = ListName(text) else { preconditionFailure("\(text) is no name of a list") }
    return name
}

private func tweets(_ ids: UInt64...) -> [TweetID] { ids.map { TweetID(rawValue: $0) } }
