/// When and how evenly the calls of a round are sent, as parameters for tests.
public struct RefreshPacing: Sendable {
    public var sleep: Pacing.Sleep
    /// A number from 0 to 1, another one each time: so that several servers do not keep step.
    public var jitter: @Sendable () -> Double
    /// How often to look at the clock, which may be set, while nothing is due or there is no quota.
    public var lookMilliseconds: Int64

    public init(
        sleep: @escaping Pacing.Sleep = { try await Task.sleep(for: .milliseconds($0)) },
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        lookMilliseconds: Int64 = 5000
    ) {
        self.sleep = sleep
        self.jitter = jitter
        self.lookMilliseconds = lookMilliseconds
    }
}

/// What refreshing has done so far.
public struct RefreshStatistics: Equatable, Sendable {
    /// Rounds that have ended.
    public var rounds = 0
    /// Calls that were sent, without those of others that were joined.
    public var calls = 0

    public init() {}
}
