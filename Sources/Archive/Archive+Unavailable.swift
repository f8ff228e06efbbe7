public import Engagement
internal import Synchronization

/// The Tweets that are gone.
extension Archive {
    /// Whether any Tweet is unavailable: one load, for those who would have to look.
    public var knowsUnavailable: Bool { unavailableCount.load(ordering: .acquiring) > 0 }

    /// Which of `tweets` are unavailable, by their place.
    public func unavailable(among tweets: [TweetID]) -> [(place: Int, state: UnavailableTweet)] {
        guard knowsUnavailable else { return [] }
        return state.withLock { state in
            tweets.enumerated().compactMap { place, tweet in
                state.unavailable.tweets[tweet].map { (place, $0) }
            }
        }
    }

    /// How often a Tweet was hidden or came back: something that was made from numbers holds as long as this stays the same.
    public var revision: UInt64 { state.withLock { $0.unavailable.revision } }

    /// For how many seconds "unavailable" is believed.
    public var recheckSeconds: Int { configuration.recheckSeconds }

    /// The Tweets that have been unavailable for so long that their numbers have to be removed, also from elsewhere. Who has
    /// done that says so with ``markRemoved(_:at:)``; until then they are named again, also after a restart.
    public func due(at now: UnixTime) -> [TweetID] {
        let seconds = UInt32(clamping: now.seconds)
        guard knowsUnavailable else { return [] }
        return state.withLock { state in
            let isFull = state.unavailable.tweets.count > UnavailableTweets.capacity
            guard state.unavailable.nextDue <= seconds || isFull else { return [] }
            return state.unavailable.due(at: seconds, removalSeconds: configuration.removalSeconds)
        }
    }

    /// Notes that nothing is stored any more of these Tweets.
    public func markRemoved(_ tweets: [TweetID], at now: UnixTime) {
        state.withLock { state in
            state.latest = max(state.latest, now)
            state.unavailable.markRemoved(
                tweets,
                at: UInt32(clamping: now.seconds),
                removalSeconds: configuration.removalSeconds
            )
            unavailableCount.store(state.unavailable.tweets.count, ordering: .releasing)
        }
        counters.withLock { $0.removedTweets += tweets.count }
        report(.removed(tweets: tweets.count))
        scheduleDrain()
    }
}
