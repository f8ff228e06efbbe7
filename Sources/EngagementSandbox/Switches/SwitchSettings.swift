internal import Engagement
internal import JSON
internal import Settings

/// Reading and telling the switches.
extension SandboxSwitches {
    /// Changes the switches that `settings` names and leaves the others.
    mutating func apply(_ settings: SettingsNode) throws(SettingsError) {
        try settings.allow(SandboxSwitches.keys)
        if let node = settings.child("hourWithoutDay") { hourWithoutDay = try node.choice(of: HourWithoutDay.self) }
        if let node = settings.child("forbiddenWording") {
            forbiddenWording = try node.choice(of: ForbiddenWording.self)
        }
        if let node = settings.child("ninetyDayRule") { ninetyDayRule = try node.choice(of: NinetyDayRule.self) }
        if let node = settings.child("unsupportedMetrics") {
            unsupportedMetrics = try node.choice(of: UnsupportedMetrics.self)
        }
        if let node = settings.child("counts") { counts = try node.choice(of: Counts.self) }
        if let node = settings.child("last28HoursBuckets") { last28HoursBuckets = Int(try node.integer(in: 28...29)) }
        if let node = settings.child("maximumGroupings") { maximumGroupings = Int(try node.integer(in: 1...100)) }
        if let node = settings.child("historicalDepth") { historicalDepth = try node.choice(of: HistoricalDepth.self) }
        if let node = settings.child("userTokensOnForeignTotals") {
            userTokensOnForeignTotals = try node.choice(of: ForeignTotals.self)
        }
        if let node = settings.child("protectedTweets") { protectedTweets = try node.choice(of: ProtectedTweets.self) }
        if let node = settings.child("errorsOfPartialAnswers") { errorsOfPartialAnswers = try node.boolean() }
        if let node = settings.child("windowOnTotals") { windowOnTotals = try node.boolean() }
        if let node = settings.child("quoteTweetsInSeries") { quoteTweetsInSeries = try node.boolean() }
        if let node = settings.child("last28HoursEnd") { last28HoursEnd = try node.choice(of: Last28HoursEnd.self) }
        if let node = settings.child("allUnavailable") { allUnavailable = try node.choice(of: AllUnavailable.self) }
        if let node = settings.child("forbiddenStatus") { forbiddenStatus = try node.choice(of: ForbiddenStatus.self) }
        if let node = settings.child("notAllowListedStatus") {
            notAllowListedStatus = try node.choice(of: ForbiddenStatus.self)
        }
        if let node = settings.child("unknownMetrics") { unknownMetrics = try SandboxSwitches.metrics(node) }
        if let node = settings.child("favoritesSince") { favoritesSince = try node.choice(of: FavoritesSince.self) }
        if let node = settings.child("duplicateTweets") { duplicateTweets = try node.choice(of: DuplicateTweets.self) }
        if let node = settings.child("withoutGzip") { withoutGzip = try node.choice(of: WithoutGzip.self) }
        if let node = settings.child("gzippedRequests") { gzippedRequests = try node.boolean() }
        if let node = settings.child("idsAsStringsOnly") { idsAsStringsOnly = try node.boolean() }
        if let node = settings.child("strict") { strict = try node.boolean() }
    }

    private static func metrics(_ node: SettingsNode) throws(SettingsError) -> Set<EngagementType> {
        var types: Set<EngagementType> = []
        for element in try node.elements() {
            guard let type = EngagementType(wireName: try element.text()) else {
                throw element.error("there is no such metric")
            }
            types.insert(type)
        }
        return types
    }

    /// Every switch by its name in settings, with its value as settings write it.
    var settings: [JSONValue.Member] {
        [
            member("hourWithoutDay", hourWithoutDay), member("forbiddenWording", forbiddenWording),
            member("forbiddenStatus", forbiddenStatus), member("notAllowListedStatus", notAllowListedStatus),
            member("ninetyDayRule", ninetyDayRule), member("unsupportedMetrics", unsupportedMetrics),
            member("counts", counts), .init("last28HoursBuckets", .string("\(last28HoursBuckets)")),
            member("last28HoursEnd", last28HoursEnd), .init("maximumGroupings", .string("\(maximumGroupings)")),
            member("historicalDepth", historicalDepth), member("favoritesSince", favoritesSince),
            member("userTokensOnForeignTotals", userTokensOnForeignTotals),
            member("protectedTweets", protectedTweets), member("allUnavailable", allUnavailable),
            member("errorsOfPartialAnswers", errorsOfPartialAnswers), member("windowOnTotals", windowOnTotals),
            member("quoteTweetsInSeries", quoteTweetsInSeries),
            .init("unknownMetrics", .array(unknownMetrics.map(\.wireName).sorted().map(JSONValue.string))),
            member("idsAsStringsOnly", idsAsStringsOnly), member("duplicateTweets", duplicateTweets),
            member("withoutGzip", withoutGzip), member("gzippedRequests", gzippedRequests), member("strict", strict),
        ]
    }

    private func member(_ key: String, _ choice: some RawRepresentable<String>) -> JSONValue.Member {
        .init(key, .string(choice.rawValue))
    }

    private func member(_ key: String, _ value: Bool) -> JSONValue.Member {
        .init(key, .string("\(value)"))
    }

    private static let keys = Set(SandboxSwitches().settings.map(\.name))
}
