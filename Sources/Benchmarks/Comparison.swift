import Foundation

/// One workload, measured on the real server and on a bare one in turns.
struct Comparison {
    let workload: Workload
    let rounds: Int
    let seconds: Double
    let connections: Int

    init(_ workload: Workload, rounds: Int, seconds: Double, connections: Int) {
        self.workload = workload
        self.rounds = rounds
        self.seconds = seconds
        self.connections = connections
    }

    /// Fills the cache with a few requests, then alternates.
    ///
    /// - Throws: ``BenchmarkError`` if an answer lacks a number or differs from the first, or if the cache did not suffice.
    func measure(_ server: BenchmarkServer, skipBare: Bool) throws -> Report.Row {
        let (answer, contentType) = try firstAnswer(server)
        let callsBefore = try server.upstreamCalls()
        let bare = try skipBare ? nil : BareServer(body: answer, contentType: contentType)
        var bareLoad = try bare.map { try load(port: $0.port, answer, echoesCounter: false) }
        var ourLoad = try load(port: server.port, answer, echoesCounter: true)

        var bareSamples: [LoadGenerator.Sample] = []
        var ourSamples: [LoadGenerator.Sample] = []
        for _ in 0..<rounds {
            if let sample = try bareLoad?.run(seconds: seconds) { bareSamples.append(sample) }
            ourSamples.append(try ourLoad.run(seconds: seconds))
        }
        let calls = try server.upstreamCalls() - callsBefore
        guard calls == 0 else {
            throw BenchmarkError("\(workload.name): \(calls) upstream calls were made while measuring")
        }
        let ratios = zip(ourSamples, bareSamples).map { $0.microseconds / $1.microseconds }
        return Report.Row(
            name: workload.name,
            title: workload.title,
            bytes: answer.count,
            bare: bareSamples.isEmpty ? nil : Report.Figures(bareSamples),
            ours: Report.Figures(ourSamples),
            ratio: ratios.isEmpty ? nil : Report.median(ratios),
            memory: .now()
        )
    }

    private func load(port: UInt16, _ answer: [UInt8], echoesCounter: Bool) throws -> LoadGenerator {
        try LoadGenerator(
            workload,
            port: port,
            connections: connections,
            answer: answer,
            echoesCounter: echoesCounter,
            firstCount: 10_000_000
        )
    }

    /// The answer that all others are compared with, from a cache that has been filled.
    private func firstAnswer(_ server: BenchmarkServer) throws -> (body: [UInt8], contentType: String) {
        let connection = try ClientConnection(port: server.port)
        let fetched = try connection.ask(workload.request)
        try connection.send(workload.request)
        let (body, contentType) = try unsafe connection.receive { head, body in
            unsafe ([UInt8](body), Comparison.contentType(String(decoding: head, as: UTF8.self)))
        }
        let text = String(decoding: body, as: UTF8.self)
        guard body == fetched else {
            throw BenchmarkError(
                "\(workload.name): the cached answer is not the one that was fetched:\n\(text.prefix(400))"
            )
        }
        if workload.isGraphQL, text.contains("\"errors\"") || text.contains("null") {
            throw BenchmarkError("\(workload.name): the answer lacks numbers:\n\(text.prefix(400))")
        }
        return (body, contentType)
    }

    private static func contentType(_ head: String) -> String {
        let key = "content-type: "
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(key) }
        return line.map { String($0.dropFirst(key.count)) } ?? "application/json"
    }
}
