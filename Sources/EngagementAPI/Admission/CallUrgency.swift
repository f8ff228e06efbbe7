/// How urgent a call is. When a quota runs low, the less urgent calls stop first.
public enum CallUrgency: Int, Comparable, CaseIterable, Sendable {
    /// Nobody waits for it: a refresh ahead of time.
    case background
    /// Somebody waits, but for many numbers: a file, a report.
    case export
    /// Somebody waits for a page.
    case interactive

    public static func < (left: CallUrgency, right: CallUrgency) -> Bool { left.rawValue < right.rawValue }
}
