internal import Bytes
internal import Engagement
internal import GraphQL

/// How our scalars are read: straight from the bytes of the request to a word, so that a thousand ids need no strings.
internal enum Scalars {
    static let coercions: [String: ScalarCoercion] = [
        "ID": ScalarCoercion { input throws(ScalarCoercionFailure) in try tweetID(input) },
        "DateTime": ScalarCoercion { input throws(ScalarCoercionFailure) in try dateTime(input) },
        "Long": ScalarCoercion { input throws(ScalarCoercionFailure) in try long(input) },
    ]

    /// Every `ID` of the schema is a Tweet's. §3.5.5: written as a string or a whole number.
    private static func tweetID(_ input: ScalarCoercion.Input) throws(ScalarCoercionFailure) -> InputValue {
        switch input {
        case .string(let digits): return try tweetID(digits)
        case .number(let digits): return try tweetID(digits)
        case .boolean:
            throw ScalarCoercionFailure("a boolean is no Tweet id: give its decimal digits as a string.")
        }
    }

    private static func tweetID(_ digits: ArraySlice<UInt8>) throws(ScalarCoercionFailure) -> InputValue {
        if let id = TweetID(utf8: digits) { return .host(id.rawValue) }
        let isTooLarge = digits.count > 18 && digits.allSatisfy(ASCII.isDigit) && digits.first != ASCII.zero
        let remedy = isTooLarge ? "the largest is \(Int64.max)" : "give its decimal digits"
        throw ScalarCoercionFailure("\(quoted(digits)) is no Tweet id: \(remedy).")
    }

    /// Milliseconds since 1970, read back by ``UnixTime/init(host:)``.
    private static func dateTime(_ input: ScalarCoercion.Input) throws(ScalarCoercionFailure) -> InputValue {
        guard case .string(let bytes) = input else {
            throw ScalarCoercionFailure("a time is a string such as \"2026-11-20T17:00:00Z\" or \"2026-11-20\".")
        }
        guard let time = UnixTime(iso8601: String(decoding: bytes, as: UTF8.self)) else {
            throw ScalarCoercionFailure(
                """
                \(quoted(bytes)) is no time: write "2026-11-20T17:00:00Z", or "2026-11-20" for the first moment of a day.
                """
            )
        }
        return .host(UInt64(bitPattern: time.milliseconds))
    }

    private static func long(_ input: ScalarCoercion.Input) throws(ScalarCoercionFailure) -> InputValue {
        guard case .number(let digits) = input, let value = Int64(String(decoding: digits, as: UTF8.self)) else {
            throw ScalarCoercionFailure("a Long is a whole number of up to 64 bits.")
        }
        return .int(value)
    }

    /// What stands there, cut to a length that an error message can bear.
    private static func quoted(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes.prefix(40), as: UTF8.self)
        return "\"\(text)\(bytes.count > 40 ? "…" : "")\""
    }
}

extension UnixTime {
    /// The time in a coerced `DateTime`, or nil if none was given.
    internal init?(_ value: InputValue?) {
        guard case .host(let milliseconds) = value else { return nil }
        self.init(milliseconds: Int64(bitPattern: milliseconds))
    }
}

extension TweetID {
    /// The id in a coerced `ID`, or nil.
    internal init?(_ value: InputValue) {
        guard case .host(let id) = value else { return nil }
        self.init(rawValue: id)
    }
}
