import GraphQL
import JSON

/// What there is to say about rows besides the rows: a line each for standard error, with the code and what to do about it.
enum QueryNotes {
    /// Of errors that a server answers.
    static func lines(_ errors: [JSONValue], in source: Source) -> [String] {
        var seen: Set<String> = []
        return errors.flatMap { error -> [String] in
            guard let code = error["extensions"]?["code"]?.string else {
                return ResponseErrors(source: source, errors: []).lines(error)
            }
            let line = line(code, message(of: error))
            return seen.insert(line).inserted ? [line] : []
        }
    }

    /// Of numbers that do not exist: what the answer's `errors` say, or else the codes alone.
    static func lines(ofAbsences codes: Set<String>, _ response: JSONValue?, in source: Source) -> [String] {
        let errors = (response?["errors"]?.array ?? []).filter { error in
            error["extensions"]?["code"]?.string.map(codes.contains) ?? false
        }
        let told = Set(errors.compactMap { $0["extensions"]?["code"]?.string })
        return lines(errors, in: source)
            + codes.subtracting(told).sorted().map { line($0, "some numbers do not exist.") }
    }

    /// Of numbers that are older than they should be.
    static func line(ofStaleness staleness: (code: String, asOf: String)) -> String {
        line(
            "STALE",
            "numbers as of \(staleness.asOf), since the Engagement API gave nothing newer (\(staleness.code))."
        )
    }

    /// The message, with the Tweets that it is about, as far as a line has room.
    private static func message(of error: JSONValue) -> String {
        let message = error["message"]?.string ?? ""
        let ids = (error["extensions"]?["tweetIds"]?.array ?? []).compactMap(\.string)
        if ids.isEmpty || ids.contains(where: message.contains) { return message }
        let sentence = message.hasSuffix(".") ? String(message.dropLast()) : message
        return sentence + ": " + ids.prefix(5).joined(separator: ", ") + (ids.count > 5 ? ", …" : ".")
    }

    private static func line(_ code: String, _ message: String) -> String {
        let text = "engageql: \(code): \(DiagnosticText.plain(message))"
        return remedies[code].map { "\(text) \($0)" } ?? text
    }

    /// What to do about a code. The page Errors of the documentation describes them all.
    private static let remedies = [
        "TWEET_UNAVAILABLE": "They count for nothing in sums; leave them out if they are gone for good.",
        "TWEET_FORBIDDEN":
            "Configure the account that owns them (accounts, alsoReads), or ask for public metrics of totals.",
        "TWEET_TOO_OLD": "Ask historical for them, or totals as of a day when they were fetched (asOf).",
        "NOT_OBSERVED": "Put the Tweets on a list with refresh to have their past from now on.",
        "NOT_ARCHIVED": "Ask for a later start.",
        "UPSTREAM_RATE_LIMITED": "Ask again in a minute: what came meanwhile is cached.",
        "UPSTREAM_TIMEOUT": "Ask again: what came meanwhile is cached. server.deadlineSeconds says how long is waited.",
        "UPSTREAM_UNAVAILABLE": "Ask again later.",
        "UPSTREAM_INVALID_RESPONSE":
            "Ask again later; if it stays, look at what is in between (upstream.baseUrl, proxies).",
        "UPSTREAM_INCOMPLETE": "Ask again.",
        "UPSTREAM_UNAUTHENTICATED": "Check the keys and tokens of the account (accounts).",
        "UPSTREAM_APP_NOT_ALLOW_LISTED": "Have the developer app enrolled for the Engagement API.",
        "UPSTREAM_REFUSED": "Please report it.",
        "USAGE_EXHAUSTED": "Raise the limits of usage, or wait until the month is over.",
        "STALE": "Ask again later.",
        "UNAUTHENTICATED": "Put the key into the environment variable ENGAGEQL_KEY.",
        "CALLS_EXHAUSTED": "Ask again later.",
        "TOO_MANY_TWEETS": "Rows whose groupBy begins with TWEET, without orderBy and first, have larger limits.",
        "TOO_MANY_CELLS": "Rows whose groupBy begins with TWEET, without orderBy and first, have larger limits.",
        "TOO_COMPLEX": "Ask for fewer windows or Tweets at a time.",
    ]
}
