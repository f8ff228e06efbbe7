internal import Engagement

/// Times as seen from now, for URLs that are kept: `now`, `today`, `-7d`, `-24h`, `-2w`, `today-7d`. Days are those of UTC.
internal enum RelativeTime {
    /// Nil for a text that is no such time.
    static func time(_ text: String, now: UnixTime) -> UnixTime? {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let start: UnixTime
        switch parts[0] {
        case "now": start = UnixTime(seconds: now.seconds)
        case "": start = UnixTime(seconds: now.seconds)
        case "today": start = now.flooredHour.day.start
        default: return nil
        }
        guard parts.count == 2 else { return text.isEmpty ? nil : start }
        guard let unit = parts[1].last, let seconds = seconds[unit],
            let count = Int64(parts[1].dropLast()), (0...1_000_000).contains(count), parts[1].first != "+"
        else { return nil }
        return start.advanced(bySeconds: -count * seconds)
    }

    private static let seconds: [Character: Int64] = ["h": 3600, "d": 86_400, "w": 604_800]
}
