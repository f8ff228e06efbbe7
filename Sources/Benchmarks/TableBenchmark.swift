import Engagement
import EngagementSandbox
import Glibc

/// `make bench-table`: a table of a million rows, from nothing in the cache to its last line.
///
/// Server, sandbox and client are one process, whose memory is all that is measured: that of the server is less.
struct TableBenchmark {
    /// What a server with this promise may take at most.
    static let maximumMebibytes = 200.0

    private static let tweets = 1500
    private static let hours = 672
    private static let rows = tweets * hours

    /// The time to the first byte and to the last one, and how many lines there were.
    private struct Reading {
        var firstByte = 0.0
        var lastByte = 0.0
        var lines = 0
    }

    /// Asks twice, first without and then with the numbers in the cache, and prints what it took.
    ///
    /// - Throws: ``BenchmarkError`` if rows are missing or there was more memory than promised.
    func run() async throws {
        let server = try BenchmarkServer(remembersResponses: true)
        do {
            for title in ["from upstream", "from the cache"] {
                let reading = try TableBenchmark.read(from: server.port)
                print(
                    "\(TableBenchmark.rows) rows \(title): first byte after \(reading.firstByte) s, last \(reading.lastByte) s"
                )
                guard reading.lines == TableBenchmark.rows + 1 else {
                    throw BenchmarkError("\(reading.lines) lines came")
                }
            }
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
        let memory = ProcessMemory.now().highWaterMark
        print("at most \(memory) MiB resident")
        guard memory < TableBenchmark.maximumMebibytes else {
            throw BenchmarkError("more than \(TableBenchmark.maximumMebibytes) MiB")
        }
    }

    private static func read(from port: UInt16) throws -> Reading {
        let descriptor = try LoopbackSocket.connect(to: port)
        defer { _ = close(descriptor) }
        let start = ContinuousClock.now
        let request = request()
        guard unsafe send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw BenchmarkError("the request cannot be sent")
        }
        var reading = Reading()
        var isBody = false
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { break }
            var bytes = piece[..<count]
            if !isBody {
                // The header comes in one piece.
                guard bytes.starts(with: "HTTP/1.1 200".utf8), let end = bytes.firstRange(of: "\r\n\r\n".utf8) else {
                    throw BenchmarkError("no table: \(String(decoding: bytes, as: UTF8.self))")
                }
                isBody = true
                bytes = bytes[end.upperBound...]
                reading.firstByte = (ContinuousClock.now - start) / .seconds(1)
            }
            reading.lines += bytes.count { $0 == UInt8(ascii: "\n") }
        }
        reading.lastByte = (ContinuousClock.now - start) / .seconds(1)
        return reading
    }

    /// By HTTP/1.0, so that no chunks stand among the lines.
    private static func request() -> [UInt8] {
        let now = UnixTime.now()
        let ids = (0..<tweets).map { place in
            let posted = now.advanced(bySeconds: -86_400 * 60)
            return "\"\(SandboxWorld.tweetID(postedAt: posted, sequence: UInt64(place)))\""
        }
        let query =
            "query Big($ids: [ID!]!) { historical(tweetIds: $ids, groupBy: [TWEET, HOUR]) "
            + "{ tweetId start impressions engagements urlClicks } }"
        let body = "{\"query\":\"\(query)\",\"variables\":{\"ids\":[\(ids.joined(separator: ","))]}}"
        let head = [
            "POST /graphql HTTP/1.0", "Host: localhost", "Accept: text/csv", "Content-Type: application/json",
            "Content-Length: \(body.utf8.count)",
        ]
        return Array((head.map { "\($0)\r\n" }.joined() + "\r\n" + body).utf8)
    }
}
