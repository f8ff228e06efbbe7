import Testing

@testable import GraphQL

@Suite("Suggestions")
struct SuggestionsTests {
    @Test(
        "names within two fifths of the length and one edit are near, nearest first",
        arguments: [
            ("", ["a"], ["a"]),
            ("", ["ab"], []),
            ("greenish", ["green"], ["green"]),
            ("green", ["greenish"], ["greenish"]),
            ("abc", ["a", "ab", "abc"], ["abc", "ab", "a"]),
            ("GREEN", ["green", "GREENS"], ["GREENS", "green"]),
            ("abcd", ["abdc", "dcba", "acbd", "bacd"], ["abdc", "acbd", "bacd"]),
            ("axx", ["a1", "a12", "a2"], ["a1", "a2", "a12"]),
            ("verylongname", ["short", "verylongnmae", "veryshortname"], ["verylongnmae", "veryshortname"]),
        ]
    )
    func near(_ unknown: String, _ names: [String], _ expected: [String]) {
        #expect(Suggestions.near(unknown, among: names) == expected)
    }

    @Test(
        "at most five names make a sentence",
        arguments: [
            ([], ""),
            (["a"], " Did you mean \"a\"?"),
            (["a", "b"], " Did you mean \"a\" or \"b\"?"),
            (["a", "b", "c"], " Did you mean \"a\", \"b\", or \"c\"?"),
            (["a", "b", "c", "d", "e", "f"], " Did you mean \"a\", \"b\", \"c\", \"d\", or \"e\"?"),
        ]
    )
    func sentence(_ names: [String], _ expected: String) {
        #expect(Suggestions.sentence(names) == expected)
    }

    @Test("digits compare as numbers, whatever zeros stand in front")
    func order() {
        let sorted = ["a10", "a2", "a", "b", "a1b", "a1", "a010b"].sorted(by: Suggestions.precedes)
        #expect(sorted == ["a", "a1", "a1b", "a2", "a10", "a010b", "b"])
    }
}
