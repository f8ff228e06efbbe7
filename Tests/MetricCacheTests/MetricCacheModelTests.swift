import Engagement
import Foundation
import MetricCache
import TestSupport
import Testing

/// A cache that is so simple that it is right: one dictionary. The real one must agree with it, cell by cell.
private struct CacheModel {
    private struct Key: Hashable {
        let scope: CellScope
        let tweet: TweetID
        let family: MetricFamily
        let type: EngagementType
        let grain: MetricNeed.Grain?
        /// Hours or days since 1970, 0 for totals.
        let bucket: Int
    }

    private var cells: [Key: Cell] = [:]
    /// Cells that a soft purge has been over.
    private var outdated: Set<Key> = []
    private(set) var purges: [PurgeSelection] = []
    private let timeToLive = TimeToLive()

    mutating func purge(_ selection: PurgeSelection, _ kind: PurgeKind) {
        purges.append(selection)
        for key in cells.keys where isMatched(key, by: selection) {
            if kind == .soft { outdated.insert(key) } else { cells[key] = nil }
        }
    }

    private func isMatched(_ key: Key, by selection: PurgeSelection) -> Bool {
        if let account = selection.account, key.scope != .account(account) { return false }
        if let tweets = selection.tweets, !tweets.contains(key.tweet) { return false }
        return selection.family.map { $0 == key.family } ?? true
    }

    /// - Parameter since: How many purges there had been when the answer was asked for.
    mutating func store(_ answer: MetricTable, scope: CellScope, now: UnixTime, since: Int) {
        let need = answer.need
        for (row, tweet) in need.tweets.enumerated() {
            for type in need.types.types where isAllowed(type, need, scope) {
                for bucket in 0..<need.bucketCount {
                    var cell = answer[row, type, bucket]
                    if cell.state == .missing { continue }
                    cell.fetchedAt =
                        cell.fetchedAt == 0 ? UInt32(now.seconds) : min(cell.fetchedAt, UInt32(now.seconds))
                    let key = key(need, scope, tweet, type, bucket)
                    if purges[since...].contains(where: { isMatched(key, by: $0) }) { continue }
                    if !outdated.contains(key), let known = cells[key], known.fetchedAt > cell.fetchedAt { continue }
                    cells[key] = cell
                    outdated.remove(key)
                }
            }
        }
    }

    func lookup(_ need: MetricNeed, now: UnixTime, notBefore: UnixTime?) -> MetricTable {
        var table = MetricTable(need)
        for (row, tweet) in need.tweets.enumerated() {
            for type in need.types.types {
                let isPublic = need.family == .totals && EngagementTypeSet.publicTotals.contains(type)
                let scope = isPublic ? CellScope.everyone : .account(need.account)
                for bucket in 0..<need.bucketCount {
                    let key = key(need, scope, tweet, type, bucket)
                    var best = judged(cells[key] ?? .missing, key, now, notBefore)
                    if need.grain == .day, need.family == .series {
                        let sum = sumOfHours(key, now, notBefore)
                        let isBetter =
                            (sum.freshness.rawValue, sum.fetchedAt) > (best.freshness.rawValue, best.fetchedAt)
                        if isBetter { best = sum }
                    }
                    table[row, type, bucket] = best
                }
            }
        }
        return table
    }

    private func sumOfHours(_ day: Key, _ now: UnixTime, _ notBefore: UnixTime?) -> Cell {
        let hours = (0..<24).map { hour in
            let key = Key(
                scope: day.scope,
                tweet: day.tweet,
                family: .series,
                type: day.type,
                grain: .hour,
                bucket: day.bucket * 24 + hour
            )
            return judged(cells[key] ?? .missing, key, now, notBefore)
        }
        guard hours.allSatisfy({ $0.freshness != .gone }), Set(hours.map(\.state)).count == 1 else { return .missing }
        return Cell(
            count: hours.reduce(0) { $0 + $1.count },
            fetchedAt: hours.map(\.fetchedAt).min() ?? 0,
            state: hours[0].state,
            freshness: hours.map(\.freshness).min { $0.rawValue < $1.rawValue } ?? .gone
        )
    }

    private func judged(_ cell: Cell, _ key: Key, _ now: UnixTime, _ notBefore: UnixTime?) -> Cell {
        if cell.state == .missing { return .missing }
        var cell = cell
        let subject: TimeToLive.Subject =
            switch key.grain {
            case nil: .totals(key.tweet)
            case .hour: .hour(UTCHour(index: Int32(key.bucket)))
            case .day: .day(UTCDay(index: Int32(key.bucket)))
            }
        cell.freshness = timeToLive.freshness(of: cell, subject: subject, now: now)
        if outdated.contains(key) {
            if cell.freshness != .gone { cell.freshness = .expired }
        } else if let notBefore, Int64(cell.fetchedAt) >= notBefore.seconds {
            cell.freshness = .fresh
        }
        return cell.freshness == .gone ? .missing : cell
    }

    private func isAllowed(_ type: EngagementType, _ need: MetricNeed, _ scope: CellScope) -> Bool {
        switch scope {
        case .everyone: need.family == .totals && EngagementTypeSet.publicTotals.contains(type)
        case .account(let account): account == need.account
        }
    }

    private func key(
        _ need: MetricNeed,
        _ scope: CellScope,
        _ tweet: TweetID,
        _ type: EngagementType,
        _ bucket: Int
    ) -> Key {
        let start = Int(need.window?.start.index ?? 0)
        let isTotals = need.family == .totals
        return Key(
            scope: scope,
            tweet: tweet,
            family: need.family,
            type: type,
            grain: isTotals ? nil : need.grain,
            bucket: isTotals ? 0 : need.grain == .day ? start / 24 + bucket : start + bucket
        )
    }
}

@Suite struct MetricCacheModelTests {
    /// Memory holds a small part of the records, so that most lookups go through the file.
    @Test(arguments: [16 << 10, 64 << 10, 4 << 20])
    func `the cache agrees with its model through any operations, purges and restarts`(memoryBytes: Int) throws {
        for run in 0..<MetricCacheModelTests.runs {
            try play(memoryBytes: memoryBytes, seed: runSeed &+ UInt64(memoryBytes) &+ UInt64(run) << 32)
        }
    }

    /// `make soak` plays more of them.
    private static let runs = ProcessInfo.processInfo.environment["ENGAGEQL_MODEL_RUNS"].flatMap(Int.init) ?? 1

    private func play(memoryBytes: Int, seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: seed)
        var cache = try makeCache(folder, memoryBytes: memoryBytes)
        var model = CacheModel()
        var now = noon
        // What calls that are still under way were told when they began, and when that was.
        var calls = [(purge: cache.latestPurge, count: 0, at: UnixTime(seconds: 0))]
        for step in 0..<1500 {
            switch Int.random(in: 0..<100, using: &generator) {
            case 0: cache.flush()
            case 1:
                cache.close()
                cache = try makeCache(folder, memoryBytes: memoryBytes)
                calls = [(cache.latestPurge, model.purges.count, now)]
            case 2..<12:
                now = now.advanced(bySeconds: [0, 1, 20, 400, 4000, 90_000].randomElement(using: &generator) ?? 0)
            case 12..<50:
                var answer = randomAnswer(now, &generator)
                let scopes: [CellScope] = [.everyone, .account(answer.need.account), .account(ada)]
                let scope = scopes.randomElement(using: &generator) ?? .everyone
                let call = calls.randomElement(using: &generator) ?? (cache.latestPurge, model.purges.count, now)
                // No number is older than the call that brings it.
                for place in answer.cells.indices where answer.cells[place].fetchedAt > 0 {
                    answer.cells[place].fetchedAt = max(answer.cells[place].fetchedAt, UInt32(call.at.seconds))
                }
                cache.store(answer, scope: scope, now: now, since: call.purge)
                model.store(answer, scope: scope, now: now, since: call.count)
            case 50..<54:
                let selection = randomSelection(&generator)
                let kind: PurgeKind = Bool.random(using: &generator) ? .hard : .soft
                #expect(cache.purge(selection, kind).isDurable)
                model.purge(selection, kind)
                calls = calls.suffix(5) + [(cache.latestPurge, model.purges.count, now)]
            default:
                let need = randomNeed(&generator)
                let notBefore = Bool.random(using: &generator) ? nil : now.advanced(bySeconds: -10)
                let found = cache.lookup(need, now: now, notBefore: notBefore)
                let expected = model.lookup(need, now: now, notBefore: notBefore)
                guard found.cells == expected.cells else {
                    let place = zip(found.cells, expected.cells).enumerated().first { $1.0 != $1.1 }
                    Issue.record("step \(step), seed \(seed): \(need) differs at \(String(describing: place))")
                    return
                }
            }
        }
    }

    private static let tweets = (0..<60).map { tweet(secondsOld: Int64($0) * 20_000, number: UInt64($0)) }

    private func randomSelection(_ generator: inout SeededGenerator) -> PurgeSelection {
        var selection = PurgeSelection()
        if Int.random(in: 0..<4, using: &generator) > 0 {
            let count = Int.random(in: 1...8, using: &generator)
            selection.tweets = Array(MetricCacheModelTests.tweets.shuffled(using: &generator).prefix(count))
        }
        if Bool.random(using: &generator) { selection.account = Bool.random(using: &generator) ? ada : bob }
        if Bool.random(using: &generator) { selection.family = MetricFamily.allCases.randomElement(using: &generator) }
        return selection
    }

    private func randomNeed(_ generator: inout SeededGenerator) -> MetricNeed {
        let account = [ada, bob, AccountName("eve")].randomElement(using: &generator) ?? ada
        let count = Int.random(in: 1...12, using: &generator)
        let tweets = Array(MetricCacheModelTests.tweets.shuffled(using: &generator).prefix(count))
        if Bool.random(using: &generator) {
            let types = EngagementTypeSet(rawValue: .random(in: 1..<128, using: &generator))
            return .totals(account: account, tweets: tweets, types: types)
        }
        var types: EngagementTypeSet = []
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            types.insert(.init(EngagementTypeSet.series.types.randomElement(using: &generator) ?? .impressions))
        }
        let firstDay = UTCDay(index: noon.flooredHour.day.index - .random(in: 0...5, using: &generator))
        if Bool.random(using: &generator) {
            let days = Int.random(in: 1...4, using: &generator)
            let window = HourWindow(start: firstDay.firstHour, end: firstDay.advanced(by: days).firstHour)
            let grain: MetricNeed.Grain = Bool.random(using: &generator) ? .day : .hour
            return .series(account: account, tweets: tweets, types: types, window: window, grain: grain)
        }
        let start = firstDay.firstHour.advanced(by: .random(in: 0..<24, using: &generator))
        let window = HourWindow(start: start, end: start.advanced(by: .random(in: 0...40, using: &generator)))
        return .series(account: account, tweets: tweets, types: types, window: window, grain: .hour)
    }

    private func randomAnswer(_ now: UnixTime, _ generator: inout SeededGenerator) -> MetricTable {
        var table = MetricTable(randomNeed(&generator))
        let states: [Cell.State] = [.unavailable, .forbidden, .tooOld, .missing]
        let common: Cell.State = Int.random(in: 0..<4, using: &generator) == 0 ? .unavailable : .counted
        let age = [0, 0, 0, 5, 5000].randomElement(using: &generator) ?? 0
        for place in table.cells.indices {
            let isOdd = Int.random(in: 0..<50, using: &generator) == 0
            let state = isOdd ? states.randomElement(using: &generator) ?? .missing : common
            let bits = UInt64.random(in: 34...64, using: &generator)
            table.cells[place] = Cell(
                count: state == .counted ? Int64(generator.next() >> bits) : 0,
                fetchedAt: isOdd ? 0 : UInt32(now.seconds - Int64(age)),
                state: state,
                freshness: .gone
            )
        }
        return table
    }
}
