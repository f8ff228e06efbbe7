internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import Ledger
internal import MetricLoader
internal import Settings

/// The sections `upstream`, `quota`, `breaker` and `usage`.
extension ServerConfiguration {
    internal mutating func readUpstream(_ root: SettingsNode?, _ environment: [String: String]) throws(SettingsError) {
        let keys: Set<String> = [
            "baseUrl", "tokenUrl", "appAuthorization", "attempts", "firstDelayMilliseconds", "longestDelayMilliseconds",
            "connections", "connectTimeoutMilliseconds", "responseBytes", "gatherMilliseconds",
            "longestGatherMilliseconds", "historySince", "historyDays",
        ]
        let reader = try ConfigurationReader(root, section: "upstream", keys: keys, environment: environment)
        try reader.read("baseUrl", into: &upstream.baseURL)
        let isUsable = EngagementClient.isUsable(baseURL: upstream.baseURL)
        try reader.check("baseUrl", isUsable, "expected a URL such as https://data-api.twitter.com")
        try reader.read("tokenUrl", into: &upstream.tokenURL)
        let isTokenURL = EngagementClient.isUsable(baseURL: upstream.tokenURL)
        try reader.check("tokenUrl", isTokenURL, "expected a URL such as https://api.twitter.com/oauth2/token")
        try reader.read("appAuthorization", into: &upstream.appAuthorization)
        try reader.read("attempts", into: &upstream.retry.maximumAttempts, in: 1...20)
        try reader.read("firstDelayMilliseconds", into: &upstream.retry.firstDelayMilliseconds, in: 0...600_000)
        try reader.read("longestDelayMilliseconds", into: &upstream.retry.longestDelayMilliseconds, in: 0...600_000)
        try reader.read("connections", into: &upstream.transport.maximumConnectionsPerHost, in: 1...1000)
        try reader.read(
            "connectTimeoutMilliseconds",
            into: &upstream.transport.connectTimeoutMilliseconds,
            in: 1...600_000
        )
        try reader.read("responseBytes", into: &upstream.maximumResponseBytes, in: 1024...1 << 32)
        try reader.read("historySince", into: &limits.plan.history.since)
        var days = 0
        try reader.read("historyDays", into: &days, in: 0...36_500)
        limits.plan.history.days = days > 0 ? days : nil
        try reader.read("gatherMilliseconds", into: &pacing.quietMilliseconds, in: 0...10_000)
        try reader.read("longestGatherMilliseconds", into: &pacing.longestMilliseconds, in: 0...60_000)
    }

    internal mutating func readQuota(_ root: SettingsNode?, _ environment: [String: String]) throws(SettingsError) {
        let keys: Set<String> = [
            "assumedPerMinute", "forInteractivePercent", "fromBackgroundPercent", "pauseMilliseconds",
        ]
        let reader = try ConfigurationReader(root, section: "quota", keys: keys, environment: environment)
        try reader.read("assumedPerMinute", into: &upstream.quota.assumedPerMinute, in: 1...1_000_000)
        try reader.read("forInteractivePercent", into: &upstream.quota.reservedPercentForInteractive, in: 0...100)
        try reader.read("fromBackgroundPercent", into: &upstream.quota.reservedPercentFromBackground, in: 0...100)
        try reader.read("pauseMilliseconds", into: &upstream.quota.pauseMilliseconds, in: 0...600_000)
        let breaker = try ConfigurationReader(
            root,
            section: "breaker",
            keys: ["failures", "firstPauseMilliseconds", "longestPauseMilliseconds"],
            environment: environment
        )
        try breaker.read("failures", into: &upstream.breaker.failures, in: 1...1_000_000)
        try breaker.read("firstPauseMilliseconds", into: &upstream.breaker.firstPauseMilliseconds, in: 0...600_000)
        try breaker.read("longestPauseMilliseconds", into: &upstream.breaker.longestPauseMilliseconds, in: 0...600_000)
    }

    internal mutating func readUsage(_ root: SettingsNode?, _ environment: [String: String]) throws(SettingsError) {
        let keys: Set<String> = ["period", "warnTweets", "stopTweets", "warnAccounts", "stopAccounts"]
        let reader = try ConfigurationReader(root, section: "usage", keys: keys, environment: environment)
        try reader.read("period", into: &usage.period)
        let thresholds:
            [(warn: (String, WritableKeyPath<UsagePolicy, Int?>), stop: (String, WritableKeyPath<UsagePolicy, Int?>))] =
                [
                    (("warnTweets", \.warnTweets), ("stopTweets", \.stopTweets)),
                    (("warnAccounts", \.warnAccounts), ("stopAccounts", \.stopAccounts)),
                ]
        for (warn, stop) in thresholds {
            for (key, field) in [warn, stop] {
                var count = 0
                try reader.read(key, into: &count, in: 0...1_000_000_000)
                usage[keyPath: field] = count > 0 ? count : nil
            }
            guard let first = usage[keyPath: warn.1], let last = usage[keyPath: stop.1] else { continue }
            try reader.check(warn.0, first <= last, "\(warn.0) is \(first), beyond \(stop.0), which is \(last)")
        }
    }
}
