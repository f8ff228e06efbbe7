internal import Foundation
internal import JSON
internal import Settings

/// A recording that answers: for each request, the exchanges of the same path and the same JSON, one after the other and the
/// last one again and again. What a client gave up by itself is passed over.
struct ReplayedExchanges {
    /// The exchanges of each kind of request that are still to come; the last one stays.
    private var queues: [Key: Queue] = [:]

    private struct Queue {
        var exchanges: [RecordedExchange]
        var next = 0
    }

    /// What makes two requests the same.
    private struct Key: Hashable {
        let path: String
        let request: [UInt8]
    }

    /// The largest recording that is read; it is held in memory.
    private static let maximumBytes = 256 * 1024 * 1024

    /// Reads a recording.
    ///
    /// - Throws: ``SettingsError`` with the file, and the line if one of them cannot be read.
    init(path: String) throws(SettingsError) {
        let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
        guard size <= ReplayedExchanges.maximumBytes else {
            let reason = "is larger than \(ReplayedExchanges.maximumBytes) bytes: split it"
            throw SettingsError(source: path, line: nil, key: "", reason: reason)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SettingsError(source: path, line: nil, key: "", reason: "cannot be read")
        }
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            // White space alone is what a text editor leaves behind.
            guard line.contains(where: { $0 > UInt8(ascii: " ") }) else { continue }
            do throws(RecordingError) {
                add(try RecordedExchange(line: [UInt8](line)))
            } catch {
                throw SettingsError(source: path, line: index + 1, key: "", reason: "the line \(error)")
            }
        }
    }

    private mutating func add(_ exchange: RecordedExchange) {
        if exchange.isAbandoned { return }
        let key = ReplayedExchanges.key(exchange.path, exchange.request)
        queues[key, default: Queue(exchanges: [])].exchanges.append(exchange)
    }

    /// The answer to a request, or nil if none was recorded.
    mutating func answer(to request: SandboxRequest) -> RecordedExchange? {
        let key = ReplayedExchanges.key(request.path, RecordedExchange.request(request.body))
        guard let queue = queues[key] else { return nil }
        queues[key]?.next = min(queue.next + 1, queue.exchanges.count - 1)
        return queue.exchanges[queue.next]
    }

    private static func key(_ path: String, _ request: JSONValue) -> Key {
        Key(path: path, request: request.canonical(sortingTweets: true).bytes)
    }
}

extension JSONValue {
    /// The same value for the same meaning: the members of objects in order, and the Tweets of a call in order.
    fileprivate func canonical(sortingTweets: Bool = false) -> JSONValue {
        switch self {
        case .object(let members):
            return .object(
                members.sorted { $0.name < $1.name }.map { member in
                    let value = member.value.canonical()
                    guard sortingTweets, member.name == "tweet_ids", let tweets = value.array else {
                        return .init(member.name, value)
                    }
                    let sorted = tweets.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
                    return .init(member.name, .array(sorted))
                }
            )
        case .array(let elements): return .array(elements.map { $0.canonical() })
        default: return self
        }
    }
}
