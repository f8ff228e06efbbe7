import Dispatch
import Glibc

/// SIGTERM and SIGINT as something to wait for. A second one ends the process at once, for whoever cannot wait.
final class TerminationSignals {
    private let stream: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    /// From when this returns no signal is lost. Before, one ends the process, which has nothing to finish yet.
    init() {
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        self.stream = stream
        let registered = DispatchSemaphore(value: 0)
        sources = [SIGTERM, SIGINT].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.setRegistrationHandler { registered.signal() }
            source.resume()
            return source
        }
        for _ in sources { registered.wait() }
    }

    /// Returns at the first signal; from then on the next one has its default effect.
    func wait() async {
        for await _ in stream { break }
        for number in [SIGTERM, SIGINT] { _ = signal(number, SIG_DFL) }
    }
}
