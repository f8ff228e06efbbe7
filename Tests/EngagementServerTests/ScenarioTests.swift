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

    @Test(
        "What each query of a scenario costs is told before, without a trace, and told after",
        arguments: Scenario.all.filter(\.isStraight)
    )
    func explained(_ scenario: Scenario) async throws {
        let run = try ScenarioRun(scenario, explains: true)
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
    /// Whether each query is explained before it is asked, and asked for its cost.
    private let explains: Bool

    init(_ scenario: Scenario, explains: Bool = false) throws {
        self.scenario = scenario
        self.explains = explains
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
        guard var response = try await response(to: step, expressions) else { return }
        if step["eventually"] == .boolean(true) {
            try await until {
                if try problems(of: response, step, expressions).isEmpty { return true }
                response = try await self.response(to: step, expressions) ?? response
                return false
            }
        }
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
            if explains, step["extensions"] == nil {
                return try await explainedResponse(to: step, text ?? "", variables)
            }
            return try await bed.send(body: TestBed.body(text ?? "", variables, extensions: step["extensions"]))
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

    /// The response without its cost, which has been compared with what was explained and with what upstream saw.
    private func explainedResponse(
        to step: Scenario.Step,
        _ query: String,
        _ variables: JSONValue?
    ) async throws -> RawClient.Response {
        func ask(_ name: String) async throws -> RawClient.Response {
            let extensions = JSONValue.object([.init(name, .boolean(true))])
            return try await bed.send(body: TestBed.body(query, variables, extensions: extensions))
        }
        let explanation = try JSONValue(parsing: try await ask("explain").body)
        if !bed.sandbox.calls.isEmpty { report(step, ["to explain it made \(bed.sandbox.calls.count) calls"]) }
        var response = try await ask("cost")
        let answer = try JSONValue(parsing: response.body)
        let now = bed.sandbox.now
        let made = bed.sandbox.calls
        if let explained = explanation["extensions"]?["explain"], let cost = answer["extensions"]?["cost"] {
            // Where a fault struck, the sandbox does not know the whole call.
            let isSound = made.allSatisfy { $0.fault == nil }
            if isSound {
                let attempts = (cost["calls"]?.array ?? []).flatMap { call in
                    Array(repeating: UpstreamCall(told: call, at: now), count: Int(call["attempts"]?.integer ?? 0))
                }
                compare(step, "cost", attempts, made)
            }
            // An error that names Tweets costs more calls than were planned.
            if isSound, made.allSatisfy({ $0.status == 200 }) {
                let refused = (explained["refusals"]?.array ?? []).map { [$0["as"], $0["account"]] }
                let planned = (explained["calls"]?.array ?? []).filter { !refused.contains([$0["as"], $0["account"]]) }
                compare(step, "explain", planned.map { UpstreamCall(told: $0, at: now) }, made)
            }
            response.body = Array(answer.without(extension: "cost").text.utf8)
        } else if explanation != answer || explanation["errors"] == nil {
            report(step, ["explained: \(explanation.text)", "answered: \(answer.text)"])
        }
        return response
    }

    // MARK: - Checking

    /// Compares what was told of calls with those that the sandbox saw, but for their status.
    private func compare(_ step: Scenario.Step, _ key: String, _ told: [UpstreamCall], _ made: [RecordedCall]) {
        let made = made.map { call in
            var call = call
            call.status = 200
            return UpstreamCall(call)
        }
        if told.sorted() == made.sorted() { return }
        report(step, ["\(key):"] + told.sorted().map { "  told \($0)" } + made.sorted().map { "  made \($0)" })
    }

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
        let problems = try problems(of: response, step, expressions)
        if problems.isEmpty { return }
        report(step, problems + ["response: \(response.status) \(response.text.prefix(4000))"])
    }

    private func problems(
        of response: RawClient.Response,
        _ step: Scenario.Step,
        _ expressions: Expressions
    ) throws -> [String] {
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
        return problems
    }

    private func report(_ step: Scenario.Step, _ lines: [String]) {
        Issue.record("\(scenario.name), \(step.title): \(lines.joined(separator: "\n"))")
    }
}

extension JSONValue {
    /// The same response without one of its extensions.
    fileprivate func without(extension name: String) -> JSONValue {
        .object(
            (members ?? []).compactMap { member in
                guard member.name == "extensions" else { return member }
                let others = (member.value.members ?? []).filter { $0.name != name }
                return others.isEmpty ? nil : .init("extensions", .object(others))
            }
        )
    }
}
