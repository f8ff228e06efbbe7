public import Engagement

/// A Tweet of which the sandbox knows something in particular.
public struct SandboxTweet: Equatable, Sendable {
    public let id: TweetID
    /// The author; nil is the world's default account.
    public let owner: AccountName?
    /// Whether the API serves it.
    public let state: State
    /// Since when it is in that state; before, it was available. Nil: always.
    public let since: UnixTime?
    /// Whether a video is attached; nil: as its id decides.
    public let hasVideo: Bool?
    /// What its counts are.
    public let counts: Counts
    /// What it is there to show, in a sentence.
    public let note: String

    public init(
        id: TweetID,
        owner: AccountName? = nil,
        state: State = .available,
        since: UnixTime? = nil,
        hasVideo: Bool? = nil,
        counts: Counts = .synthetic,
        note: String
    ) {
        self.id = id
        self.owner = owner
        self.state = state
        self.since = since
        self.hasVideo = hasVideo
        self.counts = counts
        self.note = note
    }

    /// The API tells none of the last three from another (dossier §4, §8), unless a switch says so of protected ones.
    public enum State: String, CaseIterable, Sendable {
        case available
        case deleted
        case protected
        case suspended
    }

    public enum Counts: Equatable, Sendable {
        /// As ``SyntheticMetrics`` draws them.
        case synthetic
        /// These lifetime counts of totals; types that are not named are drawn.
        case lifetime([EngagementType: Int64])
        /// These counts hour by hour from `first` on; everything else is 0.
        case hours(first: UTCHour, [EngagementType: [Int64]])
    }

    /// The state at a moment.
    func state(at now: UnixTime) -> State {
        guard let since, now < since else { return state }
        return .available
    }
}
