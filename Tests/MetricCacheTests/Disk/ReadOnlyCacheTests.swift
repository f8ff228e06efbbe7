import Engagement
import Foundation
import MetricCache
import SQLite
import TestSupport
import Testing

@Suite struct ReadOnlyCacheTests {
    private let folder: TemporaryFolder
    private let log = EventLog()
    private var path: String { folder.path("cache.sqlite") }

    private let need = MetricNeed.totals(
        account: ada,
        tweets: (0..<500).map { tweet(secondsOld: 40 * 86_400, number: UInt64($0)) },
        types: .publicTotals
    )
    private let others = MetricNeed.totals(
        account: ada,
        tweets: [tweet(secondsOld: 50 * 86_400)],
        types: .publicTotals
    )

    init() throws {
        folder = try TemporaryFolder()
    }

    private func reader() throws -> MetricCache {
        var configuration = MetricCacheConfiguration(path: path)
        configuration.isReadOnly = true
        return try MetricCache(configuration, report: log.note)
    }

    private func fill(_ cache: MetricCache) {
        cache.store(answer(need, at: noon), scope: .everyone, now: noon)
        cache.flush()
    }

    /// All files but the index of the log, in which SQLite keeps track of its readers.
    private var data: [String: Data] { folder.files.filter { !$0.key.hasSuffix("-shm") } }

    @Test("it reads what another cache wrote, and leaves every byte as it was", arguments: [true, false])
    func look(isOpen: Bool) throws {
        let cache = try makeCache(folder)
        fill(cache)
        if !isOpen { cache.close() }
        let (before, count) = (data, folder.files.count)
        do {
            let reader = try reader()
            #expect(reader.lookup(need, now: noon).cells == answer(need, at: noon).cells)
            // What is stored is found again, but not in the file.
            reader.store(answer(others, at: noon), scope: .everyone, now: noon)
            reader.flush()
            #expect(reader.lookup(others, now: noon).isFresh)
            reader.close()
        }
        #expect(data == before)
        #expect(folder.files.count == count)
        #expect(log.all == [.opened(path: path)])
        if isOpen { #expect(!cache.lookup(others, now: noon).isFresh) }
    }

    @Test func `it sees what is written after it was opened, and the one who writes is not held up`() throws {
        let cache = try makeCache(folder)
        let reader = try reader()
        #expect(!reader.lookup(others, now: noon).isFresh)
        fill(cache)
        #expect(reader.lookup(need, now: noon).isFresh)
        // A transaction of the reader's would keep the log from being moved into the file.
        cache.close()
        #expect(
            try Connection(path: path, mode: .immutable, busyMilliseconds: 0).integer("SELECT totals FROM sizes") == 500
        )
    }

    @Test(
        "what is no cache stays where it is, and is told",
        arguments: ["", "rubbish, and more of it, and still more"]
    )
    func foreign(_ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        let reader = try reader()
        fill(reader)
        #expect(reader.lookup(need, now: noon).isFresh)
        #expect(folder.files == ["cache.sqlite": Data(text.utf8)])
        #expect(log.contains { if case .unavailable = $0 { true } else { false } })
        #expect(log.all.count == 1)
    }

    @Test func `a file that is not there is not made`() throws {
        let reader = try reader()
        fill(reader)
        #expect(reader.lookup(need, now: noon).isFresh)
        #expect(folder.files.isEmpty)
    }

    @Test func `damage that is found by reading sets nothing aside`() throws {
        let cache = try makeCache(folder)
        fill(cache)
        cache.close()
        var bytes = try #require(folder.files["cache.sqlite"])
        for place in 4096..<bytes.count { bytes[place] = 0xA5 }
        try bytes.write(to: URL(filePath: path))
        let reader = try reader()
        #expect(!reader.lookup(need, now: noon).isFresh)
        reader.flush()
        #expect(folder.files == ["cache.sqlite": bytes])
    }
}
