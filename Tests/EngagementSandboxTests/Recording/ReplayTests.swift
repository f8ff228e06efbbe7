import Engagement
import EngagementSandbox
import Foundation
import Gzip
import JSON
import Settings
import TestSupport
import Testing

/// Answers from a recording.
@Suite struct ReplayTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func recording(_ lines: [String]) throws -> String {
        let path = folder.path("exchanges.jsonl")
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
        return path
    }

    /// A line with this request and this end.
    private func line(
        _ request: String,
        _ status: Int,
        _ content: String,
        headers: String = #"{"content-type":"application/json","content-encoding":"gzip"}"#,
        path: String = "/insights/engagement/totals"
    ) -> String {
        #"{"time":"2026-11-20T12:30:00Z","method":"POST","path":"\#(path)","authorization":"user","request":\#(request),"#
            + #""status":\#(status),"headers":\#(headers),\#(content)}"#
    }

    private func ask(_ bench: Bench, _ request: String, _ endpoint: Endpoint = .totals) -> SandboxReply {
        bench.endpoint.respond(to: bench.request(endpoint, request, as: .nobody))
    }

    private func text(of reply: SandboxReply) throws -> String {
        let isPacked = reply.headers.contains { $0.name.lowercased() == "content-encoding" && $0.value == "gzip" }
        return String(decoding: isPacked ? try Gzip.decompress(reply.body, limit: 1 << 20) : reply.body, as: UTF8.self)
    }

    @Test("Answers to the same request come in their order, and the last one again and again")
    func order() throws {
        let path = try recording([
            line(#"{"a":1}"#, 429, #""body":{"errors":["later"]}"#), line(#"{"a":2}"#, 200, #""body":{"other":"1"}"#),
            line(#"{"a":1}"#, 200, #""body":{"g":"1"}"#),
        ])
        let bench = try Bench { $0.replay = path }
        let answers = (0..<4).map { _ in ask(bench, #"{"a":1}"#) }
        #expect(answers.map(\.status) == [429, 200, 200, 200])
        #expect(
            try answers.map(text) == [#"{"errors":["later"]}"#, #"{"g":"1"}"#, #"{"g":"1"}"#, #"{"g":"1"}"#]
        )
        #expect(try text(of: ask(bench, #"{"a":2}"#)) == #"{"other":"1"}"#)
        #expect(bench.endpoint.calls.map(\.status) == [429, 200, 200, 200, 200])
    }

    @Test(
        "A request matches if it means the same",
        arguments: [
            (#"{"x":{"c":[1,2],"b":2},"tweet_ids":["1","2"]}"#, true),
            (#" { "tweet_ids" : ["2","1"], "x": {"b":2, "c":[1,2]} } "#, true),
            (#"{"x":{"b":2,"c":[2,1]},"tweet_ids":["1","2"]}"#, false),
            (#"{"x":{"b":2,"c":[1,2]},"tweet_ids":["1"]}"#, false),
            (#"{"x":{"b":2,"c":[1,2]},"tweet_ids":[1,2]}"#, false),
            (#"{"x":{"b":2,"c":[1,2]},"tweet_ids":["1","2"],"y":1}"#, false), ("{", false), ("", false),
        ]
    )
    func matching(_ request: String, _ isMatch: Bool) throws {
        let recorded = #"{"tweet_ids":["1","2"],"x":{"b":2,"c":[1,2]}}"#
        let path = try recording([line(recorded, 200, #""body":{}"#)])
        let bench = try Bench { $0.replay = path }
        #expect(ask(bench, request).status == (isMatch ? 200 : 404))
        // Another endpoint has said nothing of it.
        #expect(ask(bench, request, .historical).status == 404)
    }

    @Test("Without a match 404 says so, packed as every error")
    func noMatch() throws {
        let bench = try Bench { $0.replay = try? recording([]) }
        let answer = try bench.call(.totals, "{}", as: .nobody)
        #expect(answer.status == 404)
        #expect(answer.errors == ["No exchange with this path and this body was recorded."])
        #expect(answer.header("Content-Encoding") == "gzip")
    }

    @Test("Status, headers and body are those of the recording, packed only if they were")
    func answers() throws {
        let path = try recording([
            line("1", 503, #""text":"<html>""#, headers: #"{"content-type":"text/html","retry-after":"7"}"#),
            line("2", 200, #""base64":"H4sA/w==""#), line("3", 200, #""text":"no JSON""#),
            line("\"{\"", 400, #""body":{"errors":["bad"]}"#),
        ])
        let bench = try Bench { $0.replay = path }
        let page = ask(bench, "1")
        #expect(page.status == 503)
        #expect(page.headers.map { "\($0.name): \($0.value)" } == ["content-type: text/html", "retry-after: 7"])
        #expect(page.body == Array("<html>".utf8))
        let broken = ask(bench, "2")
        #expect(broken.headers.contains { $0 == ("content-encoding", "gzip") })
        #expect(broken.body == [0x1F, 0x8B, 0x00, 0xFF])
        #expect(try text(of: ask(bench, "3")) == "no JSON")
        // A request that is no JSON was recorded as text.
        #expect(ask(bench, "{").status == 400)
    }

    @Test("Where a client got no answer the connection closes; what it gave up by itself is passed over")
    func failures() throws {
        func failure(_ request: String, _ code: String) -> String {
            #"{"time":"2026-11-20T12:30:00Z","method":"POST","path":"/insights/engagement/totals","authorization":"user","#
                + #""request":\#(request),"failure":"\#(code)"}"#
        }
        let lost = failure("1", "connectionLost")
        #expect(try String(decoding: RecordedExchange(line: Array(lost.utf8)).line, as: UTF8.self) == lost)
        let path = try recording([
            lost, failure("1", "timedOut"), failure("1", "cancelled"), line("1", 200, #""body":{"g":"1"}"#),
            failure("2", "shutDown"),
        ])
        let bench = try Bench { $0.replay = path }
        let answers = (0..<4).map { _ in ask(bench, "1") }
        #expect(answers.map(\.delivery.isHungUp) == [true, true, false, false])
        #expect(answers.map(\.status) == [0, 0, 200, 200])
        #expect(ask(bench, "2").status == 404)
    }

    @Test("Nothing is checked but gzip: not the signature, not the quota, not the path")
    func checks() throws {
        let path = try recording([line("{}", 200, #""body":{}"#), line("{}", 200, #""body":{}"#, path: "/elsewhere")])
        let bench = try Bench {
            $0.replay = path
            $0.quotaPerMinute = 0
        }
        #expect(ask(bench, "{}").status == 200)
        #expect(bench.endpoint.respond(to: bench.request(.totals, "{}") { $0.path = "/elsewhere" }).status == 200)
        let plain = bench.request(.totals, "{}", as: .acme) { $0.headers[1].value = "identity" }
        #expect(bench.endpoint.respond(to: plain).status == 406)
        let credentials = SandboxRequest(
            path: "/oauth2/token",
            headers: [("Authorization", "Basic \(Data("real:secret".utf8).base64EncodedString())")],
            body: Array("grant_type=client_credentials".utf8)
        )
        #expect(try bench.send(credentials).json["access_token"]?.string?.isEmpty == false)
    }

    @Test("Faults strike in a replay too, and use up none of its answers")
    func faults() throws {
        let path = try recording([line("{}", 200, #""body":{"g":"1"}"#), line("{}", 200, #""body":{"g":"2"}"#)])
        let bench = try Bench {
            $0.replay = path
            $0.faults = FaultPlan([.init(.serviceUnavailable, times: 1), .init(.negativeCounts, times: 1)])
        }
        #expect(ask(bench, "{}").status == 503)
        #expect(try text(of: ask(bench, "{}")) == #"{"g":"-1"}"#)
        #expect(try text(of: ask(bench, "{}")) == #"{"g":"2"}"#)
        bench.endpoint.setFaults(FaultPlan([.init(.forbiddenTweets(1))]))
        #expect(try text(of: ask(bench, #"{"tweet_ids":["7"]}"#)) == #"{"errors":["Forbidden to access tweets: 7"]}"#)
    }

    @Test("What was recorded comes out of a replay again, for every body there is")
    func recordedAndReplayed() throws {
        let path = folder.path("exchanges.jsonl")
        let faults: [Fault] = [
            .rubbish, .empty, .badGateway, .truncatedGzip, .corruptGzip, .notGzipped, .tooManyRequestsWithReset,
            .tooManyRequestsWithRetryAfter(milliseconds: 7000),
            .objectErrors, .allUnavailable, .drip(milliseconds: 0),
        ]
        let requests = faults.indices.map { index in
            body(
                [TweetID(rawValue: 1_785_265_636_840_173_569)],
                ["favorites"],
                groupings: [("g\(index)", ["tweet.id"])]
            )
        }
        let original = try Bench {
            $0.record = path
            $0.faults = FaultPlan(faults.map { .init($0, times: 1) })
        }
        let sent = requests.map { original.endpoint.respond(to: original.request(.totals, $0, as: .bearer)) }
        let replay = try Bench { $0.replay = path }
        for (request, first) in zip(requests, sent) {
            let second = ask(replay, request)
            #expect(second.status == first.status)
            let fields = { (reply: SandboxReply) in
                reply.headers.map { "\($0.name.lowercased()): \($0.value)" }.sorted()
            }
            #expect(fields(second) == fields(first))
            #expect(second.body == first.body)
        }
    }

    @Test(
        "A bad line stops the start with file and line",
        arguments: [
            ("{", "the line is no JSON"), ("[]", "the line is no object"), ("{}", "the line lacks time"),
            (#"{"time":"noon"}"#, "the line has a time that is not of ISO 8601"),
            (#"{"time":"2026-11-20","authorization":"root"}"#, "the line has an authorization other than"),
        ]
    )
    func badLines(_ bad: String, _ reason: String) throws {
        let path = try recording([line("{}", 200, #""body":{}"#), "", bad])
        let error = #expect(throws: SettingsError.self) { try Bench { $0.replay = path } }
        #expect(error?.source == path)
        #expect(error?.line == 3)
        #expect(error?.reason.hasPrefix(reason) == true, "\(error?.reason ?? "")")
    }

    @Test(
        "A line must have all of its parts",
        arguments: [
            ("\"status\":200", "\"status\":99"), ("\"status\":200", "\"status\":\"200\""),
            ("\"body\":{}", "\"bodies\":{}"), ("\"body\":{}", "\"body\":{},\"text\":\"x\""),
            ("\"body\":{}", "\"base64\":\"?\""), ("\"request\":1", "\"requests\":1"),
            ("\"headers\":{", "\"headers\":{\"x\":1,"), ("\"method\"", "\"methods\""),
            ("\"status\":200", "\"failure\":1"),
        ]
    )
    func parts(_ part: String, _ bad: String) throws {
        let good = line("1", 200, "\"body\":{}")
        #expect(throws: Never.self) { try RecordedExchange(line: Array(good.utf8)) }
        let spoilt = good.replacingOccurrences(of: part, with: bad)
        #expect(spoilt != good)
        #expect(throws: RecordingError.self) { try RecordedExchange(line: Array(spoilt.utf8)) }
    }

    @Test("A recording that is not there is named, and one cannot be recorded and replayed at once")
    func settings() {
        let missing = #expect(throws: SettingsError.self) { try Bench { $0.replay = "/nowhere/r.jsonl" } }
        #expect(missing?.description == "/nowhere/r.jsonl: cannot be read")
        let both = #expect(throws: SettingsError.self) {
            try SandboxConfiguration(yaml: "record: a\nreplay: b", source: "f")
        }
        #expect(both?.description == "f:2: replay: a replay cannot be recorded: give either record or replay")
    }
}
