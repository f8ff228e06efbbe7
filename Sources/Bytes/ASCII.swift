/// The bytes that parsers and writers speak of, by name.
public enum ASCII {
    public static let tab = UInt8(ascii: "\t")
    public static let lineFeed = UInt8(ascii: "\n")
    public static let carriageReturn = UInt8(ascii: "\r")
    public static let space = UInt8(ascii: " ")
    public static let exclamationMark = UInt8(ascii: "!")
    public static let quotationMark = UInt8(ascii: "\"")
    public static let numberSign = UInt8(ascii: "#")
    public static let dollarSign = UInt8(ascii: "$")
    public static let percentSign = UInt8(ascii: "%")
    public static let ampersand = UInt8(ascii: "&")
    public static let leftParenthesis = UInt8(ascii: "(")
    public static let rightParenthesis = UInt8(ascii: ")")
    public static let plusSign = UInt8(ascii: "+")
    public static let comma = UInt8(ascii: ",")
    public static let hyphen = UInt8(ascii: "-")
    public static let fullStop = UInt8(ascii: ".")
    public static let slash = UInt8(ascii: "/")
    public static let zero = UInt8(ascii: "0")
    public static let nine = UInt8(ascii: "9")
    public static let colon = UInt8(ascii: ":")
    public static let semicolon = UInt8(ascii: ";")
    public static let equalsSign = UInt8(ascii: "=")
    public static let questionMark = UInt8(ascii: "?")
    public static let atSign = UInt8(ascii: "@")
    public static let upperA = UInt8(ascii: "A")
    public static let upperE = UInt8(ascii: "E")
    public static let upperF = UInt8(ascii: "F")
    public static let upperZ = UInt8(ascii: "Z")
    public static let leftBracket = UInt8(ascii: "[")
    public static let backslash = UInt8(ascii: "\\")
    public static let rightBracket = UInt8(ascii: "]")
    public static let underscore = UInt8(ascii: "_")
    public static let lowerA = UInt8(ascii: "a")
    public static let lowerE = UInt8(ascii: "e")
    public static let lowerF = UInt8(ascii: "f")
    public static let lowerU = UInt8(ascii: "u")
    public static let lowerZ = UInt8(ascii: "z")
    public static let leftBrace = UInt8(ascii: "{")
    public static let verticalBar = UInt8(ascii: "|")
    public static let rightBrace = UInt8(ascii: "}")
    public static let delete: UInt8 = 0x7F

    /// Whether `byte` is one of `0` to `9`.
    @inlinable
    public static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }

    /// Whether `byte` is one of `A` to `Z` and `a` to `z`.
    @inlinable
    public static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- lowerA < 26 }

    /// The value of a hexadecimal digit of either case, or nil for any other byte.
    @inlinable
    public static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case zero...nine: byte - zero
        case lowerA...lowerF: byte - lowerA + 10
        case upperA...upperF: byte - upperA + 10
        default: nil
        }
    }

    /// The sixteen hexadecimal digits in lower case.
    @inlinable
    public static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        let nibble = value & 0xF
        return nibble < 10 ? zero + nibble : lowerA + nibble - 10
    }
}
