import Engagement
import EngagementAPI
import EngagementGraph
import EngagementSandbox
import EngagementServer
import JSON
import TestSupport
import Testing

/// Every file of `Scenarios/` over real HTTP: the queries, the upstream calls that they are allowed, the exact answers.
@Suite(.serialized)
struct ScenarioTests {
    @Test("A scenario comes out as written", arguments: Scenario.all)
    func scenario(_ scenario: Scenario) async throws {
        let run = try ScenarioRun(scenario)
        for step in scenario.steps { try await run.perform(step) }
    }

    @Test("There are scenarios")
    func scenariosAreFound() {
        #expect(Scenario.all.count > 20)
    }

    @Test("Every fault of the sandbox, each row of dossier §7 among them, has a scenario")
    func everyFault() {
        let faults = Scenario.all.flatMap(\.steps).flatMap { $0["faults"]?.array ?? [] }
        let missing = Set(Fault.all().map(\.name)).subtracting(faults.compactMap { $0["fault"]?.string })
        #expect(missing.isEmpty)
    }
}

/// A scenario on its way.
private final class ScenarioRun {
    private let scenario: Scenario
    private let bed: TestBed

    init(_ scenario: Scenario) throws {
        self.scenario = scenario
        let start = scenario.now.flatMap(UnixTime.init(iso8601:)) ?? TestBed.start
        bed = try TestBed(at: start) { server, emulator in
            for account in scenario.accounts { emulator.world.put(try SandboxAccount(account)) }
            server.accounts = TestBed.accounts(emulator.world)
            try scenario.server.apply(to: &server, emulator.world)
        }
    }

    func perform(_ step: Scenario.Step) async throws {
        try await bed.settle()
        // Calls that are made for nobody in particular come when they come: they are counted to the step that lets them.
        bed.sandbox.forgetCalls()
        if step["restart"] == .boolean(true) { try await bed.restart() }
        try await setSandbox(step)
        if let seconds = step["advanceSeconds"]?.integer { bed.clock.advance(seconds: seconds) }
        let expressions = Expressions(metrics: bed.sandbox.metrics, now: bed.sandbox.now)
        guard let response = try await response(to: step, expressions) else { return }
        checkUpstream(step, try (step["upstream"]?.array ?? []).map { try UpstreamCall(try expressions.value(of: $0)) })
        checkTokenCalls(step)
        try check(response, step, expressions)
        checkLog(step, response)
    }

    private func setSandbox(_ step: Scenario.Step) async throws {
        for key in ["faults", "tweets", "accounts", "applications"] {
            if let list = step[key] { try await bed.put(key, .object([.init(key, list)])) }
        }
        for key in ["quota", "switches"] {
            if let settings = step[key] { try await bed.put(key, settings) }
        }
        if let quota = step["quotaPerMinute"] { try await bed.put("quota", .object([.init("perMinute", quota)])) }
    }

    // MARK: - Asking

    private func response(to step: Scenario.Step, _ expressions: Expressions) async throws -> RawClient.Response? {
        if let query = step["query"] {
            let text =
                try query.array?.compactMap(\.string).joined(separator: "\n") ?? expressions.value(of: query).string
            let variables = try step["variables"].map { try expressions.value(of: $0) }
            return try await bed.send(body: TestBed.body(text ?? "", variables))
        }
        guard let request = step["request"] else { return nil }
        try request.allow(["method", "path", "headers", "body"])
        let body = try request["body"].map { try expressions.value(of: $0) }
        return try await bed.send(
            request["method"]?.string ?? (body == nil ? "GET" : "POST"),
            try expressions.value(of: request["path"] ?? .string("/graphql")).string ?? "",
            headers: try (request["headers"]?.members ?? []).map {
                ($0.name, try expressions.value(of: $0.value).string ?? "")
            },
            body: Array((body?.string ?? "").utf8)
        )
    }

    // MARK: - Checking

    private func checkUpstream(_ step: Scenario.Step, _ expected: [UpstreamCall]) {
        let calls = bed.sandbox.calls.map(UpstreamCall.init).sorted()
        if calls == expected.sorted() { return }
        report(step, ["upstream calls:"] + calls.map { "  made \($0)" } + expected.sorted().map { "  expected \($0)" })
    }

    private func checkTokenCalls(_ step: Scenario.Step) {
        let expected = Int(step["tokenCalls"]?.integer ?? 0)
        let calls = bed.sandbox.tokenCalls
        if calls != expected { report(step, ["\(calls) calls of the token service, expected \(expected)"]) }
    }

    private func checkLog(_ step: Scenario.Step, _ response: RawClient.Response) {
        let log = bed.log.text
        if let text = step["log"]?.string, !log.contains(text) { report(step, ["the log does not say: \(text)"]) }
        for secret in bed.secrets {
            if response.text.contains(secret) { report(step, ["\(secret) stands in the response"]) }
            if log.contains(secret) { report(step, ["\(secret) stands in the log"]) }
        }
    }

    private func check(_ response: RawClient.Response, _ step: Scenario.Step, _ expressions: Expressions) throws {
        let expected = step["response"] ?? .object([.init("json", step["answer"] ?? .null)])
        try expected.allow(["status", "headers", "json", "text", "lines"])
        var problems: [String] = []
        let status = Int(expected["status"]?.integer ?? 200)
        if response.status != status { problems.append("status \(response.status), expected \(status)") }
        for header in expected["headers"]?.members ?? [] {
            let found = response.header(header.name).map { JSONValue.string($0) }
            problems += JSONExpectation.differences(found, header.value, path: header.name)
        }
        if let json = expected["json"] {
            let found = try? JSONValue(parsing: response.body)
            problems += JSONExpectation.differences(found, try expressions.value(of: json))
        } else {
            let lines = expected["lines"]?.array?.map { ($0.string ?? "") + "\r\n" }.joined()
            let text = lines.map { .string($0) } ?? expected["text"] ?? .string("")
            problems += JSONExpectation.differences(
                .string(response.text),
                try expressions.value(of: text),
                path: "text"
            )
        }
        if problems.isEmpty { return }
        report(step, problems + ["response: \(response.status) \(response.text.prefix(4000))"])
    }

    private func report(_ step: Scenario.Step, _ lines: [String]) {
        Issue.record("\(scenario.name), \(step.title): \(lines.joined(separator: "\n"))")
    }
}
