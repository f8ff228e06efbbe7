internal import Engagement
internal import MetricCache

/// The names of the tier's keys:
///
/// | Key | What |
/// |---|---|
/// | `<space>:cells:<scope>:<Tweet>` | totals of a Tweet |
/// | `<space>:cells:<scope>:<Tweet>:<day>` | a day of its series, by days since 1970 |
/// | `<space>:lease:<the same>` | who is fetching it |
/// | `<space>:purges` | the journal of purges |
/// | `<space>:calls:<pool>:<minute>` | calls of a minute, by minutes since 1970 |
/// | `<space>:limit:<pool>` | how many there may be in a minute, as the API told one of the nodes |
///
/// The space is the prefix, the version of the packed format, and the source of the numbers. A scope is `everyone` or
/// `account=` and a name; in names all but letters, digits, `-`, `_` and `.` are percent-encoded, so that no name can look like
/// another scope, or end before its end.
internal struct SharedKeys: Sendable {
    private let space: String

    init(prefix: String, source: String) {
        space = "\(prefix):\(RecordCopy.formatVersion):\(SharedKeys.escaped(source))"
    }

    func cells(_ name: RecordName) -> [UInt8] { Array("\(space):cells:\(SharedKeys.path(name))".utf8) }

    func lease(_ name: RecordName) -> [UInt8] { Array("\(space):lease:\(SharedKeys.path(name))".utf8) }

    var purges: [UInt8] { Array("\(space):purges".utf8) }

    func calls(_ pool: String, minute: Int64) -> [UInt8] {
        Array("\(space):calls:\(SharedKeys.escaped(pool)):\(minute)".utf8)
    }

    func limit(_ pool: String) -> [UInt8] { Array("\(space):limit:\(SharedKeys.escaped(pool))".utf8) }

    private static func path(_ name: RecordName) -> String {
        let scope =
            switch name.scope {
            case .everyone: "everyone"
            case .account(let account): "account=\(escaped(account.rawValue))"
            }
        let day = name.day.map { ":\($0.index)" } ?? ""
        return "\(scope):\(name.tweet)\(day)"
    }

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            if isPlain(byte) {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return escaped
    }

    /// What ``escaped(_:)`` was made of; nil if it is nothing that it makes.
    static func unescaped(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            if byte != UInt8(ascii: "%") {
                bytes.append(byte)
                continue
            }
            guard let digits = String(rest.prefix(2)), let escaped = UInt8(digits, radix: 16) else { return nil }
            bytes.append(escaped)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
