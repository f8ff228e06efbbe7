import EngagementGraph
import TestSupport
import Testing

@Suite("Rows against sums by brute force")
struct RowOracleTests {
    @Test("Any grouping, window and zone", arguments: 0..<40)
    func agrees(_ part: Int) throws {
        let seed = runSeed &+ UInt64(part) &* 1_000_003
        var generator = SeededGenerator(seed: seed)
        let graph = try GraphFixture(now: "2027-01-01T00:00:00Z")
        for round in 0..<4 {
            let oracle = RowOracle(using: &generator)
            let response = try graph.respond(oracle.query, cells: oracle.cell)
            let isRight = response.hasPrefix("{\"data\":\(oracle.expected())")
            #expect(
                isRight,
                "ENGAGEQL_SEED=\(runSeed), round \(round): \(oracle.query)\n\(response.prefix(2000))\n\(oracle.expected().prefix(2000))"
            )
            if !isRight { return }
        }
    }
}
