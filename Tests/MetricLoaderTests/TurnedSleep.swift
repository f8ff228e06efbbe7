import MetricLoader
import Synchronization

/// Short sleeps last until the test ends them; long ones, which are deadlines, are real.
final class TurnedSleep: Sendable {
    private let sleepers = Mutex<[CheckedContinuation<Void, Never>]>([])

    var sleep: Pacing.Sleep {
        { milliseconds in
            if milliseconds >= 1000 { return try await Task.sleep(for: .milliseconds(milliseconds)) }
            await withCheckedContinuation { continuation in self.sleepers.withLock { $0.append(continuation) } }
        }
    }

    /// Returns when so many are asleep.
    func waitForSleepers(_ count: Int) async {
        await waitUntil("\(count) are asleep") { sleepers.withLock { $0.count } == count }
    }

    /// Wakes all who are asleep now.
    func turn() {
        let woken = sleepers.withLock { sleepers in
            defer { sleepers = [] }
            return sleepers
        }
        for sleeper in woken { sleeper.resume() }
    }
}
