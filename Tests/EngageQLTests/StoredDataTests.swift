import Foundation
import Glibc
import JSON
import TestSupport
import Testing

extension CommandTests {
    @Suite("The cache file, whatever became of it")
    struct StoredDataTests {
        private static let query = #"{ tweet(id: "1260294888811347969") { totals { favorites } } }"#

        /// What can be found where the cache file should be.
        enum Damage: String, CaseIterable, CustomTestStringConvertible {
            case garbage = "rubbish"
            case half = "the first half of a cache file"
            case holes = "a cache file with holes"

            var testDescription: String { rawValue }
        }

        @Test("A broken cache file is set aside, and the server runs", arguments: Damage.allCases)
        func broken(_ damage: Damage) async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let file = folder.path("sandbox.sqlite")
                if damage == .garbage {
                    try Data(repeating: 0x67, count: 50_000).write(to: URL(filePath: file))
                } else {
                    try Self.fill(folder)
                    var bytes = try Data(contentsOf: URL(filePath: file))
                    if damage == .half {
                        bytes = bytes.prefix(bytes.count / 2)
                    } else {
                        for place in stride(from: 4096, to: bytes.count, by: 3) { bytes[place] = 0xA5 }
                    }
                    try bytes.write(to: URL(filePath: file))
                }
                let tool = try Tool.serve(data: folder.url.path)
                #expect(try tool.ask(Self.query)["data"]?["tweet"]?["totals"]?["favorites"] == .integer(17_111))
                // Damage in the middle is found when it is read, and the file replaced in the background.
                #expect(eventually { tool.standardError.contains("was moved to") })
                let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
                #expect(files.contains { $0.hasPrefix("sandbox.sqlite.set-aside-") }, "\(files)")
                tool.signal(SIGTERM)
                #expect(tool.end() == .exit(0))

                let again = try Tool.serve(data: folder.url.path)
                #expect(try again.ask(Self.query)["data"]?["tweet"]?["totals"]?["favorites"] == .integer(17_111))
                #expect(!again.standardError.contains("was moved to"))
            }
        }

        @Test(
            "A folder that cannot be made or written costs the file, not the service",
            arguments: ["file", "taken", "locked"]
        )
        func unusable(_ kind: String) async throws {
            // Nobody can lock root out.
            if kind == "locked", geteuid() == 0 { return }
            try await onThread {
                let folder = try TemporaryFolder()
                var data = folder.path("data")
                switch kind {
                case "file": data = try folder.write("data", "a file") + "/below"
                case "taken":
                    try FileManager.default.createDirectory(
                        atPath: data + "/sandbox.sqlite",
                        withIntermediateDirectories: true
                    )
                default:
                    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
                    _ = unsafe chmod(data, 0o555)
                }
                let tool = try Tool.serve(data: data)
                for _ in 1...2 {
                    #expect(try tool.ask(Self.query)["data"]?["tweet"]?["totals"]?["favorites"] == .integer(17_111))
                }
                #expect(tool.standardError.contains("runs in memory"))
                #expect(
                    try tool.get("/metrics").text.contains(
                        "engageql_upstream_calls_total{endpoint=\"totals\",outcome=\"ok\"} 1\n"
                    )
                )
                #expect(try !tool.get("/metrics").text.contains("engageql_file_failures_total{file=\"cache\"} 0\n"))
                tool.signal(SIGTERM)
                #expect(tool.end() == .exit(0))
                _ = unsafe chmod(data, 0o755)
            }
        }

        /// Leaves a cache file with a few thousand numbers.
        private static func fill(_ folder: TemporaryFolder) throws {
            let tool = try Tool.serve(data: folder.url.path)
            let ids = (0..<250).map { "\"\(1_800_000_000_000_000_000 + $0 * 4_194_304_000)\"" }.joined(separator: " ")
            let answer = try tool.ask(
                "{ totals(tweetIds: [\(ids)], groupBy: []) { favorites retweets replies quoteTweets } }"
            )
            #expect(answer["data"]?["totals"]?[0]?["favorites"]?.integer != nil)
            tool.signal(SIGTERM)
            #expect(tool.end() == .exit(0))
        }
    }
}
