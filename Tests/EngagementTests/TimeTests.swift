import Engagement
import Foundation
import Testing

@Suite("Times, hours, days and dates")
struct TimeTests {
    /// Text and seconds of Unix time; the seconds are those of GNU date.
    @Test(
        "ISO 8601 in the forms of dossier §5 and RFC 3339 is read",
        arguments: [
            ("1970-01-01", 0 as Int64),
            ("2014-09-01", 1_409_529_600),
            ("2015-08-01T00:00:00Z", 1_438_387_200),
            ("2015-11-19T02:27:50Z", 1_447_900_070),
            ("2016-02-29T23:59:59Z", 1_456_790_399),
            ("2016-02-29T23:59Z", 1_456_790_340),
            ("2016-02-29t23:59:59z", 1_456_790_399),
            ("2016-03-01T01:59:59+02:00", 1_456_790_399),
            ("2016-02-29T18:29:59-05:30", 1_456_790_399),
            ("1969-12-31T23:59:59Z", -1),
            ("2000-02-29", 951_782_400),
        ]
    )
    func reading(text: String, seconds: Int64) {
        #expect(UnixTime(iso8601: text) == UnixTime(seconds: seconds))
    }

    @Test("fractions are read to the millisecond", arguments: [("5", 500), ("123", 123), ("12", 120), ("123999", 123)])
    func fractions(digits: String, milliseconds: Int64) {
        #expect(UnixTime(iso8601: "1970-01-01T00:00:00.\(digits)Z")?.milliseconds == milliseconds)
    }

    @Test(
        "everything else is no time",
        arguments: [
            "", "2015", "2015-8-1", "2015-08-32", "2015-02-29", "2100-02-29", "2015-13-01", "2015-00-01", "2015-01-00",
            "2015-08-01T", "2015-08-01T24:00:00Z", "2015-08-01T00:60:00Z", "2015-08-01T00:00:61Z",
            "2015-08-01T00:00:00",
            "2015-08-01 00:00:00Z", "2015-08-01T00:00:00.Z", "2015-08-01T00:00:00+0200", "2015-08-01T00:00:00Zx",
            "201508010000", "-015-08-01", "２015-08-01",
        ]
    )
    func notTimes(text: String) {
        #expect(UnixTime(iso8601: text) == nil)
    }

    @Test("times are written with seconds, and milliseconds only if there are any")
    func writing() {
        #expect(UnixTime(seconds: 1_438_387_200).iso8601 == "2015-08-01T00:00:00Z")
        #expect(UnixTime(milliseconds: 1_438_387_200_007).iso8601 == "2015-08-01T00:00:00.007Z")
        #expect(UnixTime(seconds: -1).iso8601 == "1969-12-31T23:59:59Z")
        #expect(UTCDay(iso8601: "2016-02-10")?.iso8601 == "2016-02-10")
        #expect(UTCDay(iso8601: "2016-02-10T00:00:00Z") == nil)
    }

    @Test("starts are floored and ends raised to the hour, as dossier §5 has it")
    func hours() throws {
        func hour(_ text: String) throws -> UnixTime { try #require(UnixTime(iso8601: "2015-08-01T\(text):00Z")) }
        #expect(try hour("12:24").flooredHour.start == hour("12:00"))
        #expect(try hour("08:37").raisedHour.start == hour("09:00"))
        #expect(try hour("12:00").flooredHour.start == hour("12:00"))
        #expect(try hour("12:00").raisedHour.start == hour("12:00"))
        #expect(UnixTime(milliseconds: -1).flooredHour.index == -1)
        #expect(UnixTime(milliseconds: -1).raisedHour.index == 0)
        #expect(UnixTime(milliseconds: 1).raisedHour.index == 1)
        #expect(UnixTime(milliseconds: -1).seconds == -1)
    }

    @Test("an hour knows its day and place in it, before 1970 too")
    func hourOfDay() {
        #expect(UTCHour(index: 25).day.index == 1)
        #expect(UTCHour(index: 25).hourOfDay == 1)
        #expect(UTCHour(index: -1).day.index == -1)
        #expect(UTCHour(index: -1).hourOfDay == 23)
    }

    /// Foundation's calendar is the oracle, over four centuries and their leap years.
    @Test("dates agree with Foundation's calendar")
    func calendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for index in stride(from: Int32(-40_000), to: 120_000, by: 97) {
            let day = UTCDay(index: index)
            let date = CalendarDate(day)
            let moment = Date(timeIntervalSince1970: Double(index) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day], from: moment)
            #expect((date.year, date.month, date.day) == (parts.year, parts.month, parts.day))
            #expect(date.utcDay == day)
        }
    }

    @Test(
        "months have their days",
        arguments: [(2015, 2, 29), (1900, 2, 29), (2015, 4, 31), (2015, 12, 32), (2015, 1, 0)]
    )
    func impossibleDates(year: Int, month: Int, day: Int) {
        #expect(CalendarDate(year: year, month: month, day: day) == nil)
    }

    @Test("windows are half-open")
    func windows() {
        let window = HourWindow(start: UTCHour(index: 24), end: UTCHour(index: 72))
        #expect(window.hours == 48)
        #expect(window.isDayAligned)
        #expect(window.contains(UTCHour(index: 24)))
        #expect(!window.contains(UTCHour(index: 72)))
        #expect(window.days == 1...2)
        let other = HourWindow(start: UTCHour(index: 71), end: UTCHour(index: 99))
        #expect(window.intersection(other)?.hours == 1)
        #expect(window.intersection(HourWindow(start: UTCHour(index: 72), end: UTCHour(index: 99))) == nil)
        #expect(HourWindow(start: UTCHour(index: 5), end: UTCHour(index: 5)).days == nil)
    }
}
