internal import Digests
internal import Engagement
internal import EngagementGraph

/// Which Tweets of a subscription have reached their threshold as far as its client knows: what the id of an event carries, so that
/// nothing has to be remembered here for clients that come back, to this node or to another one, before or after a restart.
internal struct ThresholdProgress: Equatable, Sendable {
    let threshold: Threshold
    /// Tweets that were told, and those that had as many from the beginning.
    private(set) var reached: Set<TweetID> = []
    /// Tweets without a number so far: their first one is where they begin.
    private(set) var unseen: Set<TweetID> = []
    /// Whether the Tweets were looked at.
    private(set) var hasBegun = false

    init(_ threshold: Threshold) {
        self.threshold = threshold
    }

    /// Takes note of a look, and returns who has reached the threshold since the last one. What could not be seen changes nothing.
    mutating func advance(_ cells: [(tweet: TweetID, cell: Cell)]) -> [ThresholdCrossing] {
        var crossings: [ThresholdCrossing] = []
        for (tweet, cell) in cells {
            guard cell.state == .counted else {
                if !hasBegun { unseen.insert(tweet) }
                continue
            }
            let isFirst = !hasBegun || unseen.contains(tweet)
            unseen.remove(tweet)
            guard cell.count >= threshold.atLeast, reached.insert(tweet).inserted else { continue }
            if isFirst, !threshold.includesReached { continue }
            let fetchedAt = UnixTime(seconds: Int64(cell.fetchedAt))
            crossings.append(
                ThresholdCrossing(threshold: threshold, tweet: tweet, count: cell.count, fetchedAt: fetchedAt)
            )
        }
        hasBegun = true
        forget(allBut: cells.lazy.map(\.tweet))
        return crossings
    }

    /// The same before these Tweets were told.
    func without(_ tweets: some Sequence<TweetID>) -> ThresholdProgress {
        var progress = self
        progress.reached.subtract(tweets)
        return progress
    }

    /// A list whose Tweets change all the time must not make ids grow: those that have left it are forgotten when there are too many.
    private mutating func forget(allBut tweets: some Sequence<TweetID>) {
        guard reached.count + unseen.count > Threshold.maximumTweets else { return }
        let tweets = Set(tweets)
        reached.formIntersection(tweets)
        unseen.formIntersection(tweets)
    }
}

// MARK: - As the id of an event

extension ThresholdProgress {
    private static let version: UInt8 = 1

    /// Printable ASCII, as a header field can carry it: 9 characters for each Tweet that has reached the threshold, and a few more.
    var eventID: String {
        var bytes = [ThresholdProgress.version, threshold.metric.rawValue]
        ThresholdProgress.append(UInt64(threshold.atLeast), to: &bytes)
        for tweets in [reached, unseen] {
            ThresholdProgress.append(UInt64(tweets.count), to: &bytes)
            var last: UInt64 = 0
            for tweet in tweets.sorted() {
                ThresholdProgress.append(tweet.rawValue - last, to: &bytes)
                last = tweet.rawValue
            }
        }
        return Base64.encode(bytes)
    }

    /// What an id that was given out earlier says; nil if it is none of this threshold's.
    init?(eventID: String, of threshold: Threshold) {
        guard let bytes = Base64.decode(eventID), bytes.count > 2, bytes[0] == ThresholdProgress.version,
            bytes[1] == threshold.metric.rawValue
        else { return nil }
        var rest = bytes[2...]
        guard ThresholdProgress.number(&rest) == UInt64(threshold.atLeast) else { return nil }
        self.init(threshold)
        guard let reached = ThresholdProgress.tweets(&rest), let unseen = ThresholdProgress.tweets(&rest), rest.isEmpty
        else {
            return nil
        }
        self.reached = reached
        self.unseen = unseen
        hasBegun = true
    }

    private static func tweets(_ bytes: inout ArraySlice<UInt8>) -> Set<TweetID>? {
        // A Tweet takes a byte at least, so that no number makes this long.
        guard let count = number(&bytes), count <= UInt64(bytes.count) else { return nil }
        var tweets: Set<TweetID> = []
        var last: UInt64 = 0
        for _ in 0..<count {
            guard let step = number(&bytes) else { return nil }
            let (id, overflow) = last.addingReportingOverflow(step)
            guard !overflow, id > 0 else { return nil }
            tweets.insert(TweetID(rawValue: id))
            last = id
        }
        return tweets
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private static func number(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
