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

    /// Not those that wait for a deadline.
    @Test(
        "What each query of a scenario costs is told before, without a trace, and told after",
        arguments: Scenario.all.filter { $0.server["deadlineSeconds"] == nil }
    )
    func explained(_ scenario: Scenario) async throws {
        let run = try ScenarioRun(scenario, explains: true)
        for step in scenario.steps { try await run.perform(step) }
    }

    @Test("There are scenarios")
    func scenariosAreFound() {
        #expect(Scenario.all.count > 20)
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
        let settings = scenario.server
        try settings.allow(["attempts", "deadlineSeconds", "account", "tweets", "cells"])
        bed = try TestBed(at: start) { server, _ in
            if let attempts = settings["attempts"]?.integer {
                server.upstream.retry = RetryPolicy(
                    maximumAttempts: Int(attempts),
                    firstDelayMilliseconds: 1,
                    longestDelayMilliseconds: 1,
                    rateLimitDelayMilliseconds: 1
                )
            }
            if let seconds = settings["deadlineSeconds"]?.integer { server.deadlineSeconds = Int(seconds) }
            server.defaultAccount = settings["account"]?.string.map { AccountName($0) }
            if let tweets = settings["tweets"]?.integer { server.limits.plan.maximumTweets = Int(tweets) }
            if let cells = settings["cells"]?.integer { server.limits.plan.maximumCells = Int(cells) }
        }
    }

    func perform(_ step: Scenario.Step) async throws {
        if step["restart"] == .boolean(true) { try await bed.restart() }
        if let seconds = step["advanceSeconds"]?.integer { bed.clock.advance(seconds: seconds) }
        if let faults = step["faults"] { try await bed.put("faults", .object([.init("faults", faults)])) }
        if let quota = step["quotaPerMinute"] { try await bed.put("quota", .object([.init("perMinute", quota)])) }
        if let switches = step["switches"] { try await bed.put("switches", switches) }
        let expressions = Expressions(metrics: bed.sandbox.metrics, now: bed.sandbox.now)
        guard let response = try await response(to: step, expressions) else { return }
        checkUpstream(step, try (step["upstream"]?.array ?? []).map { try UpstreamCall(try expressions.value(of: $0)) })
        try check(response, step, expressions)
    }

    // MARK: - Asking

    private func response(to step: Scenario.Step, _ expressions: Expressions) async throws -> RawClient.Response? {
        bed.sandbox.forgetCalls()
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
