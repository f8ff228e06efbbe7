internal import Engagement
internal import MetricCache

/// A purge as the shared journal has it.
internal struct PurgeEntry: Equatable, Sendable {
    let selection: PurgeSelection
    let kind: PurgeKind
    private let tweets: Set<TweetID>?

    /// Tweets of one entry; a purge of more becomes several.
    private static let mostTweets = 5000
    /// Longer than any entry.
    static let maximumBytes = 256 << 10

    init(_ selection: PurgeSelection, _ kind: PurgeKind) {
        self.selection = selection
        self.kind = kind
        tweets = selection.tweets.map(Set.init)
    }

    /// The entries of a purge.
    static func entries(_ selection: PurgeSelection, _ kind: PurgeKind) -> [PurgeEntry] {
        guard let tweets = selection.tweets, tweets.count > mostTweets else { return [PurgeEntry(selection, kind)] }
        return stride(from: 0, to: tweets.count, by: mostTweets).map { start in
            var part = selection
            part.tweets = Array(tweets[start..<min(start + mostTweets, tweets.count)])
            return PurgeEntry(part, kind)
        }
    }

    func matches(_ name: RecordName) -> Bool {
        if let account = selection.account, name.scope != .account(account) { return false }
        if let family = selection.family, (name.day == nil) != (family == .totals) { return false }
        return tweets?.contains(name.tweet) ?? true
    }
}

/// The text of an entry: `<kind> <family> <account> <Tweets>`, the last three `*` if they are not given, the account
/// percent-encoded, the Tweets with commas between them.
extension PurgeEntry {
    var text: String {
        [
            kind.rawValue,
            selection.family.map { $0 == .totals ? "totals" : "series" } ?? "*",
            selection.account.map { SharedKeys.escaped($0.rawValue) } ?? "*",
            selection.tweets.map { $0.map(\.description).joined(separator: ",") } ?? "*",
        ].joined(separator: " ")
    }

    /// Reads a text. Of one that this version does not understand in full, more is purged than was meant, never less.
    init(text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 4 else {
            self.init(.everything, .hard)
            return
        }
        var selection = PurgeSelection()
        selection.family = parts[1] == "totals" ? .totals : parts[1] == "series" ? .series : nil
        selection.account = parts[2] == "*" ? nil : SharedKeys.unescaped(parts[2]).map { AccountName($0) }
        let tweets = parts[3].split(separator: ",", omittingEmptySubsequences: false).map { TweetID($0) }
        if !tweets.contains(nil) { selection.tweets = tweets.compactMap(\.self) }
        self.init(selection, PurgeKind(rawValue: String(parts[0])) ?? .hard)
    }
}
