internal import Bytes
internal import Engagement
internal import JSON

/// Reads the JSON of a 200 into a flat ``EngagementReply`` (dossier §4), straight from the bytes.
///
/// What samples disagree on is taken either way: counts as strings or numbers, keys in any order, reserved keys or not,
/// metrics that nobody asked for. What would make a number wrong is refused: another nesting than was asked for, a count
/// that is no whole number or below zero, a label that comes twice or not at all.
internal struct ResponseDecoding {
    private let label: String
    private let groupBy: [GroupingDimension]
    private let tweets: Set<TweetID>
    private let types: EngagementTypeSet

    private var reply = EngagementReply(counts: [])
    private var hasLabel = false
    private var start: UnixTime?
    private var end: UnixTime?
    private var days: [String: UTCDay] = [:]

    /// A decoder of the answer to `call`.
    internal init(_ call: EngagementCall) {
        label = RequestEncoding.label
        groupBy = call.grain.groupBy
        tweets = Set(call.tweets)
        types = call.types
    }

    /// A decoder of any grouping that has Tweet and type among its dimensions.
    ///
    /// - Throws: ``EngagementAPIError/Code/invalidCall`` for a label that is one of the response's own keys.
    internal init(
        label: String,
        groupBy: [GroupingDimension],
        tweets: [TweetID],
        types: EngagementTypeSet
    ) throws(EngagementAPIError) {
        guard !RequestEncoding.reservedKeys.contains(label) else {
            throw EngagementAPIError(.invalidCall, "\(label) is a key of the response and cannot name a grouping")
        }
        precondition(groupBy.contains(.tweet) && groupBy.contains(.type), "a count has a Tweet and a type")
        self.label = label
        self.groupBy = groupBy
        self.tweets = Set(tweets)
        self.types = types
    }

    /// The reply that `body` holds, still without a rate limit.
    ///
    /// - Throws: ``EngagementAPIError/Code/invalidResponse``.
    internal consuming func decode(_ body: [UInt8]) throws(EngagementAPIError) -> EngagementReply {
        do {
            // The shortest count with its key is `"00":"0",`.
            reply.counts.reserveCapacity(min(body.count / 9, tweets.count * types.count * bucketEstimate))
            var reader = JSONReader(body, maximumDepth: 16)
            try readMembers(&reader)
            try reader.readEnd()
            guard hasLabel || !reply.unavailable.isEmpty else { throw Mismatch("the response has no counts") }
        } catch let mismatch as Mismatch {
            throw EngagementAPIError(.invalidResponse, mismatch.reason)
        } catch {
            throw EngagementAPIError(.invalidResponse, "the response is not the JSON that was asked for: \(error)")
        }
        if let start, let end { reply.window = EngagementCall.Window(start: start, end: end) }
        return reply
    }

    /// A response that is JSON but not of the shape that was asked for.
    private struct Mismatch: Error {
        let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    // MARK: - Members

    private mutating func readMembers(_ reader: inout JSONReader) throws {
        try reader.readObject { key, reader in
            switch key {
            case label:
                guard !hasLabel else { throw Mismatch("the response has two groupings of one name") }
                hasLabel = true
                try readLevel(
                    0,
                    EngagementReply.Count(tweet: .init(rawValue: 0), type: .impressions, value: 0),
                    &reader
                )
            case "start": start = try readTime(&reader)
            case "end": end = try readTime(&reader)
            case "errors": reply.messages = try readMessages(&reader)
            case "unavailable_tweet_ids": reply.unavailable = try readTweets(&reader)
            case "unsupported_for_impressions_engagements_tweet_ids":
                reply.unsupportedForImpressionsAndEngagements = try readTweets(&reader)
            case "unsupported_for_video_views_tweet_ids": reply.unsupportedForVideoViews = try readTweets(&reader)
            default: try reader.skipValue()
            }
        }
    }

    private func readTime(_ reader: inout JSONReader) throws -> UnixTime? {
        if try reader.readNullIfPresent() { return nil }
        let text = try reader.readString()
        guard let time = UnixTime(iso8601: text) else { throw Mismatch("the response's window is no time") }
        return time
    }

    /// Strings as documented; an object's `message` in case one comes.
    private func readMessages(_ reader: inout JSONReader) throws -> [String] {
        ErrorBody.messages(in: try reader.readValue()).map(\.text)
    }

    private func readTweets(_ reader: inout JSONReader) throws -> [TweetID] {
        if try reader.readNullIfPresent() { return [] }
        var found: [TweetID] = []
        try reader.readArray { reader in
            let digits = try reader.peek() == .number ? reader.readNumber() : reader.readStringContent()
            guard let tweet = TweetID(utf8: digits) else { throw Mismatch("a list of Tweets has something else in it") }
            if tweets.contains(tweet) { found.append(tweet) }
        }
        return found
    }

    // MARK: - Counts

    /// One nesting level of the grouping. `count` carries the keys of the levels above.
    private mutating func readLevel(_ level: Int, _ count: EngagementReply.Count, _ reader: inout JSONReader) throws {
        guard level < groupBy.count else { return try readCount(count, &reader) }
        try reader.readObject { key, reader in
            var count = count
            switch groupBy[level] {
            case .tweet:
                guard let tweet = TweetID(key) else {
                    throw Mismatch("a grouping has \(key.debugDescription) for a Tweet")
                }
                guard tweets.contains(tweet) else { return try skip(&reader) }
                count.tweet = tweet
            case .type:
                guard let type = EngagementType(wireName: key), types.contains(type) else {
                    // Metrics may come that are new or were not asked for; numbers there are Tweets or days out of place.
                    if key.utf8.first.map(ASCII.isDigit) ?? true {
                        throw Mismatch("a grouping has a number for a type")
                    }
                    return try skip(&reader)
                }
                count.type = type
            case .day:
                count.day = try day(key)
            case .hour:
                if key.utf8.count == 10, count.day == nil {
                    // Hours were asked for without days, and the API answers by day all the same (dossier §4.4).
                    count.day = try day(key)
                    return try readHours(level, count, &reader)
                }
                count.hour = try hour(key)
            }
            try readLevel(level + 1, count, &reader)
        }
    }

    private mutating func readHours(_ level: Int, _ count: EngagementReply.Count, _ reader: inout JSONReader) throws {
        try reader.readObject { key, reader in
            var count = count
            count.hour = try hour(key)
            try readLevel(level + 1, count, &reader)
        }
    }

    private func skip(_ reader: inout JSONReader) throws {
        try reader.skipValue()
    }

    /// Each day comes once for every Tweet and type, so it is read once.
    private mutating func day(_ key: String) throws -> UTCDay {
        if let day = days[key] { return day }
        guard let day = UTCDay(iso8601: key) else { throw Mismatch("a grouping has \(key.debugDescription) for a day") }
        days[key] = day
        return day
    }

    private func hour(_ key: String) throws -> UInt8 {
        let digits = key.utf8
        guard (1...2).contains(digits.count), digits.allSatisfy(ASCII.isDigit), let hour = UInt8(key), hour < 24 else {
            throw Mismatch("a grouping has \(key.debugDescription) for an hour")
        }
        return hour
    }

    private mutating func readCount(_ count: EngagementReply.Count, _ reader: inout JSONReader) throws {
        let digits: ArraySlice<UInt8>
        switch try reader.peek() {
        case .string: digits = try reader.readStringContent()
        case .number: digits = try reader.readNumber()
        case .null:
            // No count is not a count of zero.
            _ = try reader.readNullIfPresent()
            return
        case .boolean, .array, .object: throw Mismatch("a grouping has no count where one was asked for")
        }
        guard let value = ResponseDecoding.integer(digits) else {
            throw Mismatch("a count is no whole number from 0 on")
        }
        var count = count
        count.value = value
        reply.counts.append(count)
    }

    /// A decimal integer of 64 bits that is not below zero, from its bytes.
    private static func integer(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard !digits.isEmpty else { return nil }
        var value: Int64 = 0
        for byte in digits {
            guard ASCII.isDigit(byte) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(byte - ASCII.zero))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    /// The most buckets a Tweet and type can have.
    private var bucketEstimate: Int {
        let days = groupBy.contains(.day) || groupBy.contains(.hour) ? 29 : 1
        return groupBy.contains(.hour) ? days * 24 : days
    }
}
