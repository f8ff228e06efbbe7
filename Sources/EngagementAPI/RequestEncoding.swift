internal import Bytes
internal import Engagement

/// A dimension that counts can be grouped by, as the API spells it (dossier §3).
internal enum GroupingDimension: String, Sendable {
    case tweet = "tweet.id"
    case type = "engagement.type"
    case day = "engagement.day"
    case hour = "engagement.hour"
}

extension EngagementCall.Grain {
    /// The `group_by` of this grain; element n names nesting level n of the response (dossier §4.4).
    internal var groupBy: [GroupingDimension] {
        switch self {
        case .total: [.tweet, .type]
        case .day: [.tweet, .type, .day]
        case .hour: [.tweet, .type, .day, .hour]
        }
    }
}

extension EngagementCall {
    /// The JSON that is sent as the request body (dossier §3).
    public var requestBody: [UInt8] { RequestEncoding.body(of: self) }
}

/// The request body of a call (dossier §3).
internal enum RequestEncoding {
    /// The key that we name our grouping by, which the response repeats.
    internal static let label = "counts"

    /// Keys that the response has beside the groupings; a label must be none of them (dossier §4).
    internal static let reservedKeys: Set<String> = [
        "start", "end", "errors", "unavailable_tweet_ids", "unsupported_for_impressions_engagements_tweet_ids",
        "unsupported_for_video_views_tweet_ids",
    ]

    /// The JSON of `call`. Ids travel as strings, since the reference insists on them.
    internal static func body(of call: EngagementCall) -> [UInt8] {
        var body = ByteBuffer(capacity: 256 + call.tweets.count * 22)
        body.append("{\"tweet_ids\":[")
        for (index, tweet) in call.tweets.enumerated() {
            if index > 0 { body.append(ASCII.comma) }
            body.append(ASCII.quotationMark)
            body.append(decimal: tweet.rawValue)
            body.append(ASCII.quotationMark)
        }
        body.append("],\"engagement_types\":")
        appendStrings(call.types.types.map(\.wireName), to: &body)
        body.append(",\"groupings\":{\"")
        body.append(label)
        body.append("\":{\"group_by\":")
        appendStrings(call.grain.groupBy.map(\.rawValue), to: &body)
        body.append("}}")
        if let window = call.window {
            body.append(",\"start\":\"")
            body.append(UnixTime(seconds: window.start.seconds).iso8601)
            body.append("\",\"end\":\"")
            // Rounded up: no millisecond of the window is lost before the API raises it to the hour.
            body.append(UnixTime(seconds: UnixTime(milliseconds: window.end.milliseconds + 999).seconds).iso8601)
            body.append(ASCII.quotationMark)
        }
        body.append(ASCII.rightBrace)
        return body.freeze().array
    }

    /// Wire names have nothing to escape.
    private static func appendStrings(_ names: [String], to body: inout ByteBuffer) {
        body.append(ASCII.leftBracket)
        for (index, name) in names.enumerated() {
            if index > 0 { body.append(ASCII.comma) }
            body.append(ASCII.quotationMark)
            body.append(name)
            body.append(ASCII.quotationMark)
        }
        body.append(ASCII.rightBracket)
    }
}
