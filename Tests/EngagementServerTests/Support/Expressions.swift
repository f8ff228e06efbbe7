import Bytes
import Engagement
import EngagementSandbox
import JSON

/// Values of a scenario that are computed, each an object with one member. Numbers come from the sandbox's arithmetic, not
/// from its answers.
///
/// | Expression | Value |
/// |---|---|
/// | `{"$tweets": {"postedAt": T, "count": N, "from": F}}` | the ids of N Tweets posted in the same millisecond, from the F-th on |
/// | `{"$total": [ids, type]}` | the lifetime count now, of all these Tweets together |
/// | `{"$totalAt": [ids, type, time]}` | the lifetime count at that time |
/// | `{"$count": [ids, type, start, end]}` | the engagements in these hours, of all these Tweets together |
/// | `{"$ratio": [a, b]}` | a ÷ b |
/// | `{"$difference": [a, b]}` | a − b |
/// | `{"$each": {"tweets": ids, "value": V}}` | V for each id, `"$tweet"` in it being the id |
/// | `{"$repeat": ["text", N]}` | the text N times |
/// | `{"$join": [texts]}` | the texts one after the other |
///
/// Those of ``JSONExpectation`` stay as they are.
struct Expressions {
    let metrics: SyntheticMetrics
    let now: UnixTime

    func value(of expression: JSONValue) throws -> JSONValue {
        switch expression {
        case .object(let members):
            if let only = members.first, members.count == 1, only.name.hasPrefix("$") {
                return try value(of: only.name, only.value, expression)
            }
            return .object(try members.map { .init($0.name, try value(of: $0.value)) })
        case .array(let elements): return .array(try elements.map(value))
        default: return expression
        }
    }

    private func value(of name: String, _ operand: JSONValue, _ whole: JSONValue) throws -> JSONValue {
        switch name {
        case "$tweets": return .array(try tweets(operand).map { .string($0.description) })
        case "$total": return .integer(try total(try value(of: operand), asOf: now))
        case "$totalAt":
            guard let time = operand[2]?.string.flatMap(UnixTime.init(iso8601:)) else { throw wrong(whole) }
            return .integer(try total(try value(of: operand), asOf: time))
        case "$count": return .integer(try count(try value(of: operand)))
        case "$ratio":
            let operand = try value(of: operand)
            guard let dividend = operand[0]?.integer, let divisor = operand[1]?.integer else { throw wrong(whole) }
            return .number(Double(dividend) / Double(divisor))
        case "$difference":
            let operand = try value(of: operand)
            guard let a = operand[0]?.integer, let b = operand[1]?.integer else { throw wrong(whole) }
            return .integer(a - b)
        case "$each":
            let tweets = try value(of: operand["tweets"] ?? .null).array ?? []
            return .array(
                try tweets.map { try value(of: (operand["value"] ?? .null).replacing(.string("$tweet"), by: $0)) }
            )
        case "$repeat":
            guard let text = operand[0]?.string, let count = operand[1]?.integer else { throw wrong(whole) }
            return .string(String(repeating: text, count: Int(count)))
        case "$join":
            return .string(try (operand.array ?? []).map { try value(of: $0).string ?? "" }.joined())
        default: return whole
        }
    }

    private func tweets(_ operand: JSONValue) throws -> [TweetID] {
        try operand.allow(["postedAt", "count", "from"])
        guard let time = operand["postedAt"]?.string.flatMap(UnixTime.init(iso8601:)),
            let count = operand["count"]?.integer
        else { throw wrong(operand) }
        let first = operand["from"]?.integer ?? 0
        return (first..<first + count).map { SandboxWorld.tweetID(postedAt: time, sequence: UInt64($0)) }
    }

    private func total(_ operand: JSONValue, asOf time: UnixTime) throws -> Int64 {
        let (tweets, type) = try tweetsAndType(operand)
        return tweets.reduce(0) { $0 + metrics.total(tweet: $1, type: type, asOf: time) }
    }

    private func count(_ operand: JSONValue) throws -> Int64 {
        let (tweets, type) = try tweetsAndType(operand)
        guard let start = operand[2]?.string.flatMap(UnixTime.init(iso8601:)),
            let end = operand[3]?.string.flatMap(UnixTime.init(iso8601:))
        else { throw wrong(operand) }
        let window = HourWindow(start: start.flooredHour, end: end.raisedHour)
        return tweets.reduce(0) { $0 + metrics.count(tweet: $1, type: type, in: window, asOf: now) }
    }

    private func tweetsAndType(_ operand: JSONValue) throws -> ([TweetID], EngagementType) {
        let ids = operand[0]?.array ?? [operand[0] ?? .null]
        let tweets = ids.compactMap { $0.string.flatMap(TweetID.init) }
        guard !tweets.isEmpty, tweets.count == ids.count,
            let type = operand[1]?.string.flatMap(EngagementType.init(wireName:))
        else { throw wrong(operand) }
        return (tweets, type)
    }

    private func wrong(_ expression: JSONValue) -> ScenarioError {
        ScenarioError("cannot compute \(expression.text)")
    }
}

extension JSONValue {
    /// The value as JSON text.
    var text: String {
        var buffer = ByteBuffer()
        buffer.append(json: self)
        return String(decoding: buffer.freeze().array, as: UTF8.self)
    }

    fileprivate func replacing(_ sought: JSONValue, by value: JSONValue) -> JSONValue {
        switch self {
        case sought: value
        case .array(let elements): .array(elements.map { $0.replacing(sought, by: value) })
        case .object(let members): .object(members.map { .init($0.name, $0.value.replacing(sought, by: value)) })
        default: self
        }
    }
}
