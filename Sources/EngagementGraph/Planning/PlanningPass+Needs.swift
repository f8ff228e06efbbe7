internal import Engagement

/// Which fields share a need.
extension PlanningPass {
    /// Puts the Tweets of a selection into the need that it shares with others of the same key: which one that is, and where
    /// the Tweets stand in it, as ``MetricSelection/places`` has it.
    mutating func add(_ tweets: [TweetID], _ key: NeedKey) -> (need: Int, places: [Int32]?) {
        if let need = needPlaces[key] { return (need, share(tweets, of: need)) }
        needPlaces.append(key)
        var need =
            if let window = key.window {
                MetricNeed.series(
                    account: key.account,
                    tweets: tweets,
                    types: key.types,
                    window: window,
                    grain: key.grain
                )
            } else {
                MetricNeed.totals(account: key.account, tweets: tweets, types: key.types)
            }
        need.freshness = key.freshness
        need.moments = key.moments
        plan.needs.append(need)
        return (plan.needs.count - 1, nil)
    }

    /// Adds `tweets` to a need that others have too, each Tweet once, and returns where each of them stands; nil if
    /// they are the need's Tweets.
    private mutating func share(_ tweets: [TweetID], of need: Int) -> [Int32]? {
        if tweets == plan.needs[need].tweets { return nil }
        // Taken out of the dictionary, or else it would be copied at the first change.
        var index = tweetIndexes.removeValue(forKey: need) ?? TweetIndex(plan.needs[need].tweets)
        let places = tweets.map { tweet in
            let place = index.place(of: tweet)
            if place == plan.needs[need].tweets.count { plan.needs[need].tweets.append(tweet) }
            return place
        }
        tweetIndexes[need] = index
        return places
    }

    /// Fields with the same key share one need: 25 cards on a page are one table. Types are part of it, or else a
    /// metric that only the owner may see would be looked up for everybody's Tweets on the page.
    struct NeedKey: Hashable {
        let types: EngagementTypeSet
        let family: MetricFamily
        let grain: MetricNeed.Grain
        let window: HourWindow?
        let moments: [UnixTime]?
        let freshness: FreshnessDemand
        let account: AccountName
    }

    /// Which need has which key.
    struct NeedPlaces {
        /// In the order of the needs.
        private var keys: [NeedKey] = []
        /// Made when there are so many that a search would take longer than hashing.
        private var places: [NeedKey: Int] = [:]
        private static let searched = 8

        subscript(key: NeedKey) -> Int? {
            keys.count <= NeedPlaces.searched ? keys.firstIndex(of: key) : places[key]
        }

        mutating func append(_ key: NeedKey) {
            keys.append(key)
            if keys.count <= NeedPlaces.searched { return }
            if places.isEmpty {
                for (place, key) in keys.enumerated() { places[key] = place }
            } else {
                places[key] = keys.count - 1
            }
        }
    }
}
