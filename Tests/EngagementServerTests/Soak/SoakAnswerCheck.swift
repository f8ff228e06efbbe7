import Engagement
import EngagementSandbox
import JSON

/// Compares a GraphQL response with the sandbox's arithmetic, number by number.
struct SoakAnswerCheck {
    let query: SoakQuery
    let oracle: SoakOracle
    let conditions: SoakConditions
    private(set) var findings: [String] = []
    /// How many numbers were compared.
    private(set) var numbers = 0
    /// How many numbers were null.
    private(set) var nulls = 0

    private let response: JSONValue
    /// Codes of errors by field, Tweet and type.
    private var excuses: [Excuse: Set<String>] = [:]

    private struct Excuse: Hashable {
        let alias: String
        let tweet: String
        let type: String
    }

    init(_ response: JSONValue, to query: SoakQuery, _ oracle: SoakOracle, _ conditions: SoakConditions) {
        self.query = query
        self.oracle = oracle
        self.conditions = conditions
        self.response = response
        check()
    }

    private mutating func check() {
        for error in response["errors"]?.array ?? [] { enter(error) }
        for field in query.fields {
            guard let rows = response["data"]?[field.alias]?.array else {
                findings.append("\(field.alias) has no rows: \(response.text.prefix(400))")
                return
            }
            for row in rows { check(row, field) }
        }
        checkSums()
    }

    private mutating func enter(_ error: JSONValue) {
        guard let alias = error["path"]?[0]?.string, let code = error["extensions"]?["code"]?.string,
            let tweets = error["extensions"]?["tweetIds"]?.array,
            let types = error["extensions"]?["engagementTypes"]?.array
        else {
            findings.append("an error that says nothing of Tweets: \(error.text)")
            return
        }
        for tweet in tweets.compactMap(\.string) {
            checkCause(of: error, tweet, alias, code)
            for type in types.compactMap(\.string) {
                excuses[Excuse(alias: alias, tweet: tweet, type: type), default: []].insert(code)
            }
        }
    }

    /// An error names all Tweets and all types that it concerns, not each with each: for one of the types it must be true.
    private mutating func checkCause(of error: JSONValue, _ name: String, _ alias: String, _ code: String) {
        guard let tweet = TweetID(name), let field = query.fields.first(where: { $0.alias == alias }) else {
            return findings.append("an error of nothing that was asked: \(error.text)")
        }
        let span = conditions.span(from: conditions.sentAt.advanced(bySeconds: -2 * 86_400))
        let isTrue = field.types.contains { type in
            oracle.truth(tweet, type, field.isSeries ? [] : nil, for: SoakWorld.acme, fetched: span).code == code
        }
        if !isTrue, !conditions.excuses(code) {
            findings.append("\(tweet) is named without a cause, \(conditions): \(error.text)")
        }
    }

    // MARK: - Rows

    private mutating func check(_ row: JSONValue, _ field: SoakQuery.Field) {
        let tweets = row["tweetId"]?.string.flatMap(TweetID.init).map { [$0] } ?? field.tweets
        let asOf = row["asOf"]?.string.flatMap(UnixTime.init(iso8601:))
        let windows = field.isSeries ? SoakAnswerCheck.windows(of: row) : nil
        let isLong = field.groupBy.contains("ENGAGEMENT_TYPE")
        for type in field.types where !isLong || row["engagementType"]?.string == type.enumName {
            let value = (isLong ? row["count"] : row[type.field])?.integer
            check(
                value,
                tweets,
                type,
                windows,
                asOf,
                "\(type.field) of \(field.name) \(field.groupBy): \(row.text)",
                field
            )
        }
        if !field.isSeries, let asOf { checkAge(asOf, tweets, row, field) }
    }

    /// Of an hour of the day, those hours of all days.
    private static func windows(of row: JSONValue) -> [HourWindow] {
        guard let start = row["start"]?.string.flatMap(UnixTime.init(iso8601:))?.flooredHour,
            let end = row["end"]?.string.flatMap(UnixTime.init(iso8601:))?.flooredHour, start < end
        else { return [] }
        guard let hourOfDay = row["hourOfDay"]?.integer else { return [HourWindow(start: start, end: end)] }
        return (start.index..<end.index).map(UTCHour.init).filter { $0.hourOfDay == Int(hourOfDay) }
            .map { HourWindow(start: $0, end: $0.advanced(by: 1)) }
    }

    private mutating func check(
        _ value: Int64?,
        _ tweets: [TweetID],
        _ type: EngagementType,
        _ windows: [HourWindow]?,
        _ asOf: UnixTime?,
        _ what: @autoclosure () -> String,
        _ field: SoakQuery.Field
    ) {
        let span = conditions.span(from: asOf ?? conditions.latest)
        var (least, most): (Int64, Int64) = (0, 0)
        var (isWhole, canBeCounted, isCounted) = (true, false, false)
        for tweet in tweets {
            let truth = oracle.truth(tweet, type, windows, for: SoakWorld.acme, fetched: span)
            let codes = (excuses[Excuse(alias: field.alias, tweet: tweet.description, type: type.enumName)] ?? [])
                .filter { $0 == truth.code || conditions.excuses($0) }
            if codes.contains(where: { !$0.hasPrefix("TWEET_") }) { isWhole = false }
            if let counts = truth.counts {
                canBeCounted = true
                most += counts.upperBound
                if codes.isEmpty {
                    isCounted = true
                    least += counts.lowerBound
                }
            } else if codes.isEmpty {
                findings.append("no error for \(tweet), \(truth), \(what())")
            }
        }
        if let value {
            numbers += 1
            if !canBeCounted { findings.append("a number that nobody may see: \(what())") }
            if asOf == nil { findings.append("a number of no time: \(what())") }
            if !(least...most).contains(value) {
                findings.append("\(value) is not in \(least)...\(most): \(what()), until \(span.to.iso8601)")
            }
        } else {
            nulls += 1
            if isCounted, isWhole { findings.append("null without an error: \(what())") }
        }
    }

    /// Lifetime counts are served for their life and once more while they are refreshed; a day longer if the API fails.
    private mutating func checkAge(_ asOf: UnixTime, _ tweets: [TweetID], _ row: JSONValue, _ field: SoakQuery.Field) {
        let isWhole = !field.types.contains { row[$0.field]?.integer == nil }
        guard tweets.count == 1, isWhole else { return }
        let life = SoakOracle.life(ofTotalsFetchedAt: asOf, tweets[0])
        let isOld = response["extensions"]?["warnings"] != nil || response["errors"] != nil
        let limit = isOld && conditions.weather == .faulty ? life + 86_400 : life + min(life, 3600)
        let age = conditions.sentAt.seconds - asOf.seconds
        if age > limit + conditions.setBackSeconds + conditions.stepSeconds {
            findings.append("\(age) s old, more than \(limit): \(row.text)")
        }
    }

    // MARK: - Sums

    /// The grand total is the sum of every other grouping. Hours of the day are not made of days, so what the API said of
    /// the ones need not be true of the others: these are compared if it said nothing.
    private mutating func checkSums() {
        guard let whole = query.fields.first(where: \.groupBy.isEmpty),
            let total = response["data"]?[whole.alias]?[0]
        else { return }
        for field in query.fields {
            let rows = response["data"]?[field.alias]?.array ?? []
            for type in field.types {
                guard let expected = total[type.field]?.integer else { continue }
                if field.groupBy.contains("HOUR_OF_DAY"), isExcused(type, in: field) || isExcused(type, in: whole) {
                    continue
                }
                let isLong = field.groupBy.contains("ENGAGEMENT_TYPE")
                let counts = rows.compactMap { row -> Int64? in
                    guard isLong else { return row[type.field]?.integer }
                    return row["engagementType"]?.string == type.enumName ? row["count"]?.integer : nil
                }
                let sum = counts.reduce(0, +)
                if sum != expected {
                    findings.append(
                        "\(type.field) by \(field.groupBy) adds up to \(sum), not to \(expected): \(query.text)"
                    )
                }
            }
        }
    }
}

extension SoakAnswerCheck {
    /// Whether a number is missing that there is.
    private func isExcused(_ type: EngagementType, in field: SoakQuery.Field) -> Bool {
        let span = conditions.span(from: conditions.sentAt)
        return field.tweets.contains { tweet in
            let truth = oracle.truth(tweet, type, field.isSeries ? [] : nil, for: SoakWorld.acme, fetched: span)
            let codes = excuses[Excuse(alias: field.alias, tweet: tweet.description, type: type.enumName)] ?? []
            return codes.contains { $0 != truth.code }
        }
    }
}

extension EngagementType {
    /// The name in the schema's enum: `URL_CLICKS`.
    fileprivate var enumName: String { wireName.uppercased() }
}
