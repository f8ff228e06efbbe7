import Engagement
import EngagementAPI
import EngagementSandbox
import EngagementServer
import Foundation
import JSON
import TestSupport
import Testing

/// The examples of the API's documentation through the server: the same JSON as the API gives, and no call the second time.
@Suite
struct DropInExampleTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let file: String
        /// When the clocks show it.
        let time: String
        var client = "acme"
        var switches: @Sendable (inout SandboxSwitches) -> Void = { _ in }
        var hourWithoutDay = DropInConfiguration.HourWithoutDay.hourOfDay
        /// Where the printed request and response cannot be meant, as the sandbox's own tests explain.
        var replacements: [(String, String)] = []
        /// Keys of the request that are left out, and of the printed response that are not compared.
        var leavesOutWindow = false
        var ignoresWindow = false

        var testDescription: String { "\(file) as \(client)" }
    }

    static let examples = [
        Example(file: "totals-public", time: "2018-12-06T09:00:00Z", client: "bearer"),
        Example(file: "totals-public", time: "2018-12-06T09:00:00Z", client: "application"),
        Example(file: "totals-public", time: "2018-12-06T09:00:00Z"),
        Example(
            file: "totals-owned",
            time: "2018-11-20T09:00:00Z",
            replacements: [("\"favorites\",\"replies\"", "\"favorites\",\"quote_tweets\",\"replies\"")]
        ),
        Example(file: "totals-unavailable", time: "2015-11-19T02:27:50Z", ignoresWindow: true),
        Example(file: "totals-getting-started", time: "2020-05-20T00:00:00Z", client: "bearer"),
        Example(file: "totals-old-video", time: "2021-08-20T00:00:00Z", switches: { $0.ninetyDayRule = .off }),
        Example(
            file: "totals-over-90-days",
            time: "2021-08-20T00:00:00Z",
            replacements: [("TIME_PERIOD", "2021-05-22T00:00:00Z")]
        ),
        Example(file: "28hr-hourly", time: "2015-09-15T21:30:00Z"),
        Example(file: "historical-types-by-tweet", time: "2015-09-16T00:00:00Z"),
        Example(file: "hour-only-histogram", time: "2016-02-09T19:43:00Z", leavesOutWindow: true),
        Example(
            file: "hour-only-day-to-hour",
            time: "2016-02-11T00:00:00Z",
            switches: { $0.hourWithoutDay = .dayAndHour },
            hourWithoutDay: .dayAndHour,
            ignoresWindow: true
        ),
    ]

    @Test(
        "A documented example comes out as printed and as from the API, and from the cache the second time",
        arguments: examples
    )
    func exampleComesOut(_ example: Example) async throws {
        let file = try fixture(example)
        let endpoint = try #require(file["endpoint"]?.string.flatMap(Endpoint.init(rawValue:)))
        var request = try #require(file["request"]?.members)
        if example.leavesOutWindow { request.removeAll { $0.name == "start" || $0.name == "end" } }
        let body = JSONValue.object(request).text
        let bed = try TestBed(at: try #require(UnixTime(iso8601: example.time))) { server, sandbox in
            example.switches(&sandbox.switches)
            server.dropIn.hourWithoutDay = example.hourWithoutDay
            server.accounts = TestBed.accounts(sandbox.world)
            server.accounts[0].bearer = Secret(sandbox.world.defaultApplication.bearerToken)
        }
        let client = DropInClient.named(example.client)

        let first = try await bed.dropIn(endpoint, body, as: client)
        #expect(first.status == 200)
        let direct = try await bed.direct(endpoint, body, as: client)
        #expect(JSONExpectation.differences(first.json, direct.json) == [])
        var printed = try #require(file["response"]).withSortedArrays
        var found = first.json.withSortedArrays
        if example.ignoresWindow {
            printed = printed.without(["start", "end"])
            found = found.without(["start", "end"])
        }
        #expect(JSONExpectation.differences(found, printed) == [])

        bed.sandbox.forgetCalls()
        let second = try await bed.dropIn(endpoint, body, as: client)
        #expect(second.json == first.json)
        #expect(bed.sandbox.calls.isEmpty)
    }

    private func fixture(_ example: Example) throws -> JSONValue {
        let path = TestBed.packageFolder + "/Tests/Fixtures/engagement-api/\(example.file).json"
        let value = try JSONValue(parsing: [UInt8](try Data(contentsOf: URL(filePath: path))))
        var text = value.text
        for (old, new) in example.replacements {
            #expect(text.contains(old))
            text = text.replacingOccurrences(of: old, with: new)
        }
        return try JSONValue(parsing: Array(text.utf8))
    }
}

extension JSONValue {
    fileprivate func without(_ names: Set<String>) -> JSONValue {
        .object((members ?? []).filter { !names.contains($0.name) })
    }
}
