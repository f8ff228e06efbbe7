public import Engagement
internal import Synchronization

/// Sends by another transport and appends every exchange to a file, as one JSON object a line (``RecordedLine``), so that
/// what the API said can be replayed without it.
///
/// The file is its owner's alone. No credentials are written, and calls of the token service not at all, since their answers
/// are secrets.
public final class RecordingTransport: HTTPTransport {
    private let transport: any HTTPTransport
    private let clock: TimeSource
    private let file: RecordingFile
    private let report: @Sendable (_ failure: RecordingError) -> Void
    /// Whether the latest write failed. The lock also keeps lines apart.
    private let isFailing = Mutex(false)

    /// Records what `transport` does in the file at `path`, which is made or appended to.
    ///
    /// - Parameter report: Told once when lines cannot be written, and again only after some could. Calls go on.
    /// - Throws: ``RecordingError`` if the file cannot be opened for writing.
    public init(
        _ transport: any HTTPTransport,
        path: String,
        clock: @escaping TimeSource,
        report: @escaping @Sendable (_ failure: RecordingError) -> Void
    ) throws(RecordingError) {
        self.transport = transport
        self.clock = clock
        self.report = report
        file = try RecordingFile(path: path)
    }

    public func send(
        _ request: TransportRequest,
        deadline: UnixTime
    ) async throws(TransportError) -> TransportResponse {
        do {
            let response = try await transport.send(request, deadline: deadline)
            record(request, .success(response))
            return response
        } catch {
            record(request, .failure(error))
            throw error
        }
    }

    private func record(_ request: TransportRequest, _ outcome: Result<TransportResponse, TransportError>) {
        guard let line = RecordedLine(request, outcome, at: clock())?.bytes else { return }
        isFailing.withLock { isFailing in
            do throws(RecordingError) {
                try file.append(line)
                isFailing = false
            } catch {
                if !isFailing { report(error) }
                isFailing = true
            }
        }
    }
}

/// Why a recording cannot be written.
public struct RecordingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// The system's words.
    public let reason: String

    public var description: String { "the recording \(path) cannot be written: \(reason)" }
}
