import GraphQL
import JSON

/// What `engageql explain` prints: `extensions.explain` of a response, or its errors.
struct ExplainOutput {
    /// The query, under the name that messages call it by.
    let source: Source
    let response: JSONValue

    private var explanation: JSONValue? { response["extensions"]?["explain"] }

    /// Whether there is an explanation, and no error.
    var isExplained: Bool { explanation != nil }

    var json: JSONValue { explanation ?? .object([.init("errors", response["errors"] ?? .array([]))]) }

    var text: String {
        (explanation.map { ExplainText($0).lines } ?? errorLines).joined(separator: "\n")
    }

    private var errorLines: [String] { ResponseErrors(source: source, errors: response["errors"]?.array ?? []).lines }
}

/// An explanation for people: a word that says what the line is about, and a sentence.
struct ExplainText {
    let lines: [String]

    init(_ explanation: JSONValue) {
        let calls = explanation["calls"]?.array ?? []
        let refusals = explanation["refusals"]?.array ?? []
        let facts =
            (explanation["needs"]?.array ?? []).map { ("cached", Self.need($0)) }
            + calls.map { ("call", Self.call($0)) } + [("sum", Self.sum(explanation, calls.count))]
            + refusals.map { ("refused", Self.refusal($0)) }
        lines = facts.map { word, sentence in
            word + String(repeating: " ", count: 9 - word.count) + sentence
        }
    }

    // MARK: - What is cached

    private static func need(_ need: JSONValue) -> String {
        var subject = "\(need.text("family")) of \(counted(need["tweets"], "Tweet"))"
        if let by = need["by"]?.string {
            subject += " by \(by.lowercased()), \(need.text("start")) to \(need.text("end"))"
        }
        let absences = [("unavailable", "unavailable"), ("forbidden", "forbidden"), ("tooOld", "too old")]
        let gone = absences.compactMap { key, word in
            need[key]?.array.map { "\(counted(.integer(Int64($0.count)), "Tweet")) known to be \(word)" }
        }
        return ([subject + ": " + states(need["cells"] ?? .null)] + gone).joined(separator: "; ")
    }

    private static func states(_ cells: JSONValue) -> String {
        let all = (cells.members ?? []).reduce(0) { $0 + ($1.value.integer ?? 0) }
        let others = ["stale", "expired", "missing"].filter { cells[$0]?.integer ?? 0 > 0 }
        return
            (["\(cells.number("fresh")) of \(counted(.integer(all), "number")) fresh"]
            + others.map { "\(cells.number($0)) \($0)" }).joined(separator: ", ")
    }

    // MARK: - Calls

    private static func call(_ call: JSONValue) -> String {
        let request = call["request"] ?? .null
        let types = (request["engagement_types"]?.array ?? []).compactMap(\.string)
        let dimensions = (request["groupings"]?.members ?? []).flatMap { $0.value["group_by"]?.array ?? [] }
        var parts = [counted(call["tweets"], "Tweet"), types.joined(separator: " ")]
        if dimensions.contains(.string("engagement.hour")) {
            parts.append("by hour")
        } else if dimensions.contains(.string("engagement.day")) {
            parts.append("by day")
        }
        if let start = request["start"]?.string { parts.append("\(start) to \(request.text("end"))") }
        return "\(call.text("endpoint")) as \(caller(call)): " + parts.joined(separator: ", ")
    }

    private static func caller(_ call: JSONValue) -> String {
        call["account"]?.string.map { "account \($0)" } ?? "the app"
    }

    private static func refusal(_ refusal: JSONValue) -> String {
        "\(caller(refusal)) until \(refusal.text("until")): \(refusal.text("message"))"
    }

    // MARK: - The sum

    private static func sum(_ explanation: JSONValue, _ calls: Int) -> String {
        let usage = explanation["usage"] ?? .null
        var parts: [String] = []
        if calls == 0 {
            parts.append("no call")
        } else {
            let tweets = counted(explanation["tweets"], "Tweet")
            let period = usage["period"] == .string("rolling30Days") ? "30 days" : "month"
            parts.append(
                "\(counted(.integer(Int64(calls)), "call")), \(tweets), \(usage.number("newTweets")) of them new to the \(period)"
            )
        }
        if usage.number("refusedTweets") > 0 {
            parts.append(
                "\(counted(usage["refusedTweets"], "Tweet")) beyond usage.stopTweets or stopAccounts are not asked"
            )
        }
        parts.append("\(counted(explanation["callsWithoutCache"], "call")) if nothing were cached")
        if explanation["waits"] == .boolean(true) {
            parts.append("the answer waits")
        } else {
            parts.append(calls == 0 ? "the answer is there" : "the answer is there, and is refreshed")
        }
        return parts.joined(separator: "; ")
    }

    private static func counted(_ count: JSONValue?, _ noun: String) -> String {
        let count = count?.integer ?? 0
        return "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension JSONValue {
    fileprivate func text(_ name: String) -> String { self[name]?.string ?? "" }

    fileprivate func number(_ name: String) -> Int64 { self[name]?.integer ?? 0 }
}
