internal import EngagementGraph
internal import Settings

/// The section `live`.
extension ServerConfiguration {
    internal mutating func readLive(_ root: SettingsNode?, _ environment: [String: String]) throws(SettingsError) {
        let keys: Set<String> = [
            "subscriptions", "leastSeconds", "keepAliveSeconds", "sockets", "initSeconds", "operations", "messageBytes",
            "messages",
        ]
        let reader = try ConfigurationReader(root, section: "live", keys: keys, environment: environment)
        try reader.read("subscriptions", into: &live.maximumSubscriptions, in: 0...1_000_000)
        try reader.read("leastSeconds", into: &limits.plan.leastLiveSeconds, in: 1...Int64(LivePlan.longestSeconds))
        try reader.read("keepAliveSeconds", into: &live.keepAliveSeconds, in: 1...3600)
        try reader.read("sockets", into: &live.maximumSockets, in: 0...1_000_000)
        try reader.read("initSeconds", into: &live.initSeconds, in: 1...3600)
        try reader.read("operations", into: &live.maximumOperations, in: 1...100_000)
        try reader.read("messageBytes", into: &live.maximumMessageBytes, in: 1024...(256 << 20))
        try reader.read("messages", into: &live.maximumMessages, in: 1...1_000_000_000)
    }
}
