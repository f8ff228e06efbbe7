import Foundation
import JSON
import Testing

/// One file of `Scenarios/`: what is asked of a server step by step, what it asks upstream meanwhile, and what it answers.
///
/// | Key | What |
/// |---|---|
/// | `title` | a sentence |
/// | `now` | when it begins, `2026-11-20T12:30:00Z` if not given |
/// | `accounts` | accounts of the sandbox and of the server, besides `acme` and `globex`; as in `config/sandbox.yaml` |
/// | `server` | see ``ServerSettings`` |
/// | `steps` | see ``Step`` |
struct Scenario {
    let name: String
    let title: String
    let now: String?
    let accounts: [JSONValue]
    let server: ServerSettings
    let steps: [Step]

    /// What one step does, in this order, and what has to come of it.
    ///
    /// | Key | What |
    /// |---|---|
    /// | `title` | a sentence |
    /// | `restart` | `true` stops the server and starts another one over the same cache file |
    /// | `faults`, `quota`, `quotaPerMinute`, `switches` | of the sandbox, from here on |
    /// | `tweets`, `accounts`, `applications` | added to the sandbox's, or replaced there |
    /// | `advanceSeconds` | turns the clock |
    /// | `query`, `variables`, `extensions` | a GraphQL request by `POST`; a query may be a list of lines |
    /// | `request` | any request instead: `method`, `path`, `headers`, `body` |
    /// | `upstream` | every call that the step makes, none if not given; see ``UpstreamCall`` |
    /// | `log` | what the servers have logged at last |
    /// | `tokenCalls` | how often it asks the token service, never if not given |
    /// | `eventually` | `true` asks again and again until the answer is the one that is expected |
    /// | `answer` | the JSON of a response with status 200 |
    /// | `response` | any response instead: `status`, `headers`, `json` or `text` or `lines` |
    ///
    /// Values may be computed, see ``Expressions``. In whatever a step comes out, neither the response nor the log has any of
    /// the secrets of the server or the sandbox.
    struct Step {
        let title: String
        let value: JSONValue

        subscript(key: String) -> JSONValue? { value[key] }
    }

    /// Whether each step makes its calls while it is waited for, and as they were planned.
    var isStraight: Bool {
        server.keys.isSubset(of: ["attempts", "account", "tweets", "cells"])
            && !steps.contains { $0["eventually"] != nil || $0["faults"] != nil || $0["switches"] != nil }
            // Only queries are told what they cost.
            && !steps.contains { $0["query"]?.string?.hasPrefix("mutation") == true }
    }

    /// All scenarios, by name.
    static let all: [Scenario] = {
        let folder = (Bundle.module.resourceURL ?? URL(filePath: "/")).appending(path: "Scenarios")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.map { file in
            do {
                return try Scenario(file)
            } catch {
                fatalError("\(file.path): \(error)")
            }
        }
    }()

    private init(_ file: URL) throws {
        let value = try JSONValue(parsing: [UInt8](Data(contentsOf: file)))
        try value.allow(["title", "now", "accounts", "server", "steps"])
        name = file.deletingPathExtension().lastPathComponent
        title = value["title"]?.string ?? ""
        now = value["now"]?.string
        accounts = value["accounts"]?.array ?? []
        server = try ServerSettings(value["server"] ?? .object([]))
        steps = try (value["steps"]?.array ?? []).enumerated().map { index, step in
            try step.allow([
                "title", "restart", "advanceSeconds", "faults", "quota", "quotaPerMinute", "switches", "tweets",
                "accounts", "applications", "query", "variables", "extensions", "request", "upstream", "tokenCalls",
                "log", "eventually", "answer", "response",
            ])
            return Step(title: step["title"]?.string ?? "step \(index + 1)", value: step)
        }
    }
}

extension Scenario: CustomTestStringConvertible {
    var testDescription: String { "\(name): \(title)" }
}

extension JSONValue {
    /// A misspelt key would be an expectation that nobody checks.
    func allow(_ keys: Set<String>) throws {
        for member in members ?? [] where !keys.contains(member.name) {
            throw ScenarioError("there is no key \(member.name)")
        }
    }
}

struct ScenarioError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
