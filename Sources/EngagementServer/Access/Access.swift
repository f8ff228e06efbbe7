internal import Engagement
internal import MicroHTTP

/// Who is let in, and as whom: the one place where that is decided, before anything else looks at a request.
///
/// Without keys in the configuration everybody is who runs the server, since the server listens on loopback only; but he has to come
/// by a name of this machine (``HostRule``).
internal struct Access: Sendable {
    let keys: KeyRing
    let anonymous: AnonymousCallers
    let hosts: HostRule
    let clock: TimeSource
    let observer: Observer

    /// Whom a request is from.
    enum Caller {
        /// Whoever runs the server.
        case owner
        case holder(KeyHolder)
    }

    init(_ configuration: ServerConfiguration, clock: @escaping TimeSource, observer: Observer) {
        keys = KeyRing(configuration.keys)
        anonymous = configuration.anonymous
        hosts = HostRule(configuration.hosts)
        self.clock = clock
        self.observer = observer
    }

    /// Whether a request needs no leave: one about the life of the process; a preflight, which cannot have a key; and the API's own
    /// endpoints, whose callers sign (``CallerAuthentication``).
    static func isOpen(_ request: borrowing HTTPRequest) -> Bool {
        request.method == .options || request.path.hasPrefix("/health/") || DropInEndpoint.owns(request.path)
    }

    /// From a request to who asks.
    ///
    /// - Parameter query: The key in the request's URL, if one is there.
    /// - Throws: ``AccessRefusal``
    func caller(of request: borrowing HTTPRequest, _ query: QueryKey? = nil) throws(AccessRefusal) -> Caller {
        if keys.isEmpty {
            guard hosts.allows(request.header("host")) else { throw .misdirected }
            return .owner
        }
        // What stands in the header counts, whatever the URL says.
        if let header = request.header("authorization") {
            guard let key = PresentedKey(authorization: header) else { throw refused(.unreadable) }
            return .holder(try holder(of: key))
        }
        if let query {
            guard query.values.count == 1 else { throw refused(.severalKeys) }
            return .holder(try holder(of: PresentedKey(query.values[0].utf8, .query)))
        }
        if isOfThisMachine(request) { return .owner }
        throw .noKey
    }

    /// Whose key it is, once it has been let in.
    ///
    /// - Throws: ``AccessRefusal``
    func holder(of key: PresentedKey) throws(AccessRefusal) -> KeyHolder {
        guard let holder = keys.holder(of: key.hash) else {
            throw refused(key.isWellFormed ? .unknown : .malformed)
        }
        if key.place == .query, !holder.configuration.isAllowedInQuery { throw refused(.notInQuery, holder) }
        do throws(AccessRefusal) {
            try holder.admit(now: clock())
        } catch {
            throw refused(error, holder)
        }
        return holder
    }

    /// Whether it is a program of this machine that needs no key, where these need none. What a proxy on this machine passes on is
    /// none of them, if the proxy says so; what web pages make a browser send, ``CrossOrigin`` keeps out.
    private func isOfThisMachine(_ request: borrowing HTTPRequest) -> Bool {
        anonymous == .loopback && request.clientAddress.map(Loopback.contains) == true
            && request.header("forwarded") == nil && request.header("x-forwarded-for") == nil
            && hosts.allows(request.header("host"))
    }

    /// Says in the log what became of a caller, by the name of his key.
    private func refused(_ refusal: AccessRefusal, _ holder: KeyHolder? = nil) -> AccessRefusal {
        observer.noteRefusedKey(refusal, holder?.configuration.name)
        return refusal
    }
}
