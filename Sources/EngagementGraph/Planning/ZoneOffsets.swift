internal import Engagement
internal import Foundation

/// How far the clocks of a time zone are from UTC, hour by hour.
internal struct ZoneOffsets: Sendable {
    /// Nil for UTC itself, which needs no look-up.
    private let zone: TimeZone?
    private let name: String

    /// - Throws: ``PlanningError`` with ``PlanningError/Code/invalidTimeZone`` if no zone has that name.
    init(named name: String) throws(PlanningError) {
        self.name = name
        if ZoneOffsets.isUTC(name) {
            zone = nil
            return
        }
        guard ZoneOffsets.isName(name), let zone = TimeZone(identifier: name) else {
            // A message that can bear whatever was sent.
            let shown = name.utf8.count > 40 ? "\(name.prefix(40))…" : name
            throw PlanningError(
                .invalidTimeZone,
                """
                There is no time zone "\(shown)": give the name of an IANA zone, such as "Europe/Berlin" or "UTC".
                """
            )
        }
        self.zone = zone
    }

    /// Whether `name` is one of UTC itself.
    static func isUTC(_ name: String) -> Bool { name == "UTC" || name == "Etc/UTC" || name == "Z" }

    /// Whether IANA may have a zone of that name. Foundation also knows abbreviations, of which several zones have the same (to it, BST is
    /// Bangladesh's), and offsets such as `UTC+1`, which hold in summer and winter: neither is what who gives one expects.
    private static func isName(_ name: String) -> Bool { name.contains("/") || shortNames.contains(name) }

    /// The names of IANA's database that are no path.
    private static let shortNames: Set<String> = [
        "CET", "CST6CDT", "Cuba", "EET", "EST", "EST5EDT", "Egypt", "Eire", "GB", "GB-Eire", "GMT", "GMT+0", "GMT-0",
        "GMT0", "Greenwich", "HST", "Hongkong", "Iceland", "Iran", "Israel", "Jamaica", "Japan", "Kwajalein", "Libya",
        "MET", "MST", "MST7MDT", "NZ", "NZ-CHAT", "Navajo", "PRC", "PST8PDT", "Poland", "Portugal", "ROC", "ROK",
        "Singapore", "Turkey", "UCT", "UTC", "Universal", "W-SU", "WET", "Zulu",
    ]

    /// Seconds to add to UTC at `hour`.
    func seconds(at hour: UTCHour) -> Int64 {
        guard let zone else { return 0 }
        return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(hour.start.seconds))))
    }

    /// The same in whole hours.
    ///
    /// - Throws: ``PlanningError`` if the clocks show half hours then: the API counts by hours of UTC, which do not add
    ///   up to days of such a zone.
    func hours(at hour: UTCHour) throws(PlanningError) -> Int {
        let seconds = seconds(at: hour)
        guard seconds % 3600 == 0 else {
            throw PlanningError(
                .invalidTimeZone,
                """
                The clocks of \(name) are not whole hours from UTC at \(hour.start.iso8601). The API counts by hours of \
                UTC, so days, weeks, months and hours of the day cannot be had in this zone; HOUR can, and so can another zone.
                """
            )
        }
        return Int(seconds / 3600)
    }
}
