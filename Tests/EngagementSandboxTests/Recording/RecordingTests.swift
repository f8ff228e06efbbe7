import Engagement
import EngagementSandbox
import Foundation
import JSON
import Settings
import Synchronization
import TestSupport
import Testing

/// What a recording holds (its format is told at `RecordedExchange`).
@Suite struct RecordingTests {
    private let folder: TemporaryFolder
    private let likes = body([TweetID(rawValue: 1_070_059_276_213_702_656)], ["favorites"])

    init() throws {
        folder = try TemporaryFolder()
    }

    private var path: String { folder.path("exchanges.jsonl") }

    private func lines() throws -> [String] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.isEmpty || text.hasSuffix("\n"))
        return text.split(separator: "\n").map(String.init)
    }

    @Test("An exchange is a line of its own, letter by letter")
    func line() throws {
        let bench = try Bench(at: "2024-10-01T12:20:30.125Z") { $0.record = path }
        _ = try bench.call(.totals, likes, as: .bearer)
        #expect(
            try lines() == [
                #"{"time":"2024-10-01T12:20:30Z","method":"POST","path":"/insights/engagement/totals","#
                    + #""authorization":"bearer","request":{"tweet_ids":["1070059276213702656"],"#
                    + #""engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id","engagement.type"]}}},"#
                    + #""status":200,"headers":{"content-type":"application/json","x-per-minute-limit":"300","#
                    + #""x-per-minute-remaining":"299","x-per-minute-reset":"1727785260","content-encoding":"gzip"},"#
                    + #""body":{"g":{"1070059276213702656":{"favorites":"69"}}}}"#
            ]
        )
    }

    @Test("How a call was signed is recorded, rightly signed or not, and no secret is")
    func authorization() async throws {
        let bench = try Bench { $0.record = path }
        let wrong = Signer(tokenSecret: "wrong")
        for identity in [Bench.Identity.acme, .application, .bearer, .nobody, .user(wrong)] {
            _ = try bench.call(.totals, likes, as: identity)
        }
        _ = try bench.send(SandboxRequest(method: "GET", path: "/sandbox"))
        _ = try bench.send(
            SandboxRequest(
                path: "/oauth2/token",
                headers: [("Authorization", "Basic U2FuZGJveENvbnN1bWVyS2V5OlNhbmRib3hDb25zdW1lclNlY3JldA==")],
                body: Array("grant_type=client_credentials".utf8)
            )
        )
        let recorded = try lines().map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(recorded.map { $0["authorization"]?.string } == ["user", "application", "bearer", "none", "user"])
        #expect(recorded.map { $0["status"]?.integer } == [200, 200, 200, 401, 401])
        let text = try lines().joined()
        for secret in ["oauth_", "SANDBOXBEARERTOKEN", "SandboxTokenOfAcme", "SandboxConsumer"] {
            #expect(!text.contains(secret))
        }
    }

    @Test(
        "A body that is no JSON stands as text, and one that does not unpack as the bytes that were sent",
        arguments: [
            (Fault.rubbish, "text", "]this is no JSON{"), (.empty, "text", ""),
            (.badGateway, "text", "<html><head><title>502 Proxy Error</title></head><body>Proxy Error</body></html>"),
            (.truncatedGzip, "base64", ""), (.corruptGzip, "base64", ""), (.notGzipped, "body", ""),
        ]
    )
    func bodies(_ fault: Fault, _ key: String, _ content: String) throws {
        let bench = try Bench {
            $0.record = path
            $0.faults = FaultPlan([.init(fault)])
        }
        let reply = bench.endpoint.respond(to: bench.request(.totals, likes, as: .bearer))
        let recorded = try JSONValue(parsing: Array(try #require(try lines().first).utf8))
        #expect(recorded.members?.map(\.name).filter { ["body", "text", "base64"].contains($0) } == [key])
        switch key {
        case "text": #expect(recorded[key]?.string == content)
        case "base64": #expect(recorded[key]?.string == Data(reply.body).base64EncodedString())
        default: #expect(recorded[key] == (try JSONValue(parsing: reply.body)))
        }
    }

    @Test("A request that is no JSON stands as text, and an answer that never came whole is left out")
    func oddExchanges() throws {
        let bench = try Bench {
            $0.record = path
            $0.faults = FaultPlan([.init(.hangUp, times: 1), .init(.cut, times: 1)])
        }
        for request in [likes, likes, "{", ""] {
            _ = bench.endpoint.respond(to: bench.request(.totals, request, as: .bearer))
        }
        let recorded = try lines().map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(recorded.map { $0["request"]?.string } == ["{", ""])
    }

    @Test("A recording is continued, also one whose last line was never finished")
    func continued() throws {
        let bench = try Bench { $0.record = path }
        _ = try bench.call(.totals, likes, as: .bearer)
        let torn = try FileHandle(forWritingTo: URL(filePath: path))
        try torn.seekToEnd()
        try torn.write(contentsOf: Data("{\"time\":".utf8))
        try torn.close()
        let again = try Bench { $0.record = path }
        _ = try again.call(.totals, likes, as: .bearer)
        let recorded = try lines()
        try #require(recorded.count == 3)
        #expect(recorded[1] == "{\"time\":")
        #expect(throws: Never.self) { try RecordedExchange(line: Array(recorded[2].utf8)) }
    }

    @Test("Only its owner can read a recording")
    func permissions() throws {
        _ = try Bench { $0.record = path }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("On a full disk it is told once, and serving goes on")
    func fullDisk() throws {
        let events = Mutex<[SandboxEvent]>([])
        let bench = try Bench {
            $0.record = "/dev/full"
            $0.onEvent = { event in events.withLock { $0.append(event) } }
        }
        for _ in 0..<3 { #expect(try bench.call(.totals, likes, as: .bearer).status == 200) }
        let told = events.withLock { $0 }
        #expect(told == [.recordingFailed(path: "/dev/full", reason: "No space left on device")])
        #expect(told.first?.description.hasPrefix("/dev/full: exchanges are not recorded: No space left") == true)
    }

    @Test("A file that cannot be written stops the start")
    func unwritable() {
        let error = #expect(throws: SettingsError.self) { try Bench { $0.record = "/nowhere/r.jsonl" } }
        #expect(error?.description == "/nowhere/r.jsonl: cannot be written: No such file or directory")
    }
}
