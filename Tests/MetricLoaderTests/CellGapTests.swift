import Engagement
import MetricLoader
import TestSupport
import Testing

@Suite("Gaps in a table")
struct CellGapTests {
    private func filled(_ need: MetricNeed, _ freshness: (Int, EngagementType, Int) -> Cell.Freshness) -> MetricTable {
        var table = MetricTable(need)
        for row in need.tweets.indices {
            for type in need.types.types {
                for bucket in 0..<table.bucketCount {
                    table[row, type, bucket] = Cell(
                        count: 1,
                        fetchedAt: 1,
                        state: .counted,
                        freshness: freshness(row, type, bucket)
                    )
                }
            }
        }
        return table
    }

    @Test("Public and private numbers of totals are asked for by different eyes")
    func totalsAccess() {
        let gaps = CellGap.gaps(in: MetricTable(totals(tweets(7), .totals)))
        #expect(
            gaps == [
                CellGap(access: .application, tweet: tweets(7)[0], types: .publicTotals, window: nil, grain: .hour),
                CellGap(
                    access: .account(ada),
                    tweet: tweets(7)[0],
                    types: types(.impressions, .engagements),
                    window: nil,
                    grain: .hour
                ),
            ]
        )
    }

    @Test("Only what is not fresh is missing; what is stale is missing too")
    func freshness() {
        let table = filled(totals(tweets(7, 8), types(.favorites, .replies))) { row, type, _ in
            row == 1 && type == .replies ? .stale : .fresh
        }
        #expect(
            CellGap.gaps(in: table) == [
                CellGap(access: .application, tweet: tweets(8)[0], types: types(.replies), window: nil, grain: .hour)
            ]
        )
    }

    @Test("A day between two missing hours divides them, an hour less does not")
    func stretches() {
        let need = series(tweets(7), types(.replies), "2026-03-01", "2026-03-11")
        func windows(_ missing: Set<Int>) -> [HourWindow?] {
            CellGap.gaps(in: filled(need) { _, _, bucket in missing.contains(bucket) ? .gone : .fresh }).map(\.window)
        }
        #expect(
            windows([0, 25]) == [
                window("2026-03-01T00:00:00Z", "2026-03-01T01:00:00Z"),
                window("2026-03-02T01:00:00Z", "2026-03-02T02:00:00Z"),
            ]
        )
        #expect(windows([0, 24]) == [window("2026-03-01T00:00:00Z", "2026-03-02T01:00:00Z")])
        #expect(windows([239]) == [window("2026-03-10T23:00:00Z", "2026-03-11T00:00:00Z")])
    }

    @Test("Days stay whole")
    func days() {
        let table = filled(series(tweets(7), types(.replies), "2026-03-01", "2026-03-11", .day)) { _, _, bucket in
            bucket == 3 || bucket == 4 || bucket == 9 ? .gone : .fresh
        }
        #expect(
            CellGap.gaps(in: table).map(\.window) == [
                window("2026-03-04", "2026-03-06"), window("2026-03-10", "2026-03-11"),
            ]
        )
    }

    @Test("A gap has all types that the Tweet lacks, and all hours that any of them lacks")
    func severalTypes() {
        let table = filled(series(tweets(7), types(.replies, .favorites, .appOpens), "2026-03-01", "2026-03-02")) {
            _,
            type,
            bucket in
            (type == .replies && bucket == 3) || (type == .favorites && bucket == 5) ? .gone : .fresh
        }
        #expect(
            CellGap.gaps(in: table) == [
                CellGap(
                    access: .account(ada),
                    tweet: tweets(7)[0],
                    types: types(.replies, .favorites),
                    window: window("2026-03-01T03:00:00Z", "2026-03-01T06:00:00Z"),
                    grain: .hour
                )
            ]
        )
    }

    @Test("No Tweets and no types have no gaps")
    func empty() {
        #expect(CellGap.gaps(in: MetricTable(totals([], .totals))).isEmpty)
        #expect(CellGap.gaps(in: MetricTable(totals(tweets(1), []))).isEmpty)
        #expect(CellGap.gaps(in: MetricTable(series([], [], "2026-03-01", "2026-03-02"))).isEmpty)
    }
}
