internal import Synchronization

/// Short sleeps last until the test ends them; long ones, which are deadlines, are longer than any test.
public final class TurnedSleep: Sendable {
    private let sleepers = Mutex<[CheckedContinuation<Void, Never>]>([])

    public init() {}

    /// To be handed to whoever sleeps.
    public var sleep: @Sendable (_ milliseconds: Int64) async throws -> Void {
        { milliseconds in
            if milliseconds >= 1000 { return try await Task.sleep(for: .seconds(3600)) }
            await withCheckedContinuation { continuation in self.sleepers.withLock { $0.append(continuation) } }
        }
    }

    /// How many are asleep.
    public var count: Int { sleepers.withLock { $0.count } }

    /// Wakes all who are asleep now.
    public func turn() {
        let woken = sleepers.withLock { sleepers in
            defer { sleepers = [] }
            return sleepers
        }
        for sleeper in woken { sleeper.resume() }
    }
}
