import Engagement
import Foundation
import Gzip
import JSON
import TestSupport
import Testing

@testable import EngagementAPI

@Suite("Recording what the API says")
struct RecordingTests {
    private let folder: TemporaryFolder
    private let failures = Recorder<RecordingError>()
    private var path: String { folder.path("calls.jsonl") }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Sends a call through a recording transport, for each answer one.
    private func record(
        _ answers: [Result<TransportResponse, TransportError>],
        as credentials: Credentials = Known.user
    ) async throws {
        let transport = try RecordingTransport(
            ScriptedTransport(answers),
            path: path,
            clock: { UnixTime(milliseconds: Known.timestamp * 1000 + 250) },
            report: { [failures] in failures.record($0) }
        )
        let client = EngagementClient(
            baseURL: "https://data-api.twitter.com",
            transport: transport,
            retry: .never,
            clock: { UnixTime(seconds: Known.timestamp) },
            nonce: { Known.nonce }
        )
        for _ in answers {
            _ = try? await client.perform(.sample, as: credentials, deadline: UnixTime(seconds: Known.timestamp + 9))
        }
    }

    private func text() throws -> String { String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self) }

    private func lines() throws -> [JSONValue] {
        try text().split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
    }

    private static func answer(
        _ body: [UInt8],
        status: Int = 200,
        _ headers: [HTTPHeader] = []
    ) -> Result<TransportResponse, TransportError> {
        .success(TransportResponse(status: status, headers: headers, body: body))
    }

    @Test("an exchange is one line, as the documentation shows it")
    func line() async throws {
        let headers = [
            HTTPHeader("Content-Type", "application/json"), HTTPHeader("Content-Encoding", "gzip"),
            HTTPHeader("Set-Cookie", "guest=1"), HTTPHeader("X-Per-Minute-Remaining", "9"),
        ]
        try await record([RecordingTests.answer(Gzip.compress(Array("{\"counts\":\r\n {}}".utf8)), headers)])
        #expect(
            try text() == """
                {"time":"2011-10-14T20:09:18Z","method":"POST","path":"/insights/engagement/totals",\
                "authorization":"user",\
                "request":{"tweet_ids":["1070059276213702656","223456789"],"engagement_types":["favorites","retweets"],\
                "groupings":{"counts":{"group_by":["tweet.id","engagement.type"]}}},"status":200,\
                "headers":{"content-type":"application/json","content-encoding":"gzip","x-per-minute-remaining":"9"},\
                "body":{"counts":   {}}}

                """
        )
    }

    @Test("a body is JSON, or text, or as it was sent")
    func bodies() async throws {
        let torn = Array(Gzip.compress(Array(sampleBody.utf8)).dropLast(4))
        try await record([
            RecordingTests.answer(Array(sampleBody.utf8)),
            RecordingTests.answer(Gzip.compress(Array("Proxy\nError".utf8)), status: 502),
            RecordingTests.answer([], status: 503),
            RecordingTests.answer([0xFF, 0xFE]),
            RecordingTests.answer(torn),
            RecordingTests.answer([0x22, 0xFF, 0x22]),
        ])
        let lines = try lines()
        #expect(lines.count == 6)
        #expect(try lines[0]["body"] == JSONValue(parsing: Array(sampleBody.utf8)))
        #expect(lines[1]["text"] == .string("Proxy\nError"))
        #expect(lines[1]["status"] == .integer(502))
        #expect(lines[2]["text"] == .string(""))
        #expect(lines[3]["base64"] == .string("//4="))
        #expect(lines[4]["base64"]?.string == Data(torn).base64EncodedString())
        #expect(lines[5]["base64"] == .string("Iv8i"))
        for line in lines {
            #expect(["body", "text", "base64"].compactMap { line[$0] }.count == 1)
        }
    }

    @Test("a call without an answer has its failure instead")
    func failure() async throws {
        try await record([.failure(TransportError(.timedOut, "no answer from 10.0.0.1"))])
        let line = try #require(try lines().first)
        #expect(line["failure"] == .string("timedOut"))
        #expect(line["status"] == nil && line["body"] == nil)
        #expect(line["request"]?["engagement_types"] != nil)
    }

    @Test("the way of authorisation is told, its secrets are not, even if the API repeats them")
    func secrets() async throws {
        let token = Known.token.token.reveal()
        for (credentials, kind, shown) in [
            (Known.user, "user", token), (Known.appOnly, "application", "9zv9uOdXKDNqYsgMVfwfdnwXL8U="),
            (Known.bearer, "bearer", "AAAAbearerAAAA"),
        ] {
            let echo = #"{"errors":["unknown \#(shown)"]}"#
            try await record(
                [
                    RecordingTests.answer(Array(echo.utf8), status: 401, [HTTPHeader("x-per-echo", shown)]),
                    RecordingTests.answer(Array("unknown \(shown)".utf8), status: 401),
                ],
                as: credentials
            )
            let lines = try lines().suffix(2)
            #expect(lines.allSatisfy { $0["authorization"] == .string(kind) })
            #expect(lines.last?["text"] == .string("unknown <secret>"))
            #expect(!(try text().contains(shown)))
        }
        for secret in Known.everySecret { #expect(!(try text().contains(secret))) }
        #expect(!(try text().lowercased().contains("oauth_")))
    }

    @Test("calls of the token service are not recorded")
    func tokenService() async throws {
        let granted = #"{"token_type":"bearer","access_token":"AAAAgranted"}"#
        let transport = try RecordingTransport(
            ScriptedTransport(status: 200, granted),
            path: path,
            clock: { UnixTime(seconds: Known.timestamp) },
            report: { _ in }
        )
        let source = BearerToken(consumer: Known.consumer, account: Known.account, transport: transport)
        #expect(try await source.value(deadline: UnixTime(seconds: 4_000_000_000)).reveal() == "AAAAgranted")
        #expect(try text() == "")
    }

    @Test("a recording is its owner's alone and is appended to, behind whole lines")
    func file() async throws {
        try Data("{\"half\":1".utf8).write(to: URL(filePath: path))
        try await record([RecordingTests.answer(Array(sampleBody.utf8))])
        try await record([RecordingTests.answer(Array(sampleBody.utf8))])
        let rows = try text().split(separator: "\n")
        #expect(rows.count == 3)
        #expect(rows[0] == "{\"half\":1")
        #expect(rows[1] == rows[2])
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(failures.all == [])
    }

    @Test("a file that cannot be made is told at once")
    func unusable() throws {
        let path = folder.path("missing/calls.jsonl")
        let error = try #require(throws: RecordingError.self) {
            _ = try RecordingTransport(ScriptedTransport(status: 200, ""), path: path, clock: UnixTime.now) { _ in }
        }
        #expect(error.description == "the recording \(path) cannot be written: No such file or directory")
    }

    @Test("a full disk is told once, and calls go on")
    func full() async throws {
        let answers = [Result<TransportResponse, TransportError>](
            repeating: RecordingTests.answer(Array(sampleBody.utf8)),
            count: 3
        )
        let transport = try RecordingTransport(
            ScriptedTransport(answers),
            path: "/dev/full",
            clock: UnixTime.now,
            report: { [failures] in failures.record($0) }
        )
        for _ in answers {
            let request = TransportRequest(url: "https://a.example/", headers: [], body: [])
            #expect(try await transport.send(request, deadline: UnixTime(seconds: 4_000_000_000)).status == 200)
        }
        #expect(failures.all.map(\.reason) == ["No space left on device"])
    }
}
