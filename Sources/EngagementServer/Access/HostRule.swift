/// By which names a server without keys may be reached: `localhost`, addresses of this machine, and those of `server.hosts`.
///
/// A page of any site can have its own name resolve to this machine (DNS rebinding). To the browser we are then a part of that site,
/// which may read what we answer. But the browser says in `Host` by which name it came.
internal struct HostRule: Sendable {
    private let names: Set<String>

    init(_ names: [String]) {
        self.names = Set(names.map { $0.lowercased() })
    }

    /// - Parameter host: With or without a port; nil if the request has none, which no browser's lacks.
    func allows(_ host: String?) -> Bool {
        guard let host else { return true }
        let name = HostRule.withoutPort(host)
        if name == "127.0.0.1" || name == "localhost" || name == "[::1]" || HostRule.isLoopback(name) { return true }
        let lowercased = name.lowercased()
        return lowercased == "localhost" || names.contains(lowercased)
    }

    private static func withoutPort(_ host: String) -> Substring {
        guard let colon = host.utf8.lastIndex(of: UInt8(ascii: ":")),
            host.utf8[host.utf8.index(after: colon)...].allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return host[...] }
        return host[..<colon]
    }

    /// Four numbers, the first of them 127. A name may begin like that too, so all of it counts.
    private static func isLoopback(_ name: Substring) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count)
                    && part.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            }
    }
}

/// The addresses of this machine's own programs.
internal enum Loopback {
    static func contains(_ address: String) -> Bool {
        address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.")
    }
}
