internal import Engagement

/// The header `Cache-Control` of a response (RFC 9111 §5.2.2, RFC 5861 §3).
internal enum CacheControl {
    /// For whatever may be otherwise a moment later: errors, refusals, numbers that upstream failed to give.
    static let noStore = (name: "Cache-Control", value: "no-store")

    /// `max-age` is the rest of the life of the first number to go stale, counted from now. It is never reduced by an `Age`
    /// of ours, because there is none: many caches overlook that header, and would keep what they may not.
    ///
    /// `stale-while-revalidate` is said even if it is 0, since some caches have a default of their own.
    static func value(of life: AnswerLife, isPrivate: Bool, now: UnixTime) -> String {
        guard life.isRepeatable else { return "no-store" }
        let scope = isPrivate || !life.isPublic ? "private" : "public"
        let seconds = life.timeToLive(now)
        // Past its time: it may be kept, but not used before we have been asked whether it still holds.
        // Where a list may change meanwhile, the same.
        guard life.isFresh, seconds >= 0, !life.isChangeable else { return "\(scope), no-cache" }
        let control = "\(scope), max-age=\(seconds), stale-while-revalidate=\(life.staleSeconds)"
        return life.mustRevalidate ? control + ", must-revalidate" : control
    }
}
