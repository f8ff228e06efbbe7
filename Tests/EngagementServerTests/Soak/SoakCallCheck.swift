import Engagement
import EngagementSandbox
import JSON

/// Compares an answer of the API's own endpoints with the sandbox's arithmetic, leaf by leaf.
struct SoakCallCheck {
    let call: SoakCall
    let oracle: SoakOracle
    let conditions: SoakConditions
    private(set) var findings: [String] = []
    /// How many numbers were compared.
    private(set) var numbers = 0

    private let answer: DropInClient.Answer
    private let span: SoakOracle.Span
    private var unavailable: Set<TweetID> = []
    private var tooOldForImpressions: Set<TweetID> = []
    private var tooOldForVideo: Set<TweetID> = []
    private var window: HourWindow?

    init(_ answer: DropInClient.Answer, to call: SoakCall, _ oracle: SoakOracle, _ conditions: SoakConditions) {
        self.call = call
        self.oracle = oracle
        self.conditions = conditions
        self.answer = answer
        let age = SoakCallCheck.longestAge(call, conditions) + conditions.stepSeconds
        span = conditions.span(from: conditions.sentAt.advanced(bySeconds: -age))
        if answer.status == 200 { checkCounts() } else { checkRefusal() }
    }

    /// An answer does not say how old its numbers are: their life, once more while they are refreshed, and a day longer if the
    /// API fails.
    private static func longestAge(_ call: SoakCall, _ conditions: SoakConditions) -> Int64 {
        let lives = call.tweets.map { SoakOracle.life(ofTotalsFetchedAt: conditions.sentAt, $0) }
        let life = call.endpoint == .totals ? lives.max() ?? 0 : 1800
        return conditions.weather == .calm ? 2 * life : life + 86_400
    }

    // MARK: - Refusals

    private mutating func checkRefusal() {
        let error = answer.errors.first ?? ""
        if error.isEmpty { findings.append("\(answer.status) without a reason: \(call.description)") }
        switch (answer.status, conditions.weather) {
        case (_, .faulty): break
        case (403, _) where error.hasPrefix("Forbidden to access tweets: "):
            let named = Set(error.dropFirst(28).split(separator: ", ").compactMap { TweetID(String($0)) })
            let foreign = Set(call.tweets.filter(isForeign))
            let isRight =
                conditions.weather == .calm ? named == foreign : !named.isEmpty && named.isSuperset(of: foreign)
            if !isRight { findings.append("\(error), but others' are \(foreign): \(call.description)") }
        case (400, _) where error == "Tweet ID(s) are unavailable":
            let areGone = call.tweets.allSatisfy { oracle.world.isGone($0, at: span.to) }
            if conditions.weather == .calm, !areGone {
                findings.append("400 for Tweets that are there: \(call.description)")
            }
        case (403, .clearing) where error.hasPrefix("Forbidden to access metrics: "): break
        default: findings.append("\(answer.status) \(error): \(call.description)")
        }
    }

    private func isForeign(_ tweet: TweetID) -> Bool {
        guard let reader = call.reader, !oracle.world.isGone(tweet, at: span.to) else { return false }
        return oracle.world.owner(of: tweet) != reader
    }

    // MARK: - Counts

    private mutating func checkCounts() {
        unavailable = tweets("unavailable_tweet_ids")
        tooOldForImpressions = tweets("unsupported_for_impressions_engagements_tweet_ids")
        tooOldForVideo = tweets("unsupported_for_video_views_tweet_ids")
        for tweet in call.tweets {
            let isGone = oracle.world.isGone(tweet, at: span.to)
            if isGone != unavailable.contains(tweet), isGone || conditions.weather == .calm {
                findings.append(
                    "\(tweet) \(isGone ? "is gone and not listed" : "is listed as gone"): \(call.description)"
                )
            }
            if isForeign(tweet), conditions.weather == .calm || call.endpoint != .totals {
                findings.append("\(tweet) is another's and was not refused: \(call.description)")
            }
        }
        if call.endpoint != .totals {
            guard let start = answer.json["start"]?.string.flatMap(UnixTime.init(iso8601:)),
                let end = answer.json["end"]?.string.flatMap(UnixTime.init(iso8601:))
            else { return findings.append("a series of no time: \(call.description)") }
            window = HourWindow(start: start.flooredHour, end: end.raisedHour)
        }
        var sums: [[Int64]] = []
        for grouping in call.groupings {
            var bySum = [Int64](repeating: 0, count: call.types.count)
            walk(answer.json[grouping.label] ?? .null, grouping.groupBy[...], Leaf(), &bySum)
            sums.append(bySum)
        }
        if sums.contains(where: { $0 != sums[0] }) {
            findings.append("groupings that add up differently, \(sums): \(call.description)")
        }
    }

    private func tweets(_ key: String) -> Set<TweetID> {
        Set((answer.json[key]?.array ?? []).compactMap { $0.string.flatMap(TweetID.init) })
    }

    /// What a leaf is of, as far as the keys above it say.
    private struct Leaf {
        var tweet: TweetID?
        var type: EngagementType?
        var day: UTCDay?
        var hour: Int?
    }

    private mutating func walk(_ value: JSONValue, _ levels: ArraySlice<String>, _ leaf: Leaf, _ sums: inout [Int64]) {
        guard let level = levels.first else { return check(value, leaf, &sums) }
        guard case .object(let members) = value else {
            return findings.append("no object at \(level): \(call.description), \(answer.json.text.prefix(300))")
        }
        for member in members {
            var leaf = leaf
            switch level {
            case "tweet.id": leaf.tweet = TweetID(member.name)
            case "engagement.type": leaf.type = EngagementType(wireName: member.name)
            case "engagement.day": leaf.day = UnixTime(iso8601: member.name)?.flooredHour.day
            default: leaf.hour = Int(member.name)
            }
            walk(member.value, levels.dropFirst(), leaf, &sums)
        }
    }

    private mutating func check(_ value: JSONValue, _ leaf: Leaf, _ sums: inout [Int64]) {
        guard let count = value.string.flatMap({ Int64($0) }), let type = leaf.type,
            let place = call.types.firstIndex(of: type)
        else { return findings.append("no count: \(value.text), \(call.description)") }
        numbers += 1
        sums[place] += count
        var (least, most): (Int64, Int64) = (0, 0)
        for tweet in leaf.tweet.map({ [$0] }) ?? call.tweets where !unavailable.contains(tweet) {
            let isNull = (type == .videoViews ? tooOldForVideo : tooOldForImpressions).contains(tweet)
            let canBeOld = [.videoViews, .impressions, .engagements].contains(type)
            let truth = oracle.truth(tweet, type, windows(leaf), for: call.reader, fetched: span)
            guard let counts = truth.counts, !(canBeOld && isNull) else { continue }
            least += counts.lowerBound
            most += counts.upperBound
        }
        if !(least...most).contains(count) {
            findings.append("\(count) is not in \(least)...\(most), \(leaf): \(call.description)")
        }
    }

    private func windows(_ leaf: Leaf) -> [HourWindow]? {
        guard let window else { return nil }
        if leaf.day == nil, leaf.hour == nil { return [window] }
        return (window.start.index..<window.end.index).map(UTCHour.init)
            .filter { (leaf.day ?? $0.day) == $0.day && (leaf.hour ?? $0.hourOfDay) == $0.hourOfDay }
            .map { HourWindow(start: $0, end: $0.advanced(by: 1)) }
    }
}
