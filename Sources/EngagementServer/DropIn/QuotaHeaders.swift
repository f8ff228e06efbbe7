internal import Engagement
internal import EngagementAPI
internal import MetricLoader

/// What is known of the API's quota, as the headers that its clients pace themselves by (dossier §8): one of them takes a
/// missing header for "none left".
internal enum QuotaHeaders {
    /// The headers for a caller's pool; none as long as nothing is known. A pool that nobody has used yet is taken to be as
    /// large as the app's.
    static func headers(
        for caller: Caller,
        _ upstream: CredentialedUpstream,
        now: UnixTime
    ) -> [(name: String, value: String)] {
        let access: UpstreamAccess = caller.context == .user ? .account(caller.account) : .application
        guard let quota = upstream.quota(of: access, now: now) ?? upstream.quota(of: .application, now: now) else {
            return []
        }
        // In a minute in which we have not called the API has not said when the next one begins: by its clock, presumably.
        let resetAt = quota.resetAt ?? UnixTime(seconds: (now.seconds.floorDivided(by: 60) + 1) * 60)
        var headers: [(name: String, value: String)] = []
        if let limit = quota.limit { headers.append((name: "x-per-minute-limit", value: "\(limit)")) }
        if let remaining = quota.remaining { headers.append((name: "x-per-minute-remaining", value: "\(remaining)")) }
        headers.append((name: "x-per-minute-reset", value: "\(resetAt.seconds)"))
        return headers
    }
}
