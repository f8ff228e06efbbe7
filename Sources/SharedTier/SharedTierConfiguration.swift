public import Engagement
public import EngagementAPI
public import MetricCache

/// Where a ``SharedTier`` is and what its nodes agree on.
public struct SharedTierConfiguration: Sendable {
    public var url: RedisURL
    /// How long a miss may be held up by asking the tier. A tier that takes longer counts as down for a while.
    public var timeoutMilliseconds: Int
    /// How long a node that fetches a record is waited for; it gives the lease back earlier when it has published. Should be
    /// longer than a call takes, attempts included: when a lease runs out before its call has landed, another node calls too.
    public var leaseMilliseconds: Int
    /// How often a node that asks nothing looks whether another one has purged.
    public var purgePollMilliseconds: Int
    /// What the names of all keys begin with: nodes with the same prefix share. Letters, digits, `-`, `_`, `.` and `:`.
    public var prefix: String
    /// What the numbers come from, such as the address of the API: part of every key, so that numbers of different sources
    /// never meet.
    public var source: String
    /// The accounts whose private numbers this node may read and write; all others' are refused, whoever asks.
    public var accounts: Set<AccountName>
    /// Makes what other writers put there unacceptable, if all nodes have the same; nil accepts whatever makes sense.
    public var secret: Secret?
    /// How long cells live, which is how long their records are kept.
    public var timeToLive: TimeToLive

    public init(
        url: RedisURL,
        timeoutMilliseconds: Int = 50,
        leaseMilliseconds: Int = 10_000,
        purgePollMilliseconds: Int = 1000,
        prefix: String = "engageql",
        source: String = "",
        accounts: Set<AccountName> = [],
        secret: Secret? = nil,
        timeToLive: TimeToLive = TimeToLive()
    ) {
        self.url = url
        self.timeoutMilliseconds = timeoutMilliseconds
        self.leaseMilliseconds = leaseMilliseconds
        self.purgePollMilliseconds = purgePollMilliseconds
        self.prefix = prefix
        self.source = source
        self.accounts = accounts
        self.secret = secret
        self.timeToLive = timeToLive
    }

    /// Whether keys may begin with `prefix`.
    public static func isUsable(prefix: String) -> Bool {
        (1...100).contains(prefix.utf8.count)
            && prefix.utf8.allSatisfy { SharedKeys.isPlain($0) || $0 == UInt8(ascii: ":") }
    }
}

/// What happens to a tier that an operator should know.
public enum SharedTierEvent: Equatable, Sendable {
    /// It is asked from now on: at the start, and whenever it is there again.
    case joined
    /// It is not asked for now; the node goes on alone.
    case down(reason: String)
    /// It is there, but refuses what it is asked to do. Reported once until it has done something again.
    case refused(reason: String)
}

extension SharedTierEvent: CustomStringConvertible {
    public var description: String {
        switch self {
        case .joined: "the shared tier is in use"
        case .down(let reason): "the shared tier is down, this node goes on alone: \(reason)"
        case .refused(let reason): "the shared tier refused a command: \(reason)"
        }
    }
}

/// What a tier did since it was made.
public struct SharedTierStatistics: Equatable, Sendable {
    /// Whether it is asked now.
    public var isUp = false
    /// Records that were found there and taken in.
    public var hits = 0
    /// Records that were not there.
    public var misses = 0
    /// Values that were found and not believed.
    public var malformed = 0
    /// Questions without an answer, and writes that were given up or refused.
    public var errors = 0
    /// Records that were published.
    public var published = 0
    /// Leases that were taken, and those that another node had.
    public var leases = 0
    public var leasesHeldElsewhere = 0
    /// Purges that were gone along with, this node's own among them.
    public var purges = 0
    /// Calls that were put off, since the nodes together had used up the quota of the minute.
    public var callsPutOff = 0

    public init() {}
}
