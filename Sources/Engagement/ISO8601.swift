internal import Bytes

/// The times and dates of ISO 8601 as the Engagement API writes them (dossier §5) and as RFC 3339 profiles them.
extension UnixTime {
    /// Reads `YYYY-MM-DD` (midnight UTC at the start of that day) or a date and time with `Z` or a numeric offset; seconds and
    /// fractions may be left out. Returns nil for everything else.
    public init?(iso8601 text: String) {
        var scanner = DigitScanner(Array(text.utf8))
        guard let date = scanner.date() else { return nil }
        if scanner.isAtEnd {
            self = date.utcDay.start
            return
        }
        guard scanner.skip(UInt8(ascii: "T")) || scanner.skip(UInt8(ascii: "t")),
            let hour = scanner.number(2), hour < 24, scanner.skip(ASCII.colon),
            let minute = scanner.number(2), minute < 60
        else { return nil }
        var second = 0
        var millisecond = 0
        if scanner.skip(ASCII.colon) {
            guard let value = scanner.number(2), value < 61 else { return nil }
            second = min(value, 59)
            if scanner.skip(ASCII.fullStop) {
                guard let fraction = scanner.fraction() else { return nil }
                millisecond = fraction
            }
        }
        guard let offset = scanner.offset(), scanner.isAtEnd else { return nil }
        let seconds = Int64(hour * 3600 + minute * 60 + second - offset * 60)
        self.init(milliseconds: (date.utcDay.start.seconds + seconds) * 1000 + Int64(millisecond))
    }

    /// `YYYY-MM-DDTHH:MM:SSZ`, with three digits of milliseconds only if there are any.
    public var iso8601: String {
        let day = flooredHour.day
        let rest = Int(milliseconds - day.start.milliseconds)
        var text = CharacterFields(CalendarDate(day))
        text.append(rest / 3_600_000, after: UInt8(ascii: "T"))
        text.append(rest / 60_000 % 60, after: UInt8(ascii: ":"))
        text.append(rest / 1000 % 60, after: UInt8(ascii: ":"))
        if rest % 1000 > 0 { text.append(rest % 1000, width: 3, after: UInt8(ascii: ".")) }
        text.characters.append(UInt8(ascii: "Z"))
        return text.string
    }
}

extension UTCDay {
    /// Reads `YYYY-MM-DD`, or returns nil.
    public init?(iso8601 text: String) {
        var scanner = DigitScanner(Array(text.utf8))
        guard let date = scanner.date(), scanner.isAtEnd else { return nil }
        self = date.utcDay
    }

    /// `YYYY-MM-DD`.
    public var iso8601: String {
        CharacterFields(CalendarDate(self)).string
    }
}

/// Text of fixed-width decimal fields, made without a string for each.
private struct CharacterFields {
    var characters: [UInt8] = []

    init(_ date: CalendarDate) {
        characters.reserveCapacity(24)
        append(max(date.year, 0), width: 4)
        append(date.month, after: UInt8(ascii: "-"))
        append(date.day, after: UInt8(ascii: "-"))
    }

    var string: String { String(decoding: characters, as: UTF8.self) }

    /// Appends `value`, which is not negative, with zeros in front up to `width` digits, and before it `separator`.
    mutating func append(_ value: Int, width: Int = 2, after separator: UInt8? = nil) {
        if let separator { characters.append(separator) }
        var divisor = 1
        var digits = 1
        while digits < width || value / divisor >= 10 {
            divisor *= 10
            digits += 1
        }
        while divisor > 0 {
            characters.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }
}

/// Fixed-width decimal fields, front to back.
private struct DigitScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func number(_ width: Int) -> Int? {
        guard position + width <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[position..<position + width] {
            guard ASCII.isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - ASCII.zero)
        }
        position += width
        return value
    }

    mutating func date() -> CalendarDate? {
        guard let year = number(4), skip(ASCII.hyphen), let month = number(2), skip(ASCII.hyphen), let day = number(2)
        else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    /// Milliseconds; further digits are cut off.
    mutating func fraction() -> Int? {
        var value = 0
        var digits = 0
        while position < bytes.count, ASCII.isDigit(bytes[position]) {
            if digits < 3 { value = value * 10 + Int(bytes[position] - ASCII.zero) }
            digits += 1
            position += 1
        }
        guard digits > 0 else { return nil }
        for _ in min(digits, 3)..<3 { value *= 10 }
        return value
    }

    /// Minutes east of UTC.
    mutating func offset() -> Int? {
        if skip(UInt8(ascii: "Z")) || skip(UInt8(ascii: "z")) { return 0 }
        let isEast = skip(ASCII.plusSign)
        guard isEast || skip(ASCII.hyphen) else { return nil }
        guard let hours = number(2), hours < 24, skip(ASCII.colon), let minutes = number(2), minutes < 60 else {
            return nil
        }
        return isEast ? hours * 60 + minutes : -(hours * 60 + minutes)
    }
}
