import Engagement
import EngagementSandbox
import Foundation
import JSON
import Testing

/// The examples of the API's documentation come out as printed (dossier §4).
@Suite struct DocumentedExamplesTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let file: String
        /// When the sandbox's clock shows it.
        let time: String
        var identity = "acme"
        var switches: @Sendable (inout SandboxSwitches) -> Void = { _ in }
        /// Texts replaced in the file's request and response, where the printed ones cannot be meant.
        var replacements: [(String, String)] = []
        var leavesOutWindow = false

        var testDescription: String { file }
    }

    static let examples = [
        Example(file: "totals-public", time: "2018-12-06T09:00:00Z", identity: "bearer"),
        Example(file: "totals-public", time: "2019-12-06T09:00:00Z", identity: "application"),
        Example(
            file: "totals-owned",
            time: "2018-11-20T09:00:00Z",
            // Printed although it was not requested.
            replacements: [("\"favorites\",\"replies\"", "\"favorites\",\"quote_tweets\",\"replies\"")]
        ),
        Example(
            file: "totals-unavailable",
            time: "2015-11-19T02:27:50Z",
            switches: {
                $0.windowOnTotals = true
                $0.last28HoursBuckets = 28
            }
        ),
        Example(file: "totals-getting-started", time: "2020-05-20T00:00:00Z", identity: "bearer"),
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
            // The guide's sample lacks the window that every other sample echoes.
            replacements: [
                (
                    "\"response\":{",
                    "\"response\":{\"start\":\"2016-02-10T17:00:00Z\",\"end\":\"2016-02-10T21:00:00Z\","
                )
            ]
        ),
    ]

    @Test("A documented example comes out as printed", arguments: examples)
    func exampleComesOutAsPrinted(_ example: Example) throws {
        let file = try fixture(example)
        let endpoint = try #require(file["endpoint"]?.string.flatMap(Endpoint.init(rawValue:)))
        var request = try #require(file["request"]?.members)
        if example.leavesOutWindow { request.removeAll { $0.name == "start" || $0.name == "end" } }
        let bench = try Bench(at: example.time) { example.switches(&$0.switches) }
        let identity: Bench.Identity =
            switch example.identity {
            case "bearer": .bearer
            case "application": .application
            default: .acme
            }
        let answer = try bench.call(endpoint, text(.object(request)), as: identity)
        #expect(answer.status == 200)
        #expect(answer.json.sorted == file["response"]?.sorted)
    }

    private func fixture(_ example: Example) throws -> JSONValue {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fixtures/engagement-api/\(example.file).json")
        let value = try JSONValue(parsing: [UInt8](try Data(contentsOf: folder)))
        var text = text(value)
        for (old, new) in example.replacements {
            #expect(text.contains(old))
            text = text.replacingOccurrences(of: old, with: new)
        }
        return try JSONValue(parsing: Array(text.utf8))
    }
}

/// JSON without white space.
func text(_ value: JSONValue) -> String {
    switch value {
    case .object(let members):
        "{" + members.map { "\(text(.string($0.name))):\(text($0.value))" }.joined(separator: ",") + "}"
    case .array(let elements): "[" + elements.map(text).joined(separator: ",") + "]"
    case .string(let string): "\"\(string)\""
    case .integer(let integer): "\(integer)"
    case .number(let number): "\(number)"
    case .boolean(let boolean): "\(boolean)"
    case .null: "null"
    }
}
