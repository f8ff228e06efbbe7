public import Engagement

/// A call that the sandbox has received, and what became of it.
public struct RecordedCall: Equatable, Sendable {
    /// Counted from 1 since the start or the last time the log was emptied.
    public var number: Int
    public var time: UnixTime
    /// Nil if the path is none of the API's.
    public var endpoint: Endpoint?
    public var path: String
    /// Empty if the body was never read, because something else was wrong first.
    public var tweets: [TweetID] = []
    public var types: [EngagementType] = []
    public var groupings: [GroupingRequest] = []
    /// The hours of a time series.
    public var window: HourWindow?
    public var authentication = AuthenticationKind.none
    /// The account whose tokens signed.
    public var account: AccountName?
    public var status = 0
    /// The fault that befell it.
    public var fault: Fault?
    /// The strings of `errors`, if it was refused.
    public var errors: [String] = []
    /// What was wrong in more detail than the client was told, such as the expected signature base string.
    public var explanation: String?

    init(time: UnixTime, endpoint: Endpoint?, path: String) {
        number = 0
        self.time = time
        self.endpoint = endpoint
        self.path = path
    }
}

/// The latest calls, and counts of all.
struct CallLog {
    private(set) var calls: [RecordedCall] = []
    private(set) var total = 0
    private(set) var byStatus: [Int: Int] = [:]
    private(set) var byEndpoint: [Endpoint: Int] = [:]
    /// Tweets asked for, each call's counted anew.
    private(set) var tweets = 0

    /// Calls of the token service, which are counted and not kept: they carry the app's secrets.
    private(set) var tokenCalls = 0

    mutating func countTokenCall() { tokenCalls += 1 }

    /// How many calls are kept. When there are more, the older half is let go.
    private static let capacity = 10_000

    mutating func record(_ call: RecordedCall) {
        if calls.count >= CallLog.capacity { calls.removeFirst(CallLog.capacity / 2) }
        total += 1
        byStatus[call.status, default: 0] += 1
        if let endpoint = call.endpoint { byEndpoint[endpoint, default: 0] += 1 }
        tweets += call.tweets.count
        var call = call
        call.number = total
        calls.append(call)
    }
}
