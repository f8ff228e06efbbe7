internal import Engagement

/// Whoever shows a certain key: what he may see and do, and how much of it is left.
internal final class KeyHolder: Sendable {
    /// Where it stands among the keys.
    let place: Int
    let configuration: KeyConfiguration
    let viewer: Viewer
    /// Nil for no limit.
    private let rate: RateLimit?
    /// Of calls upstream; nil for no limit.
    let budget: CallBudget?

    init(_ configuration: KeyConfiguration, place: Int) {
        self.place = place
        self.configuration = configuration
        viewer = Viewer(configuration)
        rate = configuration.requestsPerMinute.map(RateLimit.init(perMinute:))
        budget = configuration.callsPerDay.map(CallBudget.init(perDay:))
    }

    func may(_ permission: KeyPermission) -> Bool { configuration.permissions.contains(permission) }

    /// Lets one request in.
    ///
    /// - Throws: ``AccessRefusal``, if the key holds no longer, or has made too many.
    func admit(now: UnixTime) throws(AccessRefusal) {
        if let expires = configuration.expires, now >= expires { throw .expired(expires) }
        if let seconds = rate?.take(now: now) { throw .rateLimited(seconds: seconds) }
    }
}

/// All keys of the configuration.
internal struct KeyRing: Sendable {
    let holders: [KeyHolder]
    private let places: [KeyHash: Int]

    init(_ keys: [KeyConfiguration]) {
        holders = keys.enumerated().map { KeyHolder($1, place: $0) }
        places = Dictionary(keys.enumerated().map { ($1.hash, $0) }) { first, _ in first }
    }

    var isEmpty: Bool { holders.isEmpty }

    /// Whose key it is; nil if it is not known.
    func holder(of hash: KeyHash) -> KeyHolder? { places[hash].map { holders[$0] } }
}
