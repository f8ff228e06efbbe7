internal import Bytes
internal import Engagement
internal import JSON

/// What a table of cells is in the API's terms: which Tweets refuse the call, which are left out, which are too old for what
/// (dossier §4, §7), and the body of the response.
///
/// A number that the API left out of an answer without a word is left out here too.
internal struct DropInAnswer {
    private let call: DropInCall
    private let table: MetricTable
    private var errors: [String] = []
    /// Each list in ascending order.
    private var unavailable: [TweetID] = []
    private var tooOldForImpressions: [TweetID] = []
    private var tooOldForVideo: [TweetID] = []
    private var availableRows: [Int] = []

    /// The reserved keys of a response.
    enum Key {
        static let unavailable = "unavailable_tweet_ids"
        static let tooOldForImpressions = "unsupported_for_impressions_engagements_tweet_ids"
        static let tooOldForVideo = "unsupported_for_video_views_tweet_ids"
    }

    /// - Parameters:
    ///   - forbidden: Tweets that are known not to be the caller's, besides those that the table knows of.
    /// - Throws: 403 if any Tweet is another account's, 400 if all are unavailable: the whole call is refused then.
    init(
        _ call: DropInCall,
        _ table: MetricTable,
        forbidden: Set<TweetID>,
        _ caller: Caller,
        now: UnixTime
    ) throws(DropInRefusal) {
        self.call = call
        self.table = table
        let types = table.need.types.types
        let privateTypes = table.need.privateTypes
        var forbiddenTweets: [TweetID] = []
        var forbiddenTypes: EngagementTypeSet = []
        for (row, tweet) in table.need.tweets.enumerated() {
            var absences = Absences()
            for type in types { absences.add(table.absence(of: type, ofTweet: row), type) }
            forbiddenTypes.formUnion(absences.forbidden.subtracting(privateTypes))
            if forbidden.contains(tweet) || !absences.forbidden.isDisjoint(with: privateTypes) {
                forbiddenTweets.append(tweet)
            } else if absences.isUnavailable {
                unavailable.append(tweet)
            } else {
                availableRows.append(row)
                if absences.tooOld.contains(.videoViews) { tooOldForVideo.append(tweet) }
                if absences.tooOld.contains(.impressions) || absences.tooOld.contains(.engagements) {
                    tooOldForImpressions.append(tweet)
                }
            }
        }
        if !forbiddenTweets.isEmpty { throw .forbiddenTweets(forbiddenTweets.sorted()) }
        if !forbiddenTypes.isEmpty { throw .forbiddenMetrics(forbiddenTypes.types) }
        if availableRows.isEmpty { throw .allUnavailable }
        unavailable.sort()
        tooOldForImpressions.sort()
        tooOldForVideo.sort()
        if !unavailable.isEmpty { errors.append("\(unavailable.count) Tweet ID(s) are unavailable") }
        if !tooOldForImpressions.isEmpty {
            // What stands in the parentheses is not known: the documentation prints a placeholder.
            let limit = now.advanced(bySeconds: -90 * 86_400).iso8601
            errors.append("Impressions & engagements for tweets older than 90 days (\(limit)) are not supported")
        }
    }

    /// Why a Tweet has no counts of which types.
    private struct Absences {
        var isUnavailable = false
        var forbidden: EngagementTypeSet = []
        var tooOld: EngagementTypeSet = []

        mutating func add(_ state: Cell.State?, _ type: EngagementType) {
            switch state {
            case .unavailable: isUnavailable = true
            case .forbidden: forbidden.insert(EngagementTypeSet(type))
            case .tooOld: tooOld.insert(EngagementTypeSet(type))
            case .missing, .counted, nil: break
            }
        }
    }

    // MARK: - Body

    /// The JSON of the response.
    var body: ByteString {
        var buffer = ByteBuffer(capacity: 4096)
        buffer.append(ASCII.leftBrace)
        if let window = call.window {
            member("start", .string(window.echoedStart.iso8601), &buffer)
            member("end", .string(window.echoedEnd.iso8601), &buffer)
        }
        list("errors", errors, &buffer)
        list(Key.unavailable, unavailable.map(\.description), &buffer)
        list(Key.tooOldForImpressions, tooOldForImpressions.map(\.description), &buffer)
        list(Key.tooOldForVideo, tooOldForVideo.map(\.description), &buffer)
        for grouping in call.groupings {
            key(grouping.label, &buffer)
            GroupedCounts(table, rows: availableRows, types: call.types, by: grouping.dimensions).write(into: &buffer)
        }
        buffer.append(ASCII.rightBrace)
        return buffer.freeze()
    }

    private func list(_ name: String, _ elements: [String], _ buffer: inout ByteBuffer) {
        if !elements.isEmpty { member(name, .array(elements.map(JSONValue.string)), &buffer) }
    }

    private func member(_ name: String, _ value: JSONValue, _ buffer: inout ByteBuffer) {
        key(name, &buffer)
        buffer.append(json: value)
    }

    /// Every member but the first has a comma before it.
    private func key(_ name: String, _ buffer: inout ByteBuffer) {
        if buffer.count > 1 { buffer.append(ASCII.comma) }
        buffer.append(jsonString: name)
        buffer.append(ASCII.colon)
    }
}

extension MetricTable {
    /// The first absence among the cells of a Tweet and type, or nil.
    fileprivate func absence(of type: EngagementType, ofTweet row: Int) -> Cell.State? {
        let first = index(tweet: row, type: type)
        return cells[first..<first + bucketCount].first { $0.state.isAbsence }?.state
    }
}
