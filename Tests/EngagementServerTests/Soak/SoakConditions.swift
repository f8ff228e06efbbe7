import Engagement

/// Under what conditions an answer came: what it may leave out, and how old it may be.
struct SoakConditions: Sendable {
    /// What the last hours were like.
    enum Weather: Sendable {
        /// No fault since everything was forgotten that faults can have left behind: nothing may be missing but for good.
        case calm
        /// No fault any more, but what the API said of Tweets during the faults is still believed.
        case clearing
        /// Whatever the API gives, there must be a reason for what it does not give.
        case faulty
    }

    var weather: Weather
    /// What the clock showed when the request was sent.
    var sentAt: UnixTime
    /// The latest that the clock had ever shown when the answer came.
    var latest: UnixTime
    /// How far the clock may have been set back in the meantime.
    var setBackSeconds: Int64
    /// How far the clock has been set forwards while a call that was waited for can have been under way.
    var stepSeconds: Int64 = 0

    /// Whether `code` may stand for a number that there is.
    func excuses(_ code: String) -> Bool {
        switch weather {
        case .calm: false
        case .clearing: code.hasPrefix("TWEET_")
        case .faulty: true
        }
    }

    /// When a number can have been fetched that is at least as new as `time`.
    func span(from time: UnixTime) -> SoakOracle.Span {
        SoakOracle.Span(from: time.advanced(bySeconds: -setBackSeconds), to: latest)
    }
}

extension SoakConditions: CustomStringConvertible {
    var description: String { "\(weather) from \(sentAt.iso8601) to \(latest.iso8601)" }
}
