/// The bytes that parsers and writers speak of, by name.
///
/// They are computed and inlinable, since a stored constant would cost its readers in other modules a call for each look.
public enum ASCII {
    @inlinable public static var tab: UInt8 { UInt8(ascii: "\t") }
    @inlinable public static var lineFeed: UInt8 { UInt8(ascii: "\n") }
    @inlinable public static var carriageReturn: UInt8 { UInt8(ascii: "\r") }
    @inlinable public static var space: UInt8 { UInt8(ascii: " ") }
    @inlinable public static var exclamationMark: UInt8 { UInt8(ascii: "!") }
    @inlinable public static var quotationMark: UInt8 { UInt8(ascii: "\"") }
    @inlinable public static var numberSign: UInt8 { UInt8(ascii: "#") }
    @inlinable public static var dollarSign: UInt8 { UInt8(ascii: "$") }
    @inlinable public static var percentSign: UInt8 { UInt8(ascii: "%") }
    @inlinable public static var ampersand: UInt8 { UInt8(ascii: "&") }
    @inlinable public static var leftParenthesis: UInt8 { UInt8(ascii: "(") }
    @inlinable public static var rightParenthesis: UInt8 { UInt8(ascii: ")") }
    @inlinable public static var plusSign: UInt8 { UInt8(ascii: "+") }
    @inlinable public static var comma: UInt8 { UInt8(ascii: ",") }
    @inlinable public static var hyphen: UInt8 { UInt8(ascii: "-") }
    @inlinable public static var fullStop: UInt8 { UInt8(ascii: ".") }
    @inlinable public static var slash: UInt8 { UInt8(ascii: "/") }
    @inlinable public static var zero: UInt8 { UInt8(ascii: "0") }
    @inlinable public static var nine: UInt8 { UInt8(ascii: "9") }
    @inlinable public static var colon: UInt8 { UInt8(ascii: ":") }
    @inlinable public static var semicolon: UInt8 { UInt8(ascii: ";") }
    @inlinable public static var equalsSign: UInt8 { UInt8(ascii: "=") }
    @inlinable public static var questionMark: UInt8 { UInt8(ascii: "?") }
    @inlinable public static var atSign: UInt8 { UInt8(ascii: "@") }
    @inlinable public static var upperA: UInt8 { UInt8(ascii: "A") }
    @inlinable public static var upperE: UInt8 { UInt8(ascii: "E") }
    @inlinable public static var upperF: UInt8 { UInt8(ascii: "F") }
    @inlinable public static var upperZ: UInt8 { UInt8(ascii: "Z") }
    @inlinable public static var leftBracket: UInt8 { UInt8(ascii: "[") }
    @inlinable public static var backslash: UInt8 { UInt8(ascii: "\\") }
    @inlinable public static var rightBracket: UInt8 { UInt8(ascii: "]") }
    @inlinable public static var underscore: UInt8 { UInt8(ascii: "_") }
    @inlinable public static var lowerA: UInt8 { UInt8(ascii: "a") }
    @inlinable public static var lowerE: UInt8 { UInt8(ascii: "e") }
    @inlinable public static var lowerF: UInt8 { UInt8(ascii: "f") }
    @inlinable public static var lowerU: UInt8 { UInt8(ascii: "u") }
    @inlinable public static var lowerZ: UInt8 { UInt8(ascii: "z") }
    @inlinable public static var leftBrace: UInt8 { UInt8(ascii: "{") }
    @inlinable public static var verticalBar: UInt8 { UInt8(ascii: "|") }
    @inlinable public static var rightBrace: UInt8 { UInt8(ascii: "}") }
    @inlinable public static var delete: UInt8 { 0x7F }

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
