import Engagement
import EngagementSandbox
import JSON

/// A call as a scenario writes it and as the sandbox recorded it, in a form that can be compared and read.
///
/// | Key | What |
/// |---|---|
/// | `endpoint` | `totals`, `28hr`, `historical` |
/// | `as` | the account whose tokens signed; without one `application` if it was signed, else `bearer`; `none` if refused |
/// | `tweets`, `types` | the types in any order |
/// | `start`, `end` | the hours of a series; the sandbox tells those of `28hr` too |
/// | `by` | `hour` or `day`, for a series |
/// | `status` | 200 if not given |
/// | `fault` | what befell it; where it struck before the body was read, all else but the endpoint is unknown |
struct UpstreamCall: Equatable {
    let parts: [String]

    init(_ call: RecordedCall) {
        let groupBy = call.groupings.flatMap(\.groupBy)
        parts = UpstreamCall.parts(
            endpoint: call.endpoint?.rawValue ?? call.path,
            caller: call.account?.rawValue ?? call.authentication.rawValue,
            tweets: call.tweets.map(\.description),
            types: call.types.map(\.wireName),
            start: call.window?.start.start.iso8601,
            end: call.window?.end.start.iso8601,
            grain: groupBy.contains(.hour) ? "hour" : groupBy.contains(.day) ? "day" : nil,
            status: call.status,
            fault: call.fault?.name
        )
    }

    /// Reads an element of `calls` in `extensions.explain` or `extensions.cost`, as it was told at `now`.
    init(told call: JSONValue, at now: UnixTime) {
        let request = call["request"] ?? .null
        let groupBy = (request["groupings"]?.members ?? []).flatMap { $0.value["group_by"]?.array ?? [] }
        var window = HourWindow?.none
        if call["endpoint"] == .string("28hr") {
            window = HourWindow(start: now.flooredHour.advanced(by: -28), end: now.raisedHour)
        } else if let start = request["start"]?.string.flatMap(UnixTime.init(iso8601:)),
            let end = request["end"]?.string.flatMap(UnixTime.init(iso8601:))
        {
            window = HourWindow(start: start.flooredHour, end: end.raisedHour)
        }
        parts = UpstreamCall.parts(
            endpoint: call["endpoint"]?.string ?? "",
            caller: call["as"] == .string("app") ? "application" : call["account"]?.string ?? "none",
            // The sandbox lists them in the order of their ids.
            tweets: (request["tweet_ids"]?.array ?? []).compactMap { $0.string.flatMap(TweetID.init) }.sorted()
                .map(\.description),
            types: (request["engagement_types"]?.array ?? []).compactMap(\.string),
            start: window?.start.start.iso8601,
            end: window?.end.start.iso8601,
            grain: groupBy.contains(.string("engagement.hour"))
                ? "hour" : groupBy.contains(.string("engagement.day")) ? "day" : nil,
            status: 200,
            fault: nil
        )
    }

    /// Reads an element of `upstream`, whose expressions have been computed.
    init(_ value: JSONValue) throws {
        try value.allow(["endpoint", "as", "tweets", "types", "start", "end", "by", "status", "fault"])
        parts = UpstreamCall.parts(
            endpoint: value["endpoint"]?.string ?? "",
            caller: value["as"]?.string ?? "none",
            tweets: (value["tweets"]?.array ?? []).compactMap(\.string),
            types: (value["types"]?.array ?? []).compactMap(\.string),
            start: value["start"]?.string,
            end: value["end"]?.string,
            grain: value["by"]?.string,
            status: Int(value["status"]?.integer ?? 200),
            fault: value["fault"]?.string
        )
    }

    private static func parts(
        endpoint: String,
        caller: String,
        tweets: [String],
        types: [String],
        start: String?,
        end: String?,
        grain: String?,
        status: Int,
        fault: String?
    ) -> [String] {
        [
            endpoint, "as \(caller)", "tweets \(tweets.joined(separator: " "))",
            "types \(types.sorted().joined(separator: " "))", "from \(start ?? "-")", "to \(end ?? "-")",
            "by \(grain ?? "-")", "status \(status)", "fault \(fault ?? "-")",
        ]
    }
}

extension UpstreamCall: Comparable, CustomStringConvertible {
    /// Calls of one step go out side by side, so their order means nothing.
    static func < (left: UpstreamCall, right: UpstreamCall) -> Bool {
        left.parts.lexicographicallyPrecedes(right.parts)
    }

    var description: String { parts.joined(separator: ", ") }
}
