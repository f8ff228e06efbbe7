import Bytes
import Engagement

/// One row of the report that is measured without HTTP, on one thread.
struct EngineWorkload {
    let name: String
    let title: String
    let query: String
    let tweets: ArraySlice<TweetID>
    /// Whether the document is parsed and validated every time.
    var isUnseen = false

    static let names = ["engine-W1", "engine-W2", "engine-W3", "engine-unseen"]

    /// All rows, in the order of ``names``. `tweets` are 250.
    static func all(_ tweets: [TweetID]) -> [EngineWorkload] {
        [
            EngineWorkload(
                name: "engine-W1",
                title: "W1 without HTTP: bind, plan, look up, write",
                query: Query.fourMetrics,
                tweets: tweets.prefix(1)
            ),
            EngineWorkload(
                name: "engine-W2",
                title: "W2 without HTTP",
                query: Query.eightFields,
                tweets: tweets.prefix(25)
            ),
            EngineWorkload(
                name: "engine-W3",
                title: "W3 without HTTP",
                query: Query.eightFields,
                tweets: tweets.prefix(250)
            ),
            EngineWorkload(
                name: "engine-unseen",
                title: "W2 without HTTP: parse and validate too",
                query: Query.eightFields,
                tweets: tweets.prefix(25),
                isUnseen: true
            ),
        ]
    }

    func measure(_ engine: Engine, rounds: Int, seconds: Double) throws -> Report.Row {
        let prepared = try engine.prepare(query)
        let variables = Query.variables(tweets)
        try engine.fill(for: prepared, variables: variables)
        let first = try engine.answer(prepared, variables: variables)
        var samples: [LoadGenerator.Sample] = []
        for _ in 0..<rounds {
            var sample = LoadGenerator.Sample()
            let (thread, wall) = (CPUClock.thread, CPUClock.wall)
            let end = wall + Int64(seconds * 1e9)
            while CPUClock.wall < end {
                // Clocks are read once in a while: for the smallest workload they would count.
                for _ in 0..<16 {
                    let document = isUnseen ? try engine.prepare(query) : prepared
                    let answer = try engine.answer(document, variables: variables)
                    guard answer.count == first.count else {
                        throw BenchmarkError("\(name): an answer differs from the first one")
                    }
                }
                sample.requests += 16
            }
            sample.wall = CPUClock.wall - wall
            sample.server = CPUClock.thread - thread
            samples.append(sample)
        }
        return Report.Row(
            name: name,
            title: title,
            bytes: first.count,
            bare: nil,
            ours: Report.Figures(samples),
            ratio: nil,
            memory: .now()
        )
    }
}
