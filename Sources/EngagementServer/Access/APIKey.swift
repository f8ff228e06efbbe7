internal import Digests
internal import EngagementAPI

/// What a caller shows to be let in: `eql_`, 40 hexadecimal digits that nobody can guess, and 8 that follow from them.
///
/// The prefix is for scanners, which look for secrets where none should be. The last digits tell a key that was copied wrongly
/// from one that is not known.
public struct APIKey: Sendable {
    private let secret: Secret

    /// What every key begins with.
    public static let prefix = "eql_"
    /// 160 bits.
    private static let randomBytes = 20
    private static let checkBytes = 4

    /// A new key, which nobody has yet.
    public static func random() -> APIKey {
        let text = prefix + Hexadecimal.encode(SecureRandom.bytes(randomBytes))
        return APIKey(known: text + check(of: text))
    }

    private init(known text: String) {
        secret = Secret(text)
    }

    /// Nil for a text that no key can be: it has another form, or its last digits do not follow from the others.
    public init?(_ text: String) {
        let digits = text.utf8.dropFirst(APIKey.prefix.utf8.count)
        guard text.hasPrefix(APIKey.prefix), digits.count == (APIKey.randomBytes + APIKey.checkBytes) * 2,
            digits.allSatisfy({
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
            }),
            text.hasSuffix(APIKey.check(of: String(text.dropLast(APIKey.checkBytes * 2))))
        else { return nil }
        secret = Secret(text)
    }

    /// The secret itself, for whoever it is given to and nobody else.
    public func reveal() -> String { secret.reveal() }

    /// What is kept of it.
    public var hash: KeyHash { KeyHash(of: Array(secret.reveal().utf8)) }

    private static func check(of text: String) -> String {
        Hexadecimal.encode(Array(SHA256.hash(Array(text.utf8)).prefix(checkBytes)))
    }
}

/// The SHA-256 of an ``APIKey``: what the configuration has of it, and what it is looked up by.
///
/// A slow hash with a salt, as for passwords, would gain nothing: of 160 random bits nobody goes through a part that matters, at
/// whatever speed, and the price would be paid with each request. For the same reason an ordinary look-up does: how long it takes
/// tells something of the hash of what was sent, never of the key that would have been right.
public struct KeyHash: Hashable, Sendable {
    private let bytes: [UInt8]

    internal init(of key: [UInt8]) {
        bytes = SHA256.hash(key)
    }

    /// Reads what ``description`` writes. Nil for anything else.
    public init?(_ text: String) {
        guard text.hasPrefix(KeyHash.prefix),
            let bytes = Hexadecimal.decode(text.dropFirst(KeyHash.prefix.count)), bytes.count == 32
        else { return nil }
        self.bytes = bytes
    }

    /// Which hash it is, in case there is another one some day.
    private static let prefix = "sha256:"
}

extension KeyHash: CustomStringConvertible {
    public var description: String { KeyHash.prefix + Hexadecimal.encode(bytes) }
}
