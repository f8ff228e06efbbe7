import ArgumentParser
import Engagement
import EngagementServer

/// `engageql key new`.
struct KeyNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a key, and print it this once.",
        discussion: """
            The key is on standard output; on standard error is what to put into the configuration (keys), which takes effect \
            when the server is started again:

              engageql key new dashboard --account acme --expires 2027-11-01

            Without --account the key shows public numbers alone. The page Access of the documentation describes what keys may \
            do, and how callers send them.

            Exit codes: 0 made, 64 wrong usage.
            """
    )

    @Argument(help: ArgumentHelp("What the key is called in logs and errors.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("Show the private numbers of this account.", valueName: "name"))
    var account: String?

    @Option(help: ArgumentHelp("Use this list and no others; may be repeated.", valueName: "name"))
    var list: [String] = []

    @Option(
        help: ArgumentHelp("Allow more: lists, purge, purgeAll or metrics; may be repeated.", valueName: "what"),
        transform: KeyNew.permission
    )
    var may: [KeyPermission] = []

    @Flag(help: "Allow it in URLs, as the parameter key, for tools that can send it in no other place.")
    var inQuery = false

    @Option(help: ArgumentHelp("The most requests a minute.", valueName: "number"))
    var requestsPerMinute: Int?

    @Option(help: ArgumentHelp("The most calls of the Engagement API in 24 hours.", valueName: "number"))
    var callsPerDay: Int?

    @Option(help: ArgumentHelp("Refuse it from then on: YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ.", valueName: "time"))
    var expires: String?

    func validate() throws {
        guard KeyConfiguration.isName(name) else {
            throw ValidationError("\(name): a key's name is \(KeyConfiguration.nameRule).")
        }
        if let account, account.contains(where: { !$0.isLetter && !$0.isNumber && !"-_.".contains($0) }) {
            throw ValidationError("--account \(account): expected the name of an account.")
        }
        for list in list where ListName(list) == nil {
            throw ValidationError("--list \(list): expected \(ListName.rule).")
        }
        if let requestsPerMinute, !(1...1_000_000).contains(requestsPerMinute) {
            throw ValidationError("--requests-per-minute is 1 to 1000000.")
        }
        if let callsPerDay, callsPerDay < 0 { throw ValidationError("--calls-per-day is 0 or more.") }
        if let expires {
            guard let time = UnixTime(iso8601: expires) else {
                throw ValidationError("--expires \(expires): expected YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ.")
            }
            guard time > UnixTime.now() else { throw ValidationError("--expires \(expires) is past.") }
        }
    }

    func run() throws {
        let key = APIKey.random()
        Terminal.print(key.reveal())
        Terminal.note(
            "\nThis is the key: it is shown this once. Into config/engageql.yaml, in place of \"keys: []\" or below \"keys:\":\n"
        )
        Terminal.note(lines(key.hash).joined(separator: "\n"))
    }

    private static func permission(_ text: String) throws -> KeyPermission {
        if let permission = KeyPermission(rawValue: text) { return permission }
        let names = KeyPermission.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("expected one of \(names)")
    }

    /// An element of `keys`.
    private func lines(_ hash: KeyHash) -> [String] {
        var lines = ["keys:", "  - name: \(name)", "    hash: \(hash)"]
        if let account { lines.append("    account: \(account)") }
        if !list.isEmpty { lines.append("    lists: [\(list.joined(separator: ", "))]") }
        if !may.isEmpty { lines.append("    may: [\(may.map(\.rawValue).joined(separator: ", "))]") }
        if inQuery { lines.append("    inQuery: true") }
        if let requestsPerMinute { lines.append("    requestsPerMinute: \(requestsPerMinute)") }
        if let callsPerDay { lines.append("    callsPerDay: \(callsPerDay)") }
        if let expires { lines.append("    expires: \(expires)") }
        return lines
    }
}
