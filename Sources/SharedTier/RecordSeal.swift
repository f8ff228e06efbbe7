internal import Digests
internal import EngagementAPI

/// What a value of the tier looks like: a byte that says so, a tag of 16 bytes, and what is sealed: the ``PurgePosition`` of its
/// publisher and the packed record.
///
/// The tag is computed over key and record, so that a value that was damaged, cut, or put under another key, of another account
/// say, is none. With a secret it is a message authentication code, and only those who have the secret can make one.
internal struct RecordSeal: Sendable {
    private let secret: [UInt8]

    static let mark: UInt8 = 0xE1
    static let headBytes = 17
    /// Longer than any record: 17 types × 25 cells × 16 bytes at most.
    static let maximumBytes = 16 << 10

    init(secret: Secret?) {
        self.secret = Array((secret?.reveal() ?? "").utf8)
    }

    func seal(_ record: [UInt8], key: [UInt8]) -> [UInt8] {
        [RecordSeal.mark] + tag(of: record, key) + record
    }

    /// The record in `value`; nil if it was not sealed under this key, with this secret.
    func open(_ value: [UInt8], key: [UInt8], maximumBytes: Int = RecordSeal.maximumBytes) -> [UInt8]? {
        guard value.count > RecordSeal.headBytes, value.count <= maximumBytes, value[0] == RecordSeal.mark else {
            return nil
        }
        let record = Array(value[RecordSeal.headBytes...])
        return ConstantTime.areEqual(Array(value[1..<RecordSeal.headBytes]), tag(of: record, key)) ? record : nil
    }

    /// The first half of HMAC-SHA256 (RFC 2104 §5). The key's length stands first, so that key and record cannot run into each
    /// other.
    private func tag(of record: [UInt8], _ key: [UInt8]) -> [UInt8] {
        let message = Array("\(key.count):".utf8) + key + record
        return Array(HMACSHA256.authenticationCode(for: message, key: secret)[..<16])
    }
}
