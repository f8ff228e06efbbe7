public import Engagement

/// Why an operation that is valid GraphQL asks for something that cannot be had: a code to match on and a sentence to
/// read.
public struct PlanningError: Error, Equatable, Sendable {
    /// What is wrong; the raw value is `extensions.code` in the response.
    public enum Code: String, Sendable {
        /// `start` and `end` do not make a window that the API has.
        case invalidWindow = "INVALID_WINDOW"
        /// An `asOf` that has not come yet.
        case invalidAsOf = "INVALID_AS_OF"
        /// No time zone has that name, or not one that whole hours can be divided by.
        case invalidTimeZone = "INVALID_TIME_ZONE"
        /// More Tweets than one operation may name.
        case tooManyTweets = "TOO_MANY_TWEETS"
        /// More Tweets × kinds of look-up than one operation may cost.
        case tooComplex = "TOO_COMPLEX"
        /// More Tweets × metrics × hours than one operation may span.
        case tooManyCells = "TOO_MANY_CELLS"
        /// A `maxAge` of `@fresh` that is no age.
        case invalidMaxAge = "INVALID_MAX_AGE"
        /// A purge of nothing, or of everything and a part at once.
        case invalidPurge = "INVALID_PURGE"
        /// An account that the server does not know.
        case unknownAccount = "UNKNOWN_ACCOUNT"
        /// Purging by mutation is switched off.
        case purgeDisabled = "PURGE_DISABLED"
        /// Both `tweetIds` and `list`, or neither.
        case tweetsOrList = "TWEETS_OR_LIST"
        /// No list has that name.
        case unknownList = "UNKNOWN_LIST"
        /// A name, description or setting that no list has.
        case invalidList = "INVALID_LIST"
        /// A list of the configuration, which mutations do not change.
        case listConfigured = "LIST_CONFIGURED"
        /// The name of a list that is not there for whoever asks.
        case listNameTaken = "LIST_NAME_TAKEN"
        /// What the key of whoever asks does not allow.
        case forbidden = "FORBIDDEN"
        /// More Tweets in a list, or lists, than there may be.
        case tooManyListed = "TOO_MANY_LISTED"
        /// Changing lists by mutation is switched off.
        case listsDisabled = "LISTS_DISABLED"
        /// The file of the lists cannot be written.
        case listNotWritten = "LIST_NOT_WRITTEN"
        /// Groups, ages or numbers that cannot be compared.
        case invalidComparison = "INVALID_COMPARISON"
        /// A `rate` of what the rows do not have, or for each of less than one.
        case invalidRate = "INVALID_RATE"
        /// An `after` that is no cursor of the list.
        case invalidCursor = "INVALID_CURSOR"
        /// A `first` that is no count.
        case invalidFirst = "INVALID_FIRST"
        /// An `everySeconds` of a subscription that is too short or too long.
        case invalidInterval = "INVALID_INTERVAL"
        /// A threshold that nothing can reach, or too many Tweets to wait for.
        case invalidThreshold = "INVALID_THRESHOLD"
    }

    public let code: Code
    public let reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}

/// What one operation may ask for.
public struct PlanLimits: Equatable, Sendable {
    /// Tweets named in all arguments together.
    public var maximumTweets: Int
    /// Tweets × families and windows to be looked up: what the operation costs.
    public var maximumLookups: Int
    /// Tweets × metrics × hours or days, of all fields together. A cell takes 16 bytes.
    public var maximumCells: Int
    /// How far back windows may begin.
    public var history: HistoryDepth
    /// The least seconds between two looks of a subscription.
    public var leastLiveSeconds = 10
    /// What the first and the last of them are called in the configuration.
    public var tweetsKey = "limits.tweets"
    public var cellsKey = "limits.cells"

    public init(
        maximumTweets: Int = 10_000,
        maximumLookups: Int = 50_000,
        maximumCells: Int = 4_000_000,
        history: HistoryDepth = HistoryDepth()
    ) {
        self.maximumTweets = maximumTweets
        self.maximumLookups = maximumLookups
        self.maximumCells = maximumCells
        self.history = history
    }
}
