import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

extension CommandTests {
    @Suite("Signals")
    struct ShutdownTests {
        private static let query = #"{ tweet(id: "1260294888811347969") { totals { favorites } } }"#

        @Test("A signal to stop lets a request in flight have its answer", arguments: [SIGTERM, SIGINT])
        func drain(_ number: Int32) async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let slow = try folder.write("sandbox.yaml", "faults:\n  - {fault: delay, milliseconds: 1200}\n")
                let tool = try Tool.serve(data: folder.path("data"), ["--sandbox-config", slow])
                let answer = try Request(Self.query, port: tool.port)
                #expect(eventually { Self.calls(tool) == 1 }, "the request is on its way")
                tool.signal(number)
                #expect(eventually { (try? RawClient(port: tool.port)) == nil }, "no new connections are taken")
                #expect(answer.wait()?["data"]?["tweet"]?["totals"]?["favorites"] == .integer(17_111))
                #expect(tool.end() == .exit(0))

                // What was fetched last has been written.
                let again = try Tool.serve(data: folder.path("data"), ["--sandbox-config", slow])
                #expect(try again.ask(Self.query)["data"]?["tweet"]?["totals"]?["favorites"] == .integer(17_111))
                #expect(Self.calls(again) == 0)
            }
        }

        @Test("A signal right behind the first line is not lost", arguments: ["serve", "sandbox"])
        func earlySignal(_ command: String) async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                for _ in 1...8 {
                    let options = command == "serve" ? ["--sandbox", "--data", folder.path("data")] : []
                    let tool = try Tool([command, "--port", "0"] + options)
                    try tool.waitUntilListening()
                    tool.signal(SIGTERM)
                    #expect(tool.end() == .exit(0))
                }
            }
        }

        @Test("A second signal ends it at once")
        func secondSignal() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let slow = try folder.write("sandbox.yaml", "faults:\n  - {fault: delay, milliseconds: 60000}\n")
                let tool = try Tool.serve(
                    data: folder.path("data"),
                    ["--sandbox-config", slow],
                    environment: ["ENGAGEQL_SERVER_DRAIN_SECONDS": "60", "ENGAGEQL_SERVER_DEADLINE_SECONDS": "60"]
                )
                let answer = try Request(Self.query, port: tool.port)
                #expect(eventually { Self.calls(tool) == 1 })
                tool.signal(SIGTERM)
                #expect(eventually { tool.standardError.contains("stopping") })
                tool.signal(SIGTERM)
                #expect(tool.end() == .signal(SIGTERM))
                #expect(answer.wait() == nil)
            }
        }

        @Test("A request that takes longer than the drain may last gets 503, and the server ends with 0")
        func longRequest() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let slow = try folder.write("sandbox.yaml", "faults:\n  - {fault: delay, milliseconds: 60000}\n")
                let tool = try Tool.serve(
                    data: folder.path("data"),
                    ["--sandbox-config", slow],
                    environment: ["ENGAGEQL_SERVER_DRAIN_SECONDS": "0", "ENGAGEQL_SERVER_DEADLINE_SECONDS": "60"]
                )
                let answer = try Request(Self.query, port: tool.port)
                #expect(eventually { Self.calls(tool) == 1 })
                tool.signal(SIGTERM)
                #expect(tool.end() == .exit(0))
                _ = answer.wait()
            }
        }

        /// How many calls the sandbox inside has received.
        private static func calls(_ tool: Tool) -> Int64? {
            guard let response = try? Tool.send("GET", "/sandbox/calls", port: tool.sandboxPort) else { return nil }
            return (try? JSONValue(parsing: response.body))?["total"]?.integer
        }
    }

    /// A GraphQL request on a thread of its own.
    private final class Request: Sendable {
        private struct State {
            var isDone = false
            var answer: JSONValue?
        }

        private let state = Mutex(State())

        init(_ query: String, port: UInt16) throws {
            Thread.detachNewThread {
                let answer = try? Tool.ask(query, port: port)
                self.state.withLock { $0 = State(isDone: true, answer: answer) }
            }
        }

        /// The answer, or nil if the connection broke.
        func wait() -> JSONValue? {
            _ = eventually { self.state.withLock { $0.isDone } }
            return state.withLock { $0.answer }
        }
    }
}
