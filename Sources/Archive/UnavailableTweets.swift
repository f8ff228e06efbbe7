public import Engagement

/// A Tweet that the API calls unavailable: deleted, protected or suspended, it does not say which.
public struct UnavailableTweet: Equatable, Sendable {
    /// When it was first said, in seconds since 1970.
    public internal(set) var since: UInt32
    /// When it was last said.
    public internal(set) var checkedAt: UInt32
    /// Whether its numbers were removed.
    public internal(set) var isRemoved = false

    /// A time of the future is one of a clock that was ahead, and not news of calls that were answered in another order than made.
    static let secondsOfDoubt: UInt32 = 60

    /// Whether what the API says at `time` is newer.
    func gives(wayTo time: UInt32) -> Bool {
        time > checkedAt || checkedAt - time > UnavailableTweet.secondsOfDoubt
    }

    /// Seconds since it was last said at `now`; nil if a clock that was ahead wrote that down.
    public func age(at now: UnixTime) -> Int64? {
        let age = now.seconds - Int64(checkedAt)
        return age < -Int64(UnavailableTweet.secondsOfDoubt) ? nil : age
    }
}

/// The Tweets that are unavailable for now, and when their numbers have to go: a value, without a file.
struct UnavailableTweets: Sendable {
    private(set) var tweets: [TweetID: UnavailableTweet] = [:]
    /// Those whose row is not written yet as it is here.
    private(set) var changed: Set<TweetID> = []
    /// How often a Tweet came or went.
    private(set) var revision: UInt64 = 0
    /// When the next ones are due.
    private(set) var nextDue: UInt32 = .max

    /// More are not remembered: those that have been gone for longest are removed before their time.
    static let capacity = 100_000
    /// Tweets without numbers are forgotten this many seconds after they were last asked for.
    private static let rememberedSeconds: UInt32 = 30 * 86_400

    /// Notes that the API called `tweet` unavailable at `time`.
    mutating func hide(_ tweet: TweetID, at time: UInt32, removalSeconds: Int) {
        if var known = tweets[tweet] {
            guard known.gives(wayTo: time) else { return }
            known.checkedAt = time
            tweets[tweet] = known
        } else {
            tweets[tweet] = UnavailableTweet(since: time, checkedAt: time)
            nextDue = min(nextDue, UInt32(clamping: Int(time) + removalSeconds))
            revision += 1
        }
        changed.insert(tweet)
    }

    /// Notes that the API gave numbers of `tweet` at `time`. What it said later holds.
    mutating func show(_ tweet: TweetID, at time: UInt32) {
        guard let known = tweets[tweet], known.gives(wayTo: time) else { return }
        tweets[tweet] = nil
        changed.insert(tweet)
        revision += 1
    }

    /// Takes in what a file knows, and what it does not know counts as changed.
    mutating func load(_ stored: [TweetID: UnavailableTweet], removalSeconds: Int) {
        changed.formUnion(tweets.keys.filter { stored[$0] != tweets[$0] })
        tweets.merge(stored) { mine, _ in mine }
        revision += 1
        setNextDue(removalSeconds)
    }

    /// The Tweets whose numbers are to be removed at `now`.
    func due(at now: UInt32, removalSeconds: Int) -> [TweetID] {
        let open = tweets.filter { !$0.value.isRemoved }
        var due = open.filter { Int($0.value.since) + removalSeconds <= Int(now) }.map(\.key)
        let excess = tweets.count - UnavailableTweets.capacity - due.count
        if excess > 0 {
            let rest = open.filter { Int($0.value.since) + removalSeconds > Int(now) }
            due += rest.sorted { $0.value.since < $1.value.since }.prefix(excess).map(\.key)
        }
        return due.sorted()
    }

    /// Notes that the numbers of these Tweets are gone.
    mutating func markRemoved(_ removed: [TweetID], at now: UInt32, removalSeconds: Int) {
        for tweet in removed where tweets[tweet] != nil {
            tweets[tweet]?.isRemoved = true
            changed.insert(tweet)
        }
        let old = now - min(now, UnavailableTweets.rememberedSeconds)
        var forgotten = tweets.filter { $0.value.isRemoved && $0.value.checkedAt < old }.map(\.key)
        let excess = tweets.count - forgotten.count - UnavailableTweets.capacity
        if excess > 0 {
            let rest = tweets.filter { $0.value.isRemoved && $0.value.checkedAt >= old }
            forgotten += rest.sorted { $0.value.checkedAt < $1.value.checkedAt }.prefix(excess).map(\.key)
        }
        for tweet in forgotten {
            tweets[tweet] = nil
            changed.insert(tweet)
        }
        setNextDue(removalSeconds)
    }

    mutating func takeChanged() -> [TweetID: UnavailableTweet?] {
        defer { changed = [] }
        return Dictionary(uniqueKeysWithValues: changed.map { ($0, tweets[$0]) })
    }

    mutating func putBack(_ tweets: some Sequence<TweetID>) { changed.formUnion(tweets) }

    private mutating func setNextDue(_ removalSeconds: Int) {
        let first = tweets.values.lazy.filter { !$0.isRemoved }.map(\.since).min()
        nextDue = first.map { UInt32(clamping: Int($0) + removalSeconds) } ?? .max
    }
}
