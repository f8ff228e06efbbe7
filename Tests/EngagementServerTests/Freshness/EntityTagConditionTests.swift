import Testing

@testable import EngagementServer

@Suite("If-None-Match")
struct EntityTagConditionTests {
    /// A header, and whether its client has `"a"`; nil if the header means nothing.
    static let headers: [(header: String, holds: Bool?)] = [
        ("\"a\"", true), ("W/\"a\"", true), ("\"b\"", false), ("\"A\"", false),
        ("\"b\", \"a\"", true), ("\"b\",W/\"a\"", true), (", \"b\" ,, \"a\" ,", true), ("\"b\"\t,\t\"a\"", true),
        ("\"b,a\"", false), ("\"b,\", \"a\"", true), ("\"\", \"a\"", true), ("\"a", nil), ("a", nil),
        ("*", true), (" * ", true), ("*, \"a\"", nil), ("\"*\"", false), ("w/\"a\"", nil), ("", nil), (",", nil),
    ]

    @Test("RFC 9110 §13.1.2, with the weak comparison", arguments: headers)
    func condition(_ header: String, _ holds: Bool?) {
        #expect(EntityTagCondition(header)?.holds(EntityTag("\"a\"")) == holds)
    }
}
