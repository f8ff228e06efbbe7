internal import Bytes

/// What a list of Tweets is called: 1 to 100 letters of ASCII, digits, `-`, `_` and `.`, the first a letter or a digit. Upper and
/// lower case differ.
public struct ListName: RawRepresentable, Hashable, Comparable, Sendable {
    public let rawValue: String

    /// The most characters of a name.
    public static let maximumLength = 100

    /// What a name has to be, as the end of a sentence.
    public static let rule =
        "1 to \(maximumLength) letters of ASCII, digits, '-', '_' and '.', beginning with a letter or a digit"

    /// Nil for what is no name.
    public init?(rawValue: String) {
        self.init(rawValue)
    }

    /// Nil for what is no name.
    public init?(_ text: String) {
        let bytes = text.utf8
        guard let first = bytes.first, bytes.count <= ListName.maximumLength, ListName.isLetterOrDigit(first),
            bytes.allSatisfy({ ListName.isLetterOrDigit($0) || "-_.".utf8.contains($0) })
        else { return nil }
        rawValue = text
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        ASCII.isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
            || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
    }

    public static func < (left: ListName, right: ListName) -> Bool { left.rawValue < right.rawValue }
}

extension ListName: CustomStringConvertible {
    public var description: String { rawValue }
}
