import ArgumentParser
import Foundation

/// `make bench`: what a cached request costs, beside what HTTP alone costs.
///
/// The real server answers GraphQL on loopback sockets from its cache, with the sandbox behind it. Beside it a bare handler of
/// libmicrohttpd answers the very same request bytes with a constant body of the same size. Rounds of both alternate, so that
/// whatever else the machine does meets both; the ratio is the promise, microseconds are those of one machine.
@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Benchmarks",
        abstract: "Measure cached requests beside a bare libmicrohttpd handler.",
        discussion: """
            To be run in the folder of the package, built for release. CPU is what the server's thread takes for a request: \
            that of the process less that of the thread that makes the load. Every answer is compared with the first one, \
            and the server's counters must show no upstream call while it is measured.
            """
    )

    @Option(help: "How many rounds; medians are taken over them.")
    var rounds = 7

    @Option(help: "How long a round of one server takes, in seconds.")
    var seconds = 0.5

    @Option(help: "Over how many keep-alive connections the requests come.")
    var connections = 32

    @Option(help: ArgumentHelp("Only this row; may be given several times.", valueName: "row"))
    var only: [String] = []

    @Flag(help: "Leave the bare handler out, for a profiler's sake.")
    var skipBare = false

    @Flag(help: "Measure instead how long look-ups are held up in a cache file of a million rows.")
    var pauses = false

    @Flag(help: "Measure a table of a million rows instead.")
    var table = false

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    @Flag(help: "End with status 1 if a ratio is beyond its ceiling.")
    var check = false

    @Option(help: ArgumentHelp("The ceilings that --check reads.", valueName: "file"))
    var thresholds = "Sources/Benchmarks/Thresholds.json"

    func validate() throws {
        guard rounds > 0, seconds > 0, (1...1000).contains(connections) else {
            throw ValidationError("--rounds and --seconds are more than 0, --connections are 1 to 1000.")
        }
        let names = Workload.names + EngineWorkload.names
        for name in only where !names.contains(name) {
            throw ValidationError("There is no row \(name); there are \(names.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        if pauses { return print(try CachePauses(rows: 1_000_000, seconds: max(seconds, 5)).run()) }
        if table { return try await TableBenchmark().run() }
        let ceilings = try check ? Thresholds(path: thresholds) : nil
        var report = Report(rounds: rounds, seconds: seconds, connections: connections)
        try await measureServer(into: &report)
        try measureEngine(into: &report)
        if json { print(try report.json) } else { print(report.table) }

        let excesses = ceilings?.excesses(of: report) ?? []
        for excess in excesses { FileHandle.standardError.write(Data("\(excess)\n".utf8)) }
        if !excesses.isEmpty { throw ExitCode(1) }
    }

    private func isWanted(_ name: String) -> Bool { only.isEmpty || only.contains(name) }

    private func measureServer(into report: inout Report) async throws {
        let tweets = Workload.tweets(250)
        let workloads = Workload.all(tweets).filter { isWanted($0.name) }
        for isRemembered in [true, false] {
            try await measure(workloads.filter { $0.isRemembered == isRemembered }, into: &report)
        }
    }

    /// Rows of one server.
    private func measure(_ workloads: [Workload], into report: inout Report) async throws {
        guard let first = workloads.first else { return }
        let server = try BenchmarkServer(remembersResponses: first.isRemembered)
        do {
            for workload in workloads {
                report.rows.append(
                    try Comparison(workload, rounds: rounds, seconds: seconds, connections: connections)
                        .measure(server, skipBare: skipBare)
                )
            }
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func measureEngine(into report: inout Report) throws {
        let names = EngineWorkload.names.filter(isWanted)
        guard !names.isEmpty else { return }
        let engine = try Engine()
        for workload in EngineWorkload.all(Workload.tweets(250)) where names.contains(workload.name) {
            report.rows.append(try workload.measure(engine, rounds: rounds, seconds: seconds))
        }
    }
}
