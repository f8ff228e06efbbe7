internal import Engagement

extension PlanningPass {
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
