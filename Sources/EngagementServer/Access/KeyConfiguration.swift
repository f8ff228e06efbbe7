public import Engagement

/// An element of `keys`: who may ask with a key, for what, and how much.
public struct KeyConfiguration: Sendable {
    /// For logs and errors, which never show the key.
    public var name: String
    public var hash: KeyHash
    /// Whose private numbers it shows; nil for nobody's: public numbers alone.
    public var account: AccountName?
    /// Other accounts whose private numbers it shows.
    public var alsoReads: [AccountName] = []
    /// The lists that it may use of those that its accounts may see; nil for all.
    public var lists: Set<ListName>?
    /// What it may do beyond asking.
    public var permissions: Set<KeyPermission> = []
    /// Whether it may stand in a URL.
    public var isAllowedInQuery = false
    /// How many requests it may make a minute; nil for no limit.
    public var requestsPerMinute: Int?
    /// How many calls of the Engagement API may be waited for in any 24 hours; nil for no limit.
    public var callsPerDay: Int?
    /// From when on it is refused; nil for never.
    public var expires: UnixTime?

    public init(name: String, hash: KeyHash) {
        self.name = name
        self.hash = hash
    }
}

/// What a key may do beyond asking for numbers (`may`).
public enum KeyPermission: String, CaseIterable, Sendable {
    /// Make lists, and change and remove those that it sees.
    case lists
    /// Purge numbers that its accounts alone may see.
    case purge
    /// Purge all numbers, those of other accounts included.
    case purgeAll
    /// Read `/metrics`, which tells of all accounts.
    case metrics
}

/// Who is answered without a key where there are keys (`server.anonymous`).
public enum AnonymousCallers: String, CaseIterable, Sendable {
    case none
    /// Programs on this machine, as if there were no keys.
    case loopback
}
