internal import Engagement

/// The directives of a request's `Cache-Control` (RFC 9111 §5.2.1): how fresh its answer has to be.
internal struct CacheDirectives: Equatable, Sendable {
    var noCache = false
    var maxAge: Int?
    var minFresh: Int?
    /// Seconds, `.max` if the directive has none.
    var maxStale: Int?
    var onlyIfCached = false

    /// Reads a header. Directives that are not known, or whose seconds are none, are passed over. One that is there twice
    /// counts as the stricter of the two.
    init(_ header: String) {
        for directive in CacheDirectives.split(header) {
            let parts = directive.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0].lowercased()
            let seconds = parts.count > 1 ? CacheDirectives.seconds(parts[1]) : nil
            switch name {
            case "no-cache": noCache = true
            case "only-if-cached": onlyIfCached = true
            case "max-age": maxAge = [maxAge, seconds].compactMap(\.self).min()
            case "min-fresh": minFresh = [minFresh, seconds].compactMap(\.self).max()
            case "max-stale" where parts.count == 1: maxStale = maxStale ?? .max
            case "max-stale": maxStale = [maxStale, seconds].compactMap(\.self).min()
            default: continue
            }
        }
    }

    /// What is demanded.
    ///
    /// - Parameter mayCost: Whether directives are obeyed that can make numbers be fetched that would not be otherwise.
    func demand(mayCost: Bool) -> FreshnessDemand {
        var demand = FreshnessDemand(onlyIfCached: onlyIfCached)
        if mayCost {
            demand.maxAge = noCache ? 0 : maxAge
            demand.minFresh = minFresh ?? 0
            if demand.isCostly { demand.staleness = .onError }
        }
        // Whoever takes old numbers by word is not asking for new ones.
        if let maxStale, !noCache || !mayCost {
            demand.staleness = .accepted(seconds: maxStale == .max ? nil : maxStale)
        }
        return demand
    }

    /// Commas in quotation marks part nothing.
    private static func split(_ header: String) -> [String] {
        var directives = [""]
        var isQuoted = false
        for character in header {
            if character == "\"" { isQuoted.toggle() }
            if character == ",", !isQuoted {
                directives.append("")
            } else if isQuoted || (character != " " && character != "\t") {
                directives[directives.count - 1].append(character)
            }
        }
        return directives
    }

    /// Delta-seconds (RFC 9111 §1.2.2), also in quotation marks, as some send them; what is beyond 2^31 is 2^31.
    private static func seconds(_ text: Substring) -> Int? {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "\"") }
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let most = 1 << 31
        return digits.count > 10 ? most : min(Int(String(decoding: digits, as: UTF8.self)) ?? most, most)
    }
}

/// Whose directives are obeyed that cost calls: `no-cache`, `max-age` and `min-fresh` (`cache.obeyRequests`). Those that save
/// calls are everybody's.
public enum RequestObedience: String, CaseIterable, Sendable {
    /// Of all but browsers: these send `max-age=0` and `no-cache` of their own accord whenever a page is loaded again.
    case tools
    case everyone
    case nobody
}
