import Foundation
import TestSupport
import Testing

extension CommandTests {
    @Suite("What scripts can rely on")
    struct CommandLineTests {
        @Test("--help lists the commands and the exit codes", arguments: [["--help"], ["help"]])
        func help(_ arguments: [String]) async throws {
            try await onThread {
                let tool = try Tool(arguments)
                #expect(tool.end() == .exit(0))
                for text in ["engageql serve --sandbox", "SUBCOMMANDS", "serve", "sandbox", "Exit codes", "78"] {
                    #expect(tool.standardOutput.contains(text))
                }
            }
        }

        @Test("--version prints the version alone")
        func version() async throws {
            try await onThread {
                let tool = try Tool(["--version"])
                #expect(tool.end() == .exit(0))
                #expect(tool.standardOutput.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
            }
        }

        @Test(
            "Wrong usage ends with 64",
            arguments: [
                ["bogus"], ["serve", "--prot", "1"], ["serve", "--port", "99999"], ["serve", "--port", "many"],
            ]
        )
        func usage(_ arguments: [String]) async throws {
            try await onThread {
                let tool = try Tool(arguments)
                #expect(tool.end() == .exit(64))
                #expect(tool.standardError.contains(arguments.last ?? "") || tool.standardError.contains(arguments[1]))
            }
        }

        @Test("--port 0 takes a free port and says which in the first line")
        func freePort() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let tool = try Tool.serve(data: folder.path("data"))
                let lines = tool.standardOutput.split(separator: "\n")
                #expect(lines.first == "listening on http://127.0.0.1:\(tool.port)")
                #expect(try tool.get("/health/ready").text == "ready\n")
                tool.signal(SIGTERM)
                #expect(tool.end() == .exit(0))
            }
        }

        @Test("--welcome shows a query and its answer")
        func welcome() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let tool = try Tool.serve(data: folder.path("data"), ["--welcome"])
                #expect(eventually { tool.standardOutput.contains("Stop with Ctrl-C.") })
                #expect(tool.standardOutput.contains(#""favorites":17111"#))
            }
        }

        @Test("A port that is taken ends with 69 and names the port")
        func portInUse() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let first = try Tool.serve(data: folder.path("first"))
                for command in [["serve", "--sandbox", "--data", folder.path("second")], ["sandbox"]] {
                    let second = try Tool(command + ["--port", "\(first.port)"])
                    #expect(second.end() == .exit(69))
                    #expect(second.standardOutput == "")
                    #expect(second.standardError.contains("\(first.port)"))
                }
                #expect(try first.get("/health/live").status == 200)
            }
        }

        @Test("The sandbox alone prints its base URL and the credentials that it accepts")
        func sandbox() async throws {
            try await onThread {
                let tool = try Tool(["sandbox", "--port", "0"])
                let port = try tool.waitUntilListening()
                #expect(tool.standardOutput.hasPrefix("listening on http://127.0.0.1:\(port)\n"))
                let credentials = [
                    "SandboxConsumerKey", "SandboxConsumerSecret", "SANDBOXBEARERTOKEN", "1000001-SandboxTokenOfAcme",
                    "SandboxTokenSecretOfAcme",
                ]
                #expect(eventually { credentials.allSatisfy(tool.standardOutput.contains) })
                #expect(try Tool.send("GET", "/sandbox", port: port).status == 200)
                tool.signal(SIGINT)
                #expect(tool.end() == .exit(0))
            }
        }
    }
}

/// One after the other: each test has processes of its own, and there may be few cores.
@Suite(.serialized)
enum CommandTests {}
