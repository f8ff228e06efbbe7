internal import Synchronization

/// A value that several tasks wait for, each as long as it can: one that gives up, or is cancelled, takes nothing away from
/// the others.
internal final class Promise<Value: Sendable>: Sendable {
    private struct Waiter {
        let continuation: CheckedContinuation<Value?, Never>
        var timer: Task<Void, Never>?
    }

    private struct State {
        var value: Value?
        var waiters: [Int: Waiter] = [:]
        var nextNumber = 0
    }

    private let state = Mutex(State())

    /// Gives the value to all who wait and all who will ask. Only the first value counts.
    func fulfil(_ value: Value) {
        let waiters = state.withLock { state in
            guard state.value == nil else { return [Waiter]() }
            state.value = value
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters {
            waiter.timer?.cancel()
            waiter.continuation.resume(returning: value)
        }
    }

    /// The value, or nil if it does not come within so many milliseconds.
    func value(within milliseconds: Int64, sleep: @escaping Pacing.Sleep) async -> Value? {
        await withCheckedContinuation { continuation in
            let (value, number) = state.withLock { state in
                state.nextNumber += 1
                if state.value == nil, milliseconds > 0 {
                    state.waiters[state.nextNumber] = Waiter(continuation: continuation)
                }
                return (state.value, state.nextNumber)
            }
            if value != nil || milliseconds <= 0 {
                continuation.resume(returning: value)
            } else {
                startTimer(number, milliseconds, sleep)
            }
        }
    }

    private func startTimer(_ number: Int, _ milliseconds: Int64, _ sleep: @escaping Pacing.Sleep) {
        let timer = Task {
            guard (try? await sleep(milliseconds)) != nil else { return }
            let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
            waiter?.continuation.resume(returning: nil)
        }
        let isWaiting = state.withLock { state in
            state.waiters[number]?.timer = timer
            return state.waiters[number] != nil
        }
        if !isWaiting { timer.cancel() }
    }
}
