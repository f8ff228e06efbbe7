public import EngagementAPI
internal import Foundation

/// Where a Redis or Valkey server is, and as whom to log in there.
///
/// `redis://[[user]:password@]host[:port][/database]`, or `unix://[[user]:password@]/path/of/socket[?database=n]`. User and
/// password may be percent-encoded. Its description has no password.
public struct RedisURL: Equatable, Sendable {
    public enum Place: Equatable, Sendable {
        case host(String, port: Int)
        case socket(path: String)
    }

    public let place: Place
    /// Nil logs in as the user `default`, if there is a password.
    public let user: String?
    public var password: Secret?
    /// The number of a logical database.
    public let database: Int

    /// Why a text is no such URL. It does not repeat the text, which may hold a password.
    public struct Problem: Error, Equatable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// - Throws: ``Problem``, which says what was expected.
    public init(_ text: String) throws(Problem) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased() else {
            throw Problem(description: "expected a URL such as redis://127.0.0.1:6379/0")
        }
        user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
        password = parts.password.flatMap { $0.isEmpty ? nil : Secret($0) }
        guard parts.fragment == nil else {
            throw Problem(description: "there is a '#' in it; in a password it is written %23")
        }
        switch scheme {
        case "redis":
            guard parts.query == nil else { throw Problem(description: "a redis:// URL has no '?'") }
            place = .host(try RedisURL.host(of: parts), port: try RedisURL.port(of: parts))
            database = try RedisURL.database(String(parts.path.drop { $0 == "/" }))
        case "unix":
            guard parts.host ?? "" == "", parts.path.count > 1, parts.path.utf8.count < 108 else {
                throw Problem(description: "expected unix:///path/of/socket, with a path of at most 107 bytes")
            }
            place = .socket(path: parts.path)
            let items = parts.queryItems ?? []
            guard items.allSatisfy({ $0.name == "database" }), items.count < 2 else {
                throw Problem(description: "behind the '?' of a unix:// URL there is only database=n")
            }
            database = try RedisURL.database(items.first?.value ?? "")
        case "rediss":
            throw Problem(
                description:
                    "TLS is not supported; let a proxy on this machine speak it, and name its unix:// or redis:// address"
            )
        default: throw Problem(description: "the scheme is redis or unix")
        }
    }

    private static func host(of parts: URLComponents) throws(Problem) -> String {
        let host = (parts.host ?? "").trimmingCharacters(in: ["[", "]"])
        guard !host.isEmpty, !host.utf8.contains(0) else { throw Problem(description: "there is no host in it") }
        return host
    }

    private static func port(of parts: URLComponents) throws(Problem) -> Int {
        let port = parts.port ?? 6379
        guard (1...65_535).contains(port) else { throw Problem(description: "the port is 1 to 65535") }
        return port
    }

    private static func database(_ text: String) throws(Problem) -> Int {
        if text.isEmpty { return 0 }
        guard let number = Int(text), (0...100_000).contains(number), text.utf8.allSatisfy({ (48...57).contains($0) })
        else {
            throw Problem(description: "the database is a number from 0 on")
        }
        return number
    }
}

extension RedisURL: CustomStringConvertible {
    public var description: String {
        switch place {
        case .host(let host, let port):
            "redis://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
        case .socket(let path): "unix://\(path)?database=\(database)"
        }
    }
}
