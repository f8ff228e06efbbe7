import Logging
import Synchronization

/// Everything that a server has logged, at every level, as text.
final class LogMemory: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    /// A logger that writes here.
    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(memory: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let memory: LogMemory
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        func log(event: LogEvent) {
            let metadata = self.metadata.merging(event.metadata ?? [:]) { _, latest in latest }
            memory.lines.withLock { $0.append("\(event.level) \(event.message) \(metadata)") }
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
    }
}
