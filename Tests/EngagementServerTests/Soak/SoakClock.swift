import Engagement
import Foundation
import Synchronization
import TestSupport

/// The clock of server and sandbox: it goes with real time, or stands still, and is set forwards and back.
final class SoakClock: Sendable {
    private let clock: ManualClock
    private let state: Mutex<State>

    private struct State {
        var latest: Int64
        var hasBeenSetBack = false
        var isGoing = false
        var steps: [(at: ContinuousClock.Instant, seconds: Int64)] = []
    }

    /// The clock is set back by no more than this, seconds.
    static let longestStepBack: Int64 = 45

    init(_ clock: ManualClock) {
        self.clock = clock
        state = Mutex(State(latest: clock.milliseconds))
    }

    var now: UnixTime { UnixTime(milliseconds: clock.milliseconds) }

    /// The latest that it has ever shown.
    var latest: UnixTime { state.withLock { UnixTime(milliseconds: $0.latest) } }

    /// How much later the stamp of a number may be than the number: two steps back may befall one call.
    var setBackSeconds: Int64 { state.withLock { $0.hasBeenSetBack ? 2 * SoakClock.longestStepBack : 0 } }

    /// How far it has been set forwards since a moment: by so much a number can be older by the clock than it is.
    func stepSeconds(since moment: ContinuousClock.Instant) -> Int64 {
        state.withLock { state in state.steps.reduce(0) { $0 + ($1.at > moment ? max(0, $1.seconds) : 0) } }
    }

    /// Sets it forwards or back.
    func advance(seconds: Int64) {
        state.withLock { $0.steps.append((.now, seconds)) }
        advance(milliseconds: seconds * 1000)
    }

    /// Lets it go with real time until ``stop()``.
    func start() {
        state.withLock { $0.isGoing = true }
        Thread.detachNewThread { [self] in
            var last = ContinuousClock.now
            while state.withLock({ $0.isGoing }) {
                Thread.sleep(forTimeInterval: 0.002)
                let now = ContinuousClock.now
                let milliseconds = (now - last) / Duration.milliseconds(1)
                last = last.advanced(by: .milliseconds(Int64(milliseconds)))
                advance(milliseconds: Int64(milliseconds))
            }
        }
    }

    func stop() { state.withLock { $0.isGoing = false } }

    /// The bound is raised before the clock is: whoever sees the new time finds it covered.
    private func advance(milliseconds: Int64) {
        state.withLock { state in
            state.latest = max(state.latest, clock.milliseconds + milliseconds)
            if milliseconds < 0 { state.hasBeenSetBack = true }
            clock.advance(milliseconds: milliseconds)
        }
    }
}
