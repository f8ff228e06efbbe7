internal import Engagement

/// A part of a table: so many rows from one on, and the moment that the first page was asked at, so that all pages are of the
/// same hours.
internal struct RowPage: Hashable, Sendable {
    /// At most so many rows.
    let limit: Int
    let cursor: RowCursor?

    static let names = ["limit", "cursor"]
    static let maximumLimit = 10_000

    /// Which row is the first, counted from 0.
    var offset: Int { cursor?.offset ?? 0 }

    /// Nil if the request wants all rows.
    ///
    /// - Throws: ``MalformedRequest`` for a limit or a cursor that is none.
    init?(_ items: [(name: String, value: String)], now: UnixTime) throws(MalformedRequest) {
        for name in RowPage.names where items.count(where: { $0.name == name }) > 1 {
            throw MalformedRequest("The parameter \"\(name)\" is given more than once.")
        }
        let limit = items.first { $0.name == "limit" && !$0.value.isEmpty }?.value
        let cursor = items.first { $0.name == "cursor" && !$0.value.isEmpty }?.value
        guard let limit else {
            if cursor != nil { throw MalformedRequest("The parameter \"cursor\" goes with \"limit\".") }
            return nil
        }
        guard let count = Int(limit), (1...RowPage.maximumLimit).contains(count) else {
            throw MalformedRequest("The parameter \"limit\" is a number from 1 to \(RowPage.maximumLimit).")
        }
        self.limit = count
        self.cursor = try cursor.map { (text) throws(MalformedRequest) in try RowCursor(text, now: now) }
    }
}

/// Where a page begins. To clients it is a word without a meaning.
internal struct RowCursor: Hashable, Sendable {
    let offset: Int
    /// When the first page was asked for, in whole seconds.
    let asked: UnixTime

    var text: String { "\(offset)-\(asked.seconds)" }

    /// For how long one holds: what moves with the clock is counted from the moment of the first page.
    private static let seconds: Int64 = 86_400

    init(offset: Int, asked: UnixTime) {
        self.offset = offset
        self.asked = asked
    }

    init(_ text: String, now: UnixTime) throws(MalformedRequest) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let offset = Int32(parts[0]), offset >= 0, let seconds = Int64(parts[1]),
            seconds <= now.seconds, seconds > now.seconds - RowCursor.seconds
        else {
            throw MalformedRequest(
                "The cursor is none, or older than a day: follow Link: rel=next from the first page on."
            )
        }
        self.offset = Int(offset)
        asked = UnixTime(seconds: seconds)
    }
}
