internal import Engagement

/// Where a page begins, as `$skiptoken` carries it. To clients it is a word without a meaning.
internal struct ODataCursor: Equatable, Sendable {
    /// The first row, counted before what is left of the condition is decided.
    var offset: Int
    /// When the first page was asked for, in whole seconds: all pages are of the same hours.
    let asked: UnixTime
    /// The lists of the first page.
    let fingerprint: UInt64
    /// How many rows earlier pages have shown.
    var shown = 0
    /// How many rows that fit have been passed over for `$skip`.
    var skipped = 0

    /// For how long one holds.
    private static let seconds: Int64 = 86_400

    var text: String {
        "\(offset)-\(asked.seconds)-\(String(fingerprint, radix: 16))-\(shown)-\(skipped)"
    }

    init(asked: UnixTime, fingerprint: UInt64) {
        offset = 0
        self.asked = asked
        self.fingerprint = fingerprint
    }

    /// - Throws: ``ODataError``: 400 for what is no token, 410 for one that is too old.
    init(_ text: String, now: UnixTime) throws(ODataError) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let malformed = ODataError.malformed(
            "$skiptoken",
            "$skiptoken is taken from @odata.nextLink, and is not changed."
        )
        guard parts.count == 5, let seconds = Int64(parts[1]), let fingerprint = UInt64(parts[2], radix: 16),
            seconds <= now.seconds
        else { throw malformed }
        let numbers = [parts[0], parts[3], parts[4]].compactMap { Int($0) }
        guard numbers.count == 3, numbers.allSatisfy({ (0...1_000_000_000_000).contains($0) }) else { throw malformed }
        guard seconds > now.seconds - ODataCursor.seconds else {
            throw ODataError(410, "Gone", "The page is of a table that was begun more than a day ago: begin again.")
        }
        offset = numbers[0]
        asked = UnixTime(seconds: seconds)
        self.fingerprint = fingerprint
        shown = numbers[1]
        skipped = numbers[2]
    }
}
