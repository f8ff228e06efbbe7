import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT as something to wait for. A second one ends the process at once, for whoever cannot wait.
final class TerminationSignals {
    private let stream: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    /// From when this returns no signal is lost. Before, one ends the process, which has nothing to finish yet.
    init() {
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        self.stream = stream
        let registered = DispatchSemaphore(value: 0)
        let isFirst = SharedFlag()
        sources = [SIGTERM, SIGINT].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if isFirst.take() { continuation.yield(number) } else { TerminationSignals.end(by: number) }
            }
            source.setRegistrationHandler { registered.signal() }
            source.resume()
            return source
        }
        for _ in sources { registered.wait() }
    }

    /// Returns the first signal.
    @discardableResult
    func wait() async -> Int32 {
        for await number in stream { return number }
        return SIGTERM
    }

    /// What the signal does by default. Dispatch blocks the signals of its sources in threads that they reach, so one that is
    /// merely no longer caught might wait for ever.
    private static func end(by number: Int32) {
        _ = signal(number, SIG_DFL)
        var signals = sigset_t()
        _ = unsafe sigemptyset(&signals)
        _ = unsafe sigaddset(&signals, number)
        _ = unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        _ = raise(number)
    }
}

/// Something that only the first one gets.
private final class SharedFlag: Sendable {
    private let isTaken = Atomic(false)

    func take() -> Bool { !isTaken.exchange(true, ordering: .relaxed) }
}
