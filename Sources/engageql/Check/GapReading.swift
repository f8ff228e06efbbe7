import Engagement
import GraphQL
import MetricLoader

/// Reads from a document which cells its operation can lack: see ``UpstreamCost`` for what is assumed.
struct GapReading {
    private let document: Document
    private let listSize: Int
    private let now: UnixTime
    private let fragments: [String: FragmentDefinition]
    private(set) var gaps: [CellGap] = []

    /// Made-up Tweets that stand for those of a variable.
    private var standIns: [String: [TweetID]] = [:]
    private var nextStandIn: UInt64 = 1

    private static let account = AccountName("the account")

    init(document: Document, listSize: Int, now: UnixTime) {
        self.document = document
        self.listSize = listSize
        self.now = now
        let named = document.fragments.map { (document.text(of: $0.name), $0) }
        fragments = Dictionary(named) { first, _ in first }
    }

    // MARK: - Fields

    mutating func readRoot(_ selections: NodeRange) {
        for field in fields(of: selections) {
            switch document.text(of: field.name) {
            case "tweet": readTweets(field, tweets(of: "id", field))
            case "tweets": readTweets(field, tweets(of: "ids", field))
            default: readMetrics(field, selectedTweets(field))
            }
        }
    }

    private mutating func readTweets(_ field: Field, _ tweets: [TweetID]) {
        for child in fields(of: field.selectionSet ?? .empty) { readMetrics(child, tweets) }
    }

    private mutating func readMetrics(_ field: Field, _ tweets: [TweetID]) {
        let window: HourWindow?
        let family: EngagementTypeSet
        switch document.text(of: field.name) {
        case "totals": (window, family) = (nil, .totals)
        case "last28Hours": (window, family) = (.last28Hours(now: now), .series)
        case "historical": (window, family) = (historicalWindow(of: field), .series)
        default: return
        }
        let types = engagementTypes(of: field, family)
        let publicTypes = window == nil ? types.intersection(.publicTotals) : []
        let grain = grain(of: field, window)
        for (access, types) in [
            (UpstreamAccess.application, publicTypes),
            (.account(Self.account), types.subtracting(publicTypes)),
        ] where !types.isEmpty {
            gaps += tweets.map { CellGap(access: access, tweet: $0, types: types, window: window, grain: grain) }
        }
    }

    /// The fields of a selection set, those of fragments included, each fragment once.
    private func fields(of selections: NodeRange) -> [Field] {
        var fields: [Field] = []
        var visited: Set<String> = []
        var pending = [selections]
        while let range = pending.popLast() {
            for selection in document.selections[range.indices] {
                switch selection {
                case .field(let index): fields.append(document.fields[index])
                case .inlineFragment(let index): pending.append(document.inlineFragments[index].selectionSet)
                case .fragmentSpread(let index):
                    let name = document.text(of: document.fragmentSpreads[index].name)
                    guard let fragment = fragments[name], visited.insert(name).inserted else { continue }
                    pending.append(fragment.selectionSet)
                }
            }
        }
        return fields
    }

    // MARK: - Engagement types

    /// The types that rows show or are sorted by; all of the family where the long form names none, or a variable may.
    private func engagementTypes(of field: Field, _ family: EngagementTypeSet) -> EngagementTypeSet {
        var types: EngagementTypeSet = []
        for row in fields(of: field.selectionSet ?? .empty) {
            types.formUnion(EngagementTypeSet(rowField: document.text(of: row.name)))
        }
        if let order = argument("orderBy", of: field) {
            let names = enumerations(in: order)
            if names == nil { types.formUnion(family) }
            for name in names ?? [] { types.formUnion(EngagementTypeSet(orderField: name)) }
        }
        if types.isEmpty, grouping(of: field).map({ $0.contains("ENGAGEMENT_TYPE") }) ?? true { types = family }
        return types.intersection(family)
    }

    /// What `groupBy` lists; nil if a variable says it.
    private func grouping(of field: Field) -> [String]? {
        argument("groupBy", of: field).map { enumerations(in: $0) } ?? []
    }

    /// The names of enum values in a literal; nil if there is a variable in it.
    private func enumerations(in index: ValueIndex) -> [String]? {
        switch document.values[index.index].kind {
        case .variable: return nil
        case .enumeration(let name): return [document.text(of: name)]
        case .list(let elements): return join(elements.indices.map { enumerations(in: ValueIndex($0)) })
        case .object(let fields): return join(fields.indices.map { enumerations(in: document.objectFields[$0].value) })
        case .int, .float, .string, .boolean, .null: return []
        }
    }

    private func join(_ parts: [[String]?]) -> [String]? {
        parts.contains { $0 == nil } ? nil : parts.flatMap { $0 ?? [] }
    }

    // MARK: - Time

    private func historicalWindow(of field: Field) -> HourWindow {
        let end = min(time("end", of: field) ?? now, now).raisedHour
        let fourWeeks = end.advanced(by: -Endpoint.maximumWindowHours)
        guard let start = time("start", of: field)?.flooredHour, start < end else {
            return HourWindow(start: fourWeeks, end: end)
        }
        return HourWindow(start: max(start, Endpoint.earliestHistoricalHour), end: end)
    }

    /// The time in an argument, nil if it is not written there.
    private func time(_ name: String, of field: Field) -> UnixTime? {
        guard let index = argument(name, of: field), case .string(let literal) = document.values[index.index].kind
        else { return nil }
        return UnixTime(iso8601: document.text(of: literal))
    }

    /// Whole days of UTC are asked for as days, everything else by the hour.
    private func grain(of field: Field, _ window: HourWindow?) -> MetricNeed.Grain {
        guard let window, window.isDayAligned, argument("timeZone", of: field) == nil,
            let grouping = grouping(of: field), !grouping.contains("HOUR"), !grouping.contains("HOUR_OF_DAY")
        else { return .hour }
        return .day
    }

    // MARK: - Tweets

    private mutating func tweets(of name: String, _ field: Field) -> [TweetID] {
        argument(name, of: field).map { tweets(in: $0, isList: name != "id") } ?? []
    }

    /// Those of `tweetIds`, or of `list`, of which nobody knows here how many it has.
    private mutating func selectedTweets(_ field: Field) -> [TweetID] {
        guard let list = argument("list", of: field) else { return tweets(of: "tweetIds", field) }
        switch document.values[list.index].kind {
        case .null: return tweets(of: "tweetIds", field)
        default: return standIns(for: "list \(document.literalText(of: list))", listSize)
        }
    }

    private mutating func tweets(in index: ValueIndex, isList: Bool) -> [TweetID] {
        switch document.values[index.index].kind {
        case .variable(let name): return standIns(for: document.text(of: name), isList ? listSize : 1)
        case .list(let elements): return elements.indices.flatMap { tweets(in: ValueIndex($0), isList: false) }
        case .string, .int:
            // A number is printed as it is written, a string in quotation marks.
            let digits = document.literalText(of: index).filter { $0 != "\"" }
            return TweetID(utf8: Array(digits.utf8)[...]).map { [$0] } ?? []
        case .float, .boolean, .null, .enumeration, .object: return []
        }
    }

    private mutating func standIns(for variable: String, _ count: Int) -> [TweetID] {
        if let known = standIns[variable] { return known }
        let made = (0..<count).map { TweetID(rawValue: nextStandIn + UInt64($0)) }
        nextStandIn += UInt64(count)
        standIns[variable] = made
        return made
    }

    private func argument(_ name: String, of field: Field) -> ValueIndex? {
        document.arguments[field.arguments.indices].first { document.text(of: $0.name) == name }?.value
    }
}

extension EngagementTypeSet {
    /// What a field of a row needs: `quoteTweets`.
    fileprivate init(rowField name: String) {
        switch name {
        case "engagementRate": self = [EngagementTypeSet(.impressions), EngagementTypeSet(.engagements)]
        case "mediaClicks": self = EngagementTypeSet(.mediaEngagements)
        default:
            let wireName = name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
            self = EngagementType(wireName: wireName).map { EngagementTypeSet($0) } ?? []
        }
    }

    /// What a key of `orderBy` needs: `QUOTE_TWEETS`.
    fileprivate init(orderField name: String) {
        self =
            name == "ENGAGEMENT_RATE"
            ? [EngagementTypeSet(.impressions), EngagementTypeSet(.engagements)]
            : EngagementType(wireName: name.lowercased()).map { EngagementTypeSet($0) } ?? []
    }
}
