/// How far back `historical` counts. Sources disagree (dossier §12): since 2014-09-01, or for the last 365 days.
public struct HistoryDepth: Equatable, Sendable {
    /// The first hour that was ever counted.
    public var since: UTCHour
    /// For how many days counts are served; nil for ever.
    public var days: Int?

    public init(since: UTCHour = Endpoint.earliestHistoricalHour, days: Int? = nil) {
        self.since = since
        self.days = days
    }

    /// The first hour that is served at `now`.
    public func earliest(now: UnixTime) -> UTCHour {
        guard let days else { return since }
        return max(since, now.flooredHour.advanced(by: -days * 24))
    }
}
