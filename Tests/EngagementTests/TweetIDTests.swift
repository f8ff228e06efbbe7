import Engagement
import Testing

@Suite("Tweet ids")
struct TweetIDTests {
    /// Dossier §5, and the first snowflake's epoch.
    @Test(
        "a snowflake carries its Tweet's birth",
        arguments: [
            (1_070_059_276_213_702_656 as UInt64, "2018-12-04T20:56:26.846Z"),
            (697_506_383_516_729_344, "2016-02-10T19:44:15.529Z"),
        ]
    )
    func createdAt(id: UInt64, time: String) {
        #expect(TweetID(rawValue: id).createdAt?.iso8601 == time)
    }

    @Test("ids from before snowflakes carry no time", arguments: [1, 20, 29_700_859_247 as UInt64])
    func oldIDs(id: UInt64) {
        #expect(TweetID(rawValue: id).createdAt == nil)
    }

    @Test(
        "decimal digits are read and written back",
        arguments: ["1", "20", "1070059276213702656", "9223372036854775807"]
    )
    func digits(text: String) {
        #expect(TweetID(text)?.description == text)
        #expect(TweetID(utf8: text.utf8)?.description == text)
    }

    @Test(
        "everything else is no id",
        arguments: [
            "", "0", "00", "01", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "١", "9223372036854775808",
            "18446744073709551616", "99999999999999999999999999",
        ]
    )
    func notIDs(text: String) {
        #expect(TweetID(text) == nil)
    }

    @Test("later ids are larger")
    func order() {
        #expect(TweetID(rawValue: 2) > TweetID(rawValue: 1))
    }
}
