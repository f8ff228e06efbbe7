internal import Bytes
internal import CMicroHTTPD

/// Feeds a stream's parts to libmicrohttpd, which asks for bytes whenever the socket can take some. Only the worker of
/// its connection touches it.
@safe
internal final class StreamPump {
    /// How many bytes libmicrohttpd asks for at a time if its memory allows.
    static let blockSize = 32 * 1024

    /// How many bytes were declared.
    var length: Int? { stream.length }

    private let stream: HTTPBodyStream
    private let connection: ConnectionReference
    private let suspensions: Suspensions

    private var part: ByteString?
    private var sent = 0
    private var waiting: Suspension<HTTPBodyStream.Part>?

    init(_ stream: HTTPBodyStream, on connection: ConnectionReference, suspensions: Suspensions) {
        self.stream = stream
        self.connection = connection
        self.suspensions = suspensions
    }

    /// Copies what is there into `room` and returns how much it was. With nothing there it suspends the connection,
    /// asks for the next part, and returns 0: libmicrohttpd asks again when the connection is resumed.
    func read(into room: UnsafeMutableRawBufferPointer) -> Int {
        if let suspension = waiting {
            guard let next = suspensions.take(from: suspension) else { return 0 }
            waiting = nil
            switch next {
            case .bytes(let bytes):
                part = bytes
                sent = 0
            case .end: return engageql_mhd_end_of_stream
            case .abort: return engageql_mhd_end_with_error
            case .reset:
                connection.reset()
                return engageql_mhd_end_with_error
            }
        }
        if let part, sent < part.count {
            let count = min(room.count, part.count - sent)
            unsafe part.withUnsafeBytes { bytes in
                unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[sent..<sent + count]))
            }
            sent += count
            return count
        }
        part = nil
        guard let suspension = suspensions.suspend(connection, fallback: HTTPBodyStream.Part.abort) else {
            return engageql_mhd_end_with_error
        }
        waiting = suspension
        suspension.start(stream.next)
        return 0
    }
}
