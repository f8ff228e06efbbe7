internal import Engagement

/// The primitive types of properties (CSDL 4.0 §4.4).
internal enum EdmType: String, Sendable {
    case string = "Edm.String"
    case boolean = "Edm.Boolean"
    case int64 = "Edm.Int64"
    case double = "Edm.Double"
    case date = "Edm.Date"
    case dateTimeOffset = "Edm.DateTimeOffset"

    /// Whether JSON shows the type of a value, so that nobody has to be told (OData JSON Format 4.0 §4.5.3).
    var isPlainInJSON: Bool { self == .string || self == .boolean || self == .double }
}

/// A property of an entity type: the name is that of the column in rows.
internal struct ODataProperty: Equatable, Sendable {
    let name: String
    let type: EdmType

    init(_ name: String, _ type: EdmType) {
        self.name = name
        self.type = type
    }
}

/// The entity types: what there is of each list.
internal enum ODataTable: String, CaseIterable, Sendable {
    case lists = "Lists"
    case totals = "Totals"
    case daily = "Daily"
    case hourly = "Hourly"

    /// Those with numbers, of which every list has a set of its own.
    static let ofNumbers: [ODataTable] = [.totals, .daily, .hourly]

    /// The name of the entity type.
    var typeName: String {
        switch self {
        case .lists: "TweetList"
        case .totals: "TweetTotals"
        case .daily: "TweetDay"
        case .hourly: "TweetHour"
        }
    }

    /// In the order in which they are shown; those of the key come first.
    var properties: [ODataProperty] {
        switch self {
        case .lists: ODataTable.listProperties
        case .totals: ODataTable.totalsProperties
        case .daily: ODataTable.dailyProperties
        case .hourly: ODataTable.hourlyProperties
        }
    }

    /// How many of ``properties`` are the key.
    var keyCount: Int {
        switch self {
        case .lists: 1
        case .totals: 2
        case .daily, .hourly: 3
        }
    }

    /// Whether a property may be null.
    func isNullable(_ property: Int) -> Bool {
        property >= keyCount && !["isConfigured", "size"].contains(properties[property].name)
    }

    /// The place of a property by its name.
    func property(_ name: some StringProtocol) -> Int? { properties.firstIndex { $0.name == name } }

    /// The GraphQL type that has the same fields, with their descriptions.
    var graphQLType: String {
        switch self {
        case .lists: "TweetList"
        case .totals: "TotalsRow"
        case .daily, .hourly: "SeriesRow"
        }
    }

    /// How many hours there are in a row of numbers over time; nil for the others.
    var hoursPerRow: Int? {
        switch self {
        case .lists, .totals: nil
        case .daily: 24
        case .hourly: 1
        }
    }

    /// How many days a window has that nobody said the length of.
    var defaultDays: Int { self == .daily ? 28 : 7 }

    private static let listProperties = [
        ODataProperty("name", .string), ODataProperty("description", .string), ODataProperty("account", .string),
        ODataProperty("isConfigured", .boolean), ODataProperty("size", .int64),
        ODataProperty("refreshedAt", .dateTimeOffset),
    ]
    private static let key = [ODataProperty("list", .string), ODataProperty("tweetId", .string)]
    private static let totalsProperties = key + metrics(.totals) + [ODataProperty("asOf", .dateTimeOffset)]
    private static let seriesTail =
        metrics(.series) + [ODataProperty("asOf", .dateTimeOffset), ODataProperty("source", .string)]
    private static let dailyProperties = key + [ODataProperty("date", .date)] + seriesTail
    private static let hourlyProperties = key + [ODataProperty("start", .dateTimeOffset)] + seriesTail

    private static func metrics(_ types: EngagementTypeSet) -> [ODataProperty] {
        types.types.map { ODataProperty("\($0)", .int64) } + [ODataProperty("engagementRate", .double)]
    }
}
