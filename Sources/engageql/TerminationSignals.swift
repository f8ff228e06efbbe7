import Dispatch
import Glibc

/// SIGTERM and SIGINT as something to wait for. A second one ends the process at once, for whoever cannot wait.
final class TerminationSignals {
    private let stream: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        self.stream = stream
        sources = [SIGTERM, SIGINT].map { number in
            // The default action would end the process before the source sees the signal.
            _ = signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
    }

    /// Returns at the first signal; from then on the next one has its default effect.
    func wait() async {
        for await _ in stream { break }
        for number in [SIGTERM, SIGINT] { _ = signal(number, SIG_DFL) }
    }
}
