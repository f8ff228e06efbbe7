/// How long gaps wait for company before a call is made for them, and for the quota when there is none.
public struct Pacing: Sendable {
    /// Suspends for so many milliseconds; throws if the task is cancelled.
    public typealias Sleep = @Sendable (_ milliseconds: Int64) async throws -> Void

    /// A call departs when nobody has joined for so long. 0 lets every operation's calls go at once.
    public var quietMilliseconds: Int64
    /// … and after so long even if others keep coming.
    public var longestMilliseconds: Int64
    /// How often those that wait for the quota look whether there is some again, besides when it is due: clocks are set.
    public var lookMilliseconds: Int64
    /// How long a refresh that nobody waits for may wait for the quota.
    public var refreshSeconds: Int64
    /// How long a call may take from its departure, attempts and waits between them included.
    public var callSeconds: Int64
    public var sleep: Sleep
    /// Milliseconds of a clock that nobody sets, from any beginning: no request waits longer because the time of day was set
    /// back.
    public var uptime: @Sendable () -> Int64

    public init(
        quietMilliseconds: Int64 = 8,
        longestMilliseconds: Int64 = 64,
        lookMilliseconds: Int64 = 500,
        refreshSeconds: Int64 = 900,
        callSeconds: Int64 = 20,
        sleep: @escaping Sleep = { try await Task.sleep(for: .milliseconds($0)) },
        uptime: @escaping @Sendable () -> Int64 = Pacing.systemUptime
    ) {
        self.quietMilliseconds = quietMilliseconds
        self.longestMilliseconds = longestMilliseconds
        self.lookMilliseconds = lookMilliseconds
        self.refreshSeconds = refreshSeconds
        self.callSeconds = callSeconds
        self.sleep = sleep
        self.uptime = uptime
    }

    /// Milliseconds since the first use.
    public static func systemUptime() -> Int64 {
        let seconds = ContinuousClock.now - beginning
        return Int64(seconds / .milliseconds(1))
    }

    private static let beginning = ContinuousClock.now

    /// The waits for company when so much of the quota is used up, 0 to 1: the scarcer calls are, the fuller they go.
    internal func gathering(pressure: Double) -> (quiet: Int64, longest: Int64) {
        let factor: Int64 =
            switch pressure {
            case ..<0.5: 1
            case ..<0.75: 2
            case ..<0.9: 4
            default: 8
            }
        return (quietMilliseconds * factor, longestMilliseconds * factor)
    }
}
