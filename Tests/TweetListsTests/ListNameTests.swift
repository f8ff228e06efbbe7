import Engagement
import Testing

@Suite("Names of lists")
struct ListNameTests {
    @Test(
        "A name is short, of ASCII, and begins with a letter or a digit",
        arguments: [
            ("autumn", true), ("2026-q4_DE.v2", true), ("a", true), (String(repeating: "x", count: 100), true),
            ("", false), (String(repeating: "x", count: 101), false), ("-a", false), (".a", false), ("_a", false),
            ("a b", false), ("a/b", false), ("ä", false), ("a\n", false), ("a\"b", false),
        ]
    )
    func rule(_ text: String, _ isName: Bool) {
        #expect(ListName(text)?.rawValue == (isName ? text : nil))
    }
}
