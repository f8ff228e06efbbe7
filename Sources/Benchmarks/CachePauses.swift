import Engagement
import Foundation
import MetricCache
import Synchronization

/// How long those who look numbers up are held up by what goes on in a cache file of a million rows: storing and evicting,
/// purging. One thread looks up pages of 25 Tweets that memory does not have, one after the other, and every look-up is timed.
struct CachePauses {
    let rows: Int
    let seconds: Double

    private static let pageTweets = 25
    private static let start = UnixTime(seconds: 1_790_000_000)
    private static let account = AccountName("bench")

    func run() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "engageql-pauses-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let evicted = Mutex(0)
        let rowBytes = try bytesPerRow(in: folder)
        var settings = MetricCacheConfiguration(path: folder.appending(path: "cache.sqlite").path)
        // Little of the file is in memory, and the file is nearly full when the rows are in it.
        settings.memoryBytes = 8 << 20
        settings.maximumFileBytes = Int(Double(rows) * rowBytes * 1.28)
        let cache = try MetricCache(settings) { event in
            if case .evicted(let rows) = event { evicted.withLock { $0 += rows } }
        }
        for first in stride(from: 0, to: rows, by: 1000) { CachePauses.store(first..<first + 1000, in: cache) }
        cache.flush()
        let filled = cache.statistics()
        var lines = [
            "Milliseconds that a look-up of \(CachePauses.pageTweets) Tweets takes in a file of \(filled.totalsRows) rows, \(filled.fileBytes >> 20) MB:"
        ]
        lines.append(CachePauses.line(["", "look-ups", "median", "99 %", "99.9 %", "longest"]))
        lines.append(report("nothing else", timed(cache) { _ in nil }))
        let before = evicted.withLock { $0 }
        lines.append(
            report(
                "storing, evicting",
                timed(cache) { round in
                    CachePauses.store(rows + round * 250..<rows + round * 250 + 250, in: cache)
                    return 5
                }
            )
        )
        lines.append("  \(evicted.withLock { $0 } - before) rows evicted meanwhile")
        for (title, kind) in [("purging all, soft", PurgeKind.soft), ("purging all, hard", .hard)] {
            lines.append(
                report(
                    title,
                    timed(cache) { round in
                        if round == 0 { cache.purge(.everything, kind) }
                        return nil
                    }
                )
            )
            lines.append(
                "  \(cache.statistics().purgesUnderWay) purges under way at the end, \(cache.statistics().totalsRows) rows"
            )
        }
        cache.close()
        return lines.joined(separator: "\n")
    }

    /// What a row takes in the file, with its share of the pages above it. A file evicts when nine tenths of seven eighths of its
    /// bound are in use.
    private func bytesPerRow(in folder: URL) throws -> Double {
        let cache = try MetricCache(MetricCacheConfiguration(path: folder.appending(path: "small.sqlite").path)) { _ in
        }
        let some = 50_000
        for first in stride(from: 0, to: some, by: 1000) { CachePauses.store(first..<first + 1000, in: cache) }
        cache.close()
        return Double(cache.statistics().fileBytes) / Double(some)
    }

    /// The times of look-ups, in milliseconds, while `other` is called on another thread, again and again until it returns nil, with
    /// pauses of so many milliseconds.
    private func timed(_ cache: MetricCache, _ other: @escaping @Sendable (Int) -> Int?) -> [Double] {
        let isOver = Atomic(false)
        let times = Mutex<[Double]>([])
        DispatchQueue.concurrentPerform(iterations: 2) { place in
            if place == 0 {
                let read = read(cache)
                times.withLock { $0 = read }
                isOver.store(true, ordering: .releasing)
            } else {
                var round = 0
                while !isOver.load(ordering: .acquiring), let pause = other(round) {
                    Thread.sleep(forTimeInterval: Double(pause) / 1000)
                    round += 1
                }
            }
        }
        return times.withLock { $0 }
    }

    private func read(_ cache: MetricCache) -> [Double] {
        var times: [Double] = []
        let end = CPUClock.wall + Int64(seconds * 1e9)
        var generator = SystemRandomNumberGenerator()
        while CPUClock.wall < end {
            let first = Int.random(in: 0..<rows - CachePauses.pageTweets, using: &generator)
            let need = CachePauses.need(first..<first + CachePauses.pageTweets)
            let began = CPUClock.wall
            _ = cache.lookup(need, now: CachePauses.start)
            times.append(Double(CPUClock.wall - began) / 1e6)
        }
        return times
    }

    private static func need(_ numbers: Range<Int>) -> MetricNeed {
        // In an order that has nothing to do with when they came.
        let tweets = numbers.map { TweetID(rawValue: 1 << 60 | UInt64($0) &* 0x9E37_79B9 % (1 << 40) << 10) }
        return .totals(account: account, tweets: tweets, types: .publicTotals)
    }

    private static func store(_ numbers: Range<Int>, in cache: MetricCache) {
        var answer = MetricTable(need(numbers))
        for place in answer.cells.indices {
            answer.cells[place] = Cell(
                count: Int64(place) * 37,
                fetchedAt: UInt32(start.seconds),
                state: .counted,
                freshness: .fresh
            )
        }
        cache.store(answer, scope: .everyone, now: start)
    }

    // MARK: - Output

    private func report(_ title: String, _ times: [Double]) -> String {
        let sorted = times.sorted()
        func at(_ share: Double) -> String {
            sorted.isEmpty
                ? "–" : String(format: "%.2f", sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))])
        }
        return CachePauses.line([title, "\(sorted.count)", at(0.5), at(0.99), at(0.999), at(1)])
    }

    private static func line(_ cells: [String]) -> String {
        cells.enumerated().map { place, cell in
            place == 0
                ? cell.padding(toLength: 20, withPad: " ", startingAt: 0)
                : String(repeating: " ", count: max(0, 10 - cell.count)) + cell
        }.joined()
    }
}
