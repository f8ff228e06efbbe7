import Foundation
import Glibc
import JSON
import TestSupport
import Testing

extension CommandTests {
    @Suite("engageql cache")
    struct CacheCommandTests {
        private static let ids = ["1260294888811347969", "850006245121695744"]
        private static let query =
            "{ totals(tweetIds: [\(ids.map { "\"\($0)\"" }.joined(separator: ","))]) { tweetId favorites retweets } "
            + "historical(tweetIds: [\"\(ids[0])\"], start: \"2020-06-01\", end: \"2020-06-03\", groupBy: [HOUR]) "
            + "{ impressions } }"

        /// A server that has fetched four public numbers and 48 private ones.
        private static func server(_ folder: TemporaryFolder) throws -> Tool {
            let tool = try Tool.serve(data: folder.url.path)
            let answer = try tool.ask(query)
            #expect(answer["errors"] == nil, "\(answer)")
            return tool
        }

        private static func stop(_ tool: Tool) {
            tool.signal(SIGTERM)
            #expect(tool.end() == .exit(0))
        }

        /// Runs `engageql cache …` on the sandbox's file in `folder`.
        private static func run(_ arguments: [String], _ folder: TemporaryFolder) throws -> (end: Tool.End, tool: Tool)
        {
            let tool = try Tool(["cache"] + arguments + ["--sandbox", "--data", folder.url.path])
            return (tool.end(), tool)
        }

        /// Runs a command of the shell, and returns its status; nil if it does not end.
        private static func shell(_ command: String) throws -> Int32? {
            let shell = Process()
            shell.executableURL = URL(filePath: "/bin/sh")
            shell.currentDirectoryURL = Tool.packageFolder
            shell.arguments = ["-c", command]
            shell.standardError = FileHandle.nullDevice
            try shell.run()
            if eventually({ !shell.isRunning }) { return shell.terminationStatus }
            kill(shell.processIdentifier, SIGKILL)
            return nil
        }

        private static func calls(_ tool: Tool) throws -> Int {
            let lines = try tool.get("/metrics").text.split(separator: "\n")
            return lines.filter { $0.hasPrefix("engageql_upstream_calls_total{") }
                .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +)
        }

        @Test("--help says what each does, and with which exit codes")
        func help() async throws {
            try await onThread {
                for (command, words) in [
                    ([], ["stats", "verify", "purge", "export", "Exit codes", "73"]),
                    (["stats"], ["--json", "oldest"]), (["verify"], ["exit code 1"]),
                    (["purge"], ["--everything", "--soft", "--server http://127.0.0.1:8080"]),
                    (["export"], ["--csv", "--sqlite", "--force", "fetchedAt"]),
                ] as [([String], [String])] {
                    let tool = try Tool(["cache"] + command + ["--help"])
                    #expect(tool.end() == .exit(0))
                    for word in words { #expect(tool.standardOutput.contains(word), "\(command) \(word)") }
                }
            }
        }

        @Test("Wrong usage ends with 64, and nothing is touched")
        func usage() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                for arguments in [
                    ["purge"], ["purge", "--soft"], ["purge", "--everything", "--tweet", "1"],
                    ["purge", "--tweet", "x"],
                    ["purge", "--tweet", "1,,2"], ["purge", "--family", "both"],
                    ["purge", "--everything", "--server", "http://127.0.0.1:1", "--data", "x"],
                    ["purge", "--everything", "--server", "not a url"],
                    ["export"], ["export", "--csv", "-", "--sqlite", "x"], ["export", "--sqlite", "-"],
                ] {
                    let tool = try Tool(["cache"] + arguments)
                    #expect(tool.end() == .exit(64), "\(arguments): \(tool.standardError)")
                }
                for command in [["stats"], ["verify"], ["purge", "--everything"], ["export", "--csv", "-"]] {
                    let (end, tool) = try Self.run(command, folder)
                    #expect(end == .exit(66))
                    #expect(tool.standardError.contains("there is no \(folder.url.path)/sandbox.sqlite"))
                }
                #expect(folder.files.isEmpty)
            }
        }

        @Test("Whoever forgets --sandbox is told of it")
        func madeUp() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                try Data().write(to: folder.url.appending(path: "sandbox.sqlite"))
                let tool = try Tool(["cache", "stats", "--data", folder.url.path])
                #expect(tool.end() == .exit(66))
                #expect(tool.standardError.contains("--sandbox means \(folder.url.path)/sandbox.sqlite"))
            }
        }

        @Test("stats, verify and export read the file of a running server, and it goes on as before")
        func reading() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let server = try Self.server(folder)
                // The server writes in the background.
                #expect(
                    eventually {
                        (try? Self.run(["stats"], folder).tool.standardOutput.contains("series       1     2")) == true
                    }
                )
                let (end, stats) = try Self.run(["stats", "--json"], folder)
                #expect(end == .exit(0))
                let parts = try JSONValue(parsing: Array(stats.standardOutput.utf8))["parts"]?.array ?? []
                #expect(parts.map { $0["account"] } == [.null, .string("acme")])
                #expect(parts.map { $0["family"]?.string } == ["totals", "series"])
                #expect(parts.map { $0["rows"]?.integer } == [2, 2])

                let (isSound, verify) = try Self.run(["verify"], folder)
                #expect(isSound == .exit(0))
                #expect(verify.standardOutput.hasSuffix("sandbox.sqlite: 4 rows, sound\n"))

                let (publicEnd, publicOnly) = try Self.run(["export", "--csv", "-"], folder)
                #expect(publicEnd == .exit(0))
                let lines = publicOnly.standardOutput.split(separator: "\r\n")
                #expect(lines.first == "account,tweetId,family,grain,start,metric,state,count,fetchedAt,isOutdated")
                #expect(lines.count == 1 + 4)
                #expect(lines.contains { $0.hasPrefix(",1260294888811347969,totals,,,favorites,counted,17111,") })

                let (_, all) = try Self.run(["export", "--csv", "-", "--account", "acme"], folder)
                #expect(all.standardOutput.split(separator: "\r\n").count == 1 + 4 + 48)
                #expect(
                    all.standardOutput.contains(
                        "acme,1260294888811347969,series,hour,2020-06-02T23:00:00Z,impressions,"
                    )
                )
                let (unknown, message) = try Self.run(["export", "--csv", "-", "--account", "globex"], folder)
                #expect(unknown == .exit(66))
                #expect(message.standardError.contains("has nothing of account globex"))

                let calls = try Self.calls(server)
                _ = try server.ask(Self.query)
                #expect(try Self.calls(server) == calls)
                Self.stop(server)
                #expect(!server.standardError.contains("moved") && !server.standardError.contains("memory"))
            }
        }

        @Test("purge reaches a running server by its mutation, and its file only through it")
        func purging() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let server = try Self.server(folder)
                let calls = try Self.calls(server)
                let (inUse, refused) = try Self.run(["purge", "--everything"], folder)
                #expect(inUse == .exit(69))
                #expect(refused.standardError.contains("--server"))
                _ = try server.ask(Self.query)
                #expect(try Self.calls(server) == calls)

                let base = ["cache", "purge", "--server", "http://127.0.0.1:\(server.port)"]
                let purge = try Tool(base + ["--tweet", Self.ids[1], "--family", "totals"])
                #expect(purge.end() == .exit(0))
                #expect(purge.standardOutput.contains("purged Tweet \(Self.ids[1]), totals at 20"))
                _ = try server.ask(Self.query)
                #expect(try Self.calls(server) == calls + 1)

                for (arguments, words) in [
                    (["--account", "nobody"], "no account named \"nobody\"")
                ] {
                    let tool = try Tool(base + arguments)
                    #expect(tool.end() == .exit(1))
                    #expect(tool.standardError.contains(words))
                }
                let everything = try Tool(base + ["--everything"])
                #expect(everything.end() == .exit(0))
                Self.stop(server)
                // It outlasts the server.
                let (_, stats) = try Self.run(["stats"], folder)
                let (_, export) = try Self.run(["export", "--csv", "-"], folder)
                #expect(export.standardOutput.split(separator: "\r\n").count == 1, "\(stats.standardOutput)")
            }
        }

        @Test("purge works on the file itself when nobody has it open, also after a server was killed")
        func offline() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let server = try Self.server(folder)
                #expect(
                    eventually {
                        (try? Self.run(["stats"], folder).tool.standardOutput.contains("series       1     2")) == true
                    }
                )
                server.signal(SIGKILL)
                #expect(server.end() == .signal(SIGKILL))
                let (end, tool) = try Self.run(["purge", "--account", "acme"], folder)
                #expect(end == .exit(0))
                #expect(
                    tool.standardOutput.hasSuffix("sandbox.sqlite: purged account acme: 2 rows\n"),
                    "\(tool.standardError)"
                )
                let again = try Tool.serve(data: folder.url.path)
                _ = try again.ask(Self.query)
                // The private numbers alone are asked for again: the public ones are of an old Tweet.
                #expect(try Self.calls(again) == 1)
                Self.stop(again)
                let (soft, _) = try Self.run(["purge", "--everything", "--soft"], folder)
                #expect(soft == .exit(0))
                let (_, export) = try Self.run(["export", "--csv", "-"], folder)
                let lines = export.standardOutput.split(separator: "\r\n").dropFirst()
                #expect(lines.count == 4 && lines.allSatisfy { $0.hasSuffix(",1") })
            }
        }

        @Test("purge removes what was kept of the past too, unless it is soft")
        func past() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                Self.stop(try Self.server(folder))
                let past =
                    "{ totals(tweetIds: [\"\(Self.ids[0])\"], asOf: \"\(Date.now.ISO8601Format())\") { favorites } }"
                for (arguments, isKept) in [
                    (["--everything", "--soft"], true), (["--tweet", Self.ids[1]], true),
                    (["--tweet", Self.ids[0]], false),
                ] {
                    #expect(try Self.run(["purge"] + arguments, folder).end == .exit(0))
                    let server = try Tool.serve(data: folder.url.path)
                    let answer = try server.ask(past)
                    #expect((answer["data"]?["totals"]?[0]?["favorites"]?.integer != nil) == isKept, "\(answer)")
                    Self.stop(server)
                }
            }
        }

        @Test("an export has its name when it is complete, and takes nobody else's")
        func exports() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                Self.stop(try Self.server(folder))
                let target = folder.path("numbers.sqlite")
                let (end, _) = try Self.run(["export", "--sqlite", target, "--account", "acme"], folder)
                #expect(end == .exit(0))
                let first = try #require(folder.files["numbers.sqlite"])
                #expect(first.starts(with: Data("SQLite format 3".utf8)))
                #expect(!folder.files.keys.contains { $0.hasSuffix(".partial") })
                let attributes = try FileManager.default.attributesOfItem(atPath: target)
                #expect(attributes[.posixPermissions] as? Int == 0o600)

                let (taken, tool) = try Self.run(["export", "--csv", target], folder)
                #expect(taken == .exit(73))
                #expect(tool.standardError.contains("--force"))
                #expect(folder.files["numbers.sqlite"] == first)
                let (forced, _) = try Self.run(["export", "--csv", target, "--force"], folder)
                #expect(forced == .exit(0))
                #expect(folder.files["numbers.sqlite"]?.starts(with: Data("account,tweetId".utf8)) == true)

                let (nowhere, _) = try Self.run(["export", "--csv", folder.path("no/such/folder.csv")], folder)
                #expect(nowhere == .exit(73))
            }
        }

        @Test("a full disk leaves neither half an export nor a purge that is only half true")
        func fullDisk() async throws {
            try await onThread {
                // /dev/full is always full.
                let folder = try TemporaryFolder()
                Self.stop(try Self.server(folder))
                let options = "--sandbox --data \(folder.url.path)"
                let status = try Self.shell("\(Tool.executable.path) cache export --csv - \(options) > /dev/full")
                #expect(status == 73)
                // No file of this process may grow beyond some bytes.
                for command in ["export --csv \(folder.path("x.csv"))", "export --sqlite \(folder.path("x.sqlite"))"] {
                    let status = try Self.shell(
                        "trap '' XFSZ; ulimit -f 0; exec \(Tool.executable.path) cache \(command) \(options)"
                    )
                    #expect(status == 73, "\(command)")
                }
                #expect(!folder.files.keys.contains { $0.hasPrefix("x.") }, "\(folder.files.keys)")
            }
        }

        @Test("a damaged file is found by verify, and stays where it is")
        func damaged() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                Self.stop(try Self.server(folder))
                let path = folder.path("sandbox.sqlite")
                var bytes = try Data(contentsOf: URL(filePath: path))
                for place in stride(from: bytes.count / 2, to: bytes.count, by: 3) { bytes[place] = 0xA5 }
                try bytes.write(to: URL(filePath: path))
                let (end, tool) = try Self.run(["verify", "--json"], folder)
                #expect(end == .exit(1))
                let found = try JSONValue(parsing: Array(tool.standardOutput.utf8))
                #expect((found["problems"]?.array?.count ?? 0) > 0)
                #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
                try Data("rubbish, long enough to be looked at, and more of it".utf8).write(to: URL(filePath: path))
                for command in [["stats"], ["verify"], ["purge", "--everything"], ["export", "--csv", "-"]] {
                    #expect(try Self.run(command, folder).end == .exit(66), "\(command)")
                }
                #expect(try Data(contentsOf: URL(filePath: path)).count == 52)
            }
        }
    }
}
