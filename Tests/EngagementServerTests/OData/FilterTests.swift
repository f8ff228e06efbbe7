import Engagement
import Testing

@testable import EngagementServer

@Suite("Conditions of $filter")
struct FilterTests {
    /// One row of `Daily`: what is not listed is null.
    static let row: [String: ODataValue] = [
        "list": .text("O'Neil"), "tweetId": .text("1260294888811347969"),
        "date": .moment(UnixTime(iso8601: "2026-11-02") ?? UnixTime(seconds: 0)),
        "impressions": .integer(788), "engagements": .integer(0), "engagementRate": .number(0.25),
    ]

    /// Conditions that hold of ``row``, and conditions that do not.
    static let conditions: [(text: String, holds: Bool)] = [
        ("impressions eq 788", true), ("impressions ne 788", false), ("impressions lt 788", false),
        ("impressions le 788", true), ("impressions gt 787", true), ("impressions ge 789", false),
        ("788 eq impressions", true), ("impressions eq 788.0", true), ("engagementRate lt 1", true),
        ("impressions eq -788", false), ("engagements lt impressions", true), ("impressions gt 7.88e2", false),
        ("list eq 'O''Neil'", true), ("list eq 'o''neil'", false), ("list gt 'O'", true), ("tweetId lt '13'", true),
        ("list in ('a', 'O''Neil')", true), ("list in ('a')", false), ("impressions in (1, 788.0)", true),
        ("not list in ('a')", true), ("not list in ('O''Neil') or false", false),
        ("date eq 2026-11-02", true), ("date ge 2026-11-03", false), ("date lt 2026-11-02T00:00:01Z", true),
        ("date lt 2026-11-02T01:00:00+01:00", false), ("date le 2026-11-02T01:00:00+01:00", true),
        // Null is equal to null only.
        ("favorites eq null", true), ("favorites ne null", false), ("null eq favorites", true),
        ("favorites eq 0", false),
        ("favorites ne 0", true), ("favorites lt 1", false), ("favorites ge 0", false), ("not (favorites ge 0)", true),
        ("impressions eq null", false), ("favorites eq retweets", true), ("favorites in (null)", true),
        // and before or.
        ("impressions eq 788 or list eq 'a' and list eq 'b'", true),
        ("(impressions eq 788 or list eq 'a') and list eq 'b'", false),
        ("true", true), ("false or true", true), ("not true or true", true), ("not (true or true)", false),
        ("not not true", true), ("(((impressions))) eq (788)", true),
        ("contains(list,'Nei')", true), ("contains(list,'')", true), ("contains(list,'x')", false),
        ("startswith(list,'O''')", true), ("endswith(list,'eil')", true), ("endswith(list,'O''NeilO')", false),
        ("contains(source,'a')", false), ("not contains(source,'a')", false), ("contains(list,'N') eq true", true),
        ("  impressions\teq   788 ", true),
    ]

    @Test("A condition holds or does not, as the URL Conventions say", arguments: conditions)
    func holds(_ text: String, _ holds: Bool) throws {
        let filter = try FilterParser.parse(text, for: .daily)
        #expect(filter.holds { Self.row[ODataTable.daily.properties[$0].name] ?? .null } == holds)
    }

    /// Texts that are refused, with the status and a part of what is said.
    static let refused: [(text: String, status: Int, part: String)] = [
        ("", 400, "empty"), ("impressions", 400, "a condition should stand"), ("impressions eq", 400, "ends where"),
        ("impressions eq 788)", 400, "character 19"), ("(impressions eq 788", 400, "ends where )"),
        ("impressions eq 'a'", 400, "impressions is compared with a string"),
        ("'a' eq impressions", 400, "impressions is compared"),
        ("tweetId eq 1", 400, "tweetId is compared with a number, but it is a string in quotation marks"),
        ("date eq '2026-11-02'", 400, "date is compared with a string"), ("1 eq 'a'", 400, "compares a number with"),
        ("likes eq 1", 400, "no property \"likes\" (character 1"), ("list eq 'a", 400, "has no end"),
        ("date eq 2026-13-01", 400, "neither a number nor a time"),
        ("date eq datetime'2026-11-02'", 400, "datetime'…'"),
        ("list eq 'a' and 1", 400, "a condition should stand"), ("not impressions", 400, "a condition should stand"),
        ("list in 'a'", 400, "not expected"), ("list in ()", 400, "not expected"),
        ("list in ('a' 'b')", 400, "not expected"),
        ("contains(list)", 400, "not expected"), ("contains(impressions,'1')", 400, "impressions is compared"),
        ("impressions xx 1", 400, "xx is not expected"), (", eq 1", 400, "not expected"),
        ("impressions add 1 eq 2", 501, "\"add\" is not supported"), ("impressions has 1", 501, "\"has\""),
        ("year(date) eq 2026", 501, "\"year\" is not supported"), ("tolower(list) eq 'a'", 501, "\"tolower\""),
        ("list/name eq 'a'", 501, "list/name"), ("@p eq 1", 501, "@p"), ("$it eq 1", 501, "$it"),
        (String(repeating: "(", count: 51) + "true", 400, "50 deep"),
        (String(repeating: "not ", count: 51) + "true", 400, "50 deep"),
        (String(repeating: "date ne 2026-11-02 or ", count: 101) + "true", 400, "more than 100 conditions"),
    ]

    @Test("What is no condition, or none that there is here, is refused with the reason", arguments: refused)
    func refusals(_ text: String, _ status: Int, _ part: String) throws {
        let error = #expect(throws: ODataError.self) { try FilterParser.parse(text, for: .daily) }
        #expect(error?.status == status && error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    /// A condition, and the window of `Daily` at 2026-11-20T12:30Z that follows from it; nil for none. Exact if no row of it has
    /// to be looked at again.
    static let windows: [(text: String?, window: String?, isExact: Bool)] = [
        (nil, "2026-10-23 2026-11-20", true),
        ("date ge 2026-11-01", "2026-11-01 2026-11-20", true), ("date gt 2026-11-01", "2026-11-02 2026-11-20", true),
        ("date ge 2026-11-01 and date lt 2026-11-03", "2026-11-01 2026-11-03", true),
        ("date le 2026-11-01", "2026-10-05 2026-11-02", true), ("date eq 2026-11-19", "2026-11-19 2026-11-20", true),
        ("date eq 2026-11-20", nil, true), ("date gt 2027-01-01", nil, true), ("date lt 2014-09-01", nil, true),
        ("date ge 2014-09-01 and date lt 2014-09-03", "2014-09-01 2014-09-03", true),
        ("date ge 2014-09-01", "2014-09-01 2026-11-20", true), ("date ge 2000-01-01", "2014-09-01 2026-11-20", true),
        ("date ge 2026-11-01T12:00:00Z", "2026-11-02 2026-11-20", true),
        ("date in (2026-11-01, 2026-11-05)", "2026-11-01 2026-11-06", false),
        ("date ne 2026-11-19", "2026-10-22 2026-11-19", true), ("date ne 2026-11-10", "2026-10-23 2026-11-20", false),
        ("not (date lt 2026-11-01)", "2026-11-01 2026-11-20", true),
        ("date lt 2026-11-02 or date gt 2026-11-10", "2026-10-23 2026-11-20", false),
        ("date eq null", nil, true),
    ]

    @Test("What is asked of the time is the window", arguments: windows)
    func window(_ text: String?, _ expected: String?, _ isExact: Bool) throws {
        let asked = try #require(UnixTime(iso8601: "2026-11-20T12:30:00Z"))
        let filter = try text.map { try FilterParser.parse($0, for: .daily) }
        let since = try #require(UTCDay(iso8601: "2014-09-01")).firstHour
        let found = ODataWindow(width: 24, filter?.conjuncts ?? [], defaultDays: 28, since: since, asked: asked)
        let window = found.window.map { "\($0.start.day.iso8601) \($0.end.day.iso8601)" }
        #expect(window == expected && found.isExact == isExact)
    }

    @Test("Hours are shown when they are over, of seven days")
    func hours() throws {
        let asked = try #require(UnixTime(iso8601: "2026-11-20T12:30:00Z"))
        let since = try #require(UTCDay(iso8601: "2014-09-01")).firstHour
        let found = ODataWindow(width: 1, [], defaultDays: 7, since: since, asked: asked)
        #expect(found.window?.start.start.iso8601 == "2026-11-13T12:00:00Z")
        #expect(found.window?.end.start.iso8601 == "2026-11-20T12:00:00Z")
    }
}
