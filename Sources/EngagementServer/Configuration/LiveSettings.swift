internal import EngagementGraph
internal import Settings

/// The section `live`.
extension ServerConfiguration {
    internal mutating func readLive(_ root: SettingsNode?, _ environment: [String: String]) throws(SettingsError) {
        let keys: Set<String> = ["subscriptions", "leastSeconds", "keepAliveSeconds"]
        let reader = try ConfigurationReader(root, section: "live", keys: keys, environment: environment)
        try reader.read("subscriptions", into: &live.maximumSubscriptions, in: 0...1_000_000)
        try reader.read("leastSeconds", into: &limits.plan.leastLiveSeconds, in: 1...Int64(LivePlan.longestSeconds))
        try reader.read("keepAliveSeconds", into: &live.keepAliveSeconds, in: 1...3600)
    }
}
