public import Engagement

/// The time over which unique Tweets and accounts are counted. Days are those of UTC.
public enum UsagePeriod: String, CaseIterable, Sendable {
    /// From the first of the month, as contracts bill (dossier §8, handle cap).
    case calendarMonth
    /// Today and the 29 days before (dossier §8, usage cap).
    case rolling30Days

    /// The first day of the period that `now` lies in.
    public func firstDay(at now: UnixTime) -> UTCDay {
        let today = now.flooredHour.day
        return switch self {
        case .calendarMonth: today.advanced(by: 1 - CalendarDate(today).day)
        case .rolling30Days: today.advanced(by: -29)
        }
    }

    /// The days whose counts make up the period. Tomorrow is one of them: of two calls around midnight the one with the
    /// later time may come first. A day that lies farther ahead was counted by a clock that was wrong.
    func days(at now: UnixTime) -> ClosedRange<UTCDay> {
        firstDay(at: now)...now.flooredHour.day.advanced(by: 1)
    }
}

/// How much may be asked upstream in a period, in the units of the contract (dossier §8). nil is no limit.
public struct UsagePolicy: Equatable, Sendable {
    /// The period that the thresholds are for. Both periods are counted in any case.
    public var period: UsagePeriod
    /// This many unique Tweets are worth an event.
    public var warnTweets: Int?
    /// Never more unique Tweets than this are asked.
    public var stopTweets: Int?
    /// This many unique accounts are worth an event.
    public var warnAccounts: Int?
    /// When this many unique accounts were asked, no Tweet is asked with the token of a further one. Accounts that become
    /// known only from an answer are counted, and may go beyond it.
    public var stopAccounts: Int?

    public init(
        period: UsagePeriod = .calendarMonth,
        warnTweets: Int? = nil,
        stopTweets: Int? = nil,
        warnAccounts: Int? = nil,
        stopAccounts: Int? = nil
    ) {
        self.period = period
        self.warnTweets = warnTweets
        self.stopTweets = stopTweets
        self.warnAccounts = warnAccounts
        self.stopAccounts = stopAccounts
    }

    /// The count at which a threshold is reached.
    public func limit(of threshold: UsageThreshold) -> Int? {
        switch threshold {
        case .warnTweets: warnTweets
        case .stopTweets: stopTweets
        case .warnAccounts: warnAccounts
        case .stopAccounts: stopAccounts
        }
    }
}

/// A limit of a ``UsagePolicy``. It is reached when the count is equal to it.
public enum UsageThreshold: Int, CaseIterable, Sendable {
    case warnTweets = 1
    case stopTweets
    case warnAccounts
    case stopAccounts

    /// Whether unique Tweets are meant, not unique accounts.
    public var isOfTweets: Bool { self == .warnTweets || self == .stopTweets }

    /// Whether nothing new may be asked once it is reached.
    public var isStop: Bool { self == .stopTweets || self == .stopAccounts }
}
