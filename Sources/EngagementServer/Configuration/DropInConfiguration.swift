internal import EngagementAPI
internal import Settings

/// `dropIn`: the Engagement API's own endpoints, answered from the cache.
public struct DropInConfiguration: Sendable {
    /// `dropIn.acceptedHosts`: what callers may have signed besides the address they reached, as `https://data-api.twitter.com`.
    public var acceptedHosts: [String] = []
    /// `dropIn.unsigned`: whether callers on this machine that send no credentials are answered as the default account.
    public var unsigned = false
    /// `dropIn.timestampToleranceSeconds`: how far the time of a signature may lie from ours, either way.
    public var timestampToleranceSeconds = 300
    /// `dropIn.rememberedNonces`: how many signatures are remembered so that none is accepted twice.
    public var rememberedNonces = 500_000
    /// `dropIn.hourWithoutDay`: what grouping by hour without day means, in which the API's own documents disagree.
    public var hourWithoutDay = HourWithoutDay.hourOfDay
    /// `dropIn.foreignTotals`: what a user's token gets for other people's Tweets on totals.
    public var foreignTotals = ForeignTotals.forbidden

    public init() {}

    public enum HourWithoutDay: String, CaseIterable, Sendable {
        /// The 24 hours of the day, each summed over the days.
        case hourOfDay = "hour-of-day"
        /// As if the day stood before the hour.
        case dayAndHour = "day-and-hour"
    }

    public enum ForeignTotals: String, CaseIterable, Sendable {
        /// 403 for the whole call, as the API does.
        case forbidden
        /// The public metrics, which anybody may see.
        case publicMetrics = "public-metrics"
    }
}

extension DropInConfiguration {
    internal mutating func read(
        _ root: SettingsNode?,
        _ environment: [String: String]
    ) throws(SettingsError) {
        let keys: Set<String> = [
            "acceptedHosts", "unsigned", "timestampToleranceSeconds", "rememberedNonces", "hourWithoutDay",
            "foreignTotals",
        ]
        let reader = try ConfigurationReader(root, section: "dropIn", keys: keys, environment: environment)
        try reader.read("acceptedHosts", into: &acceptedHosts)
        let areHosts = acceptedHosts.allSatisfy(DropInConfiguration.isHost)
        try reader.check(
            "acceptedHosts",
            areHosts,
            "expected scheme, host and port, such as https://data-api.twitter.com"
        )
        try reader.read("unsigned", into: &unsigned)
        try reader.read("timestampToleranceSeconds", into: &timestampToleranceSeconds, in: 0...86_400)
        try reader.read("rememberedNonces", into: &rememberedNonces, in: 1...100_000_000)
        try reader.read("hourWithoutDay", into: &hourWithoutDay)
        try reader.read("foreignTotals", into: &foreignTotals)
    }

    /// Scheme and authority, and nothing behind them: the path is the API's.
    private static func isHost(_ text: String) -> Bool {
        EngagementClient.isUsable(baseURL: text) && text.count { $0 == "/" } == 2
    }
}
