import Bytes
import Engagement
import EngagementGraph
import Foundation
import GraphQL
import JSON

/// What a table of a test holds for a Tweet and type, in the hours of a bucket; nil for totals.
typealias CellSource = (_ tweet: TweetID, _ type: EngagementType, _ hours: HourWindow?) -> Cell

/// From the text of an operation to the text of its response, with tables that the test fills.
struct GraphFixture {
    let schema: EngagementSchema
    let now: UnixTime
    var limits = PlanLimits()

    static let account = AccountName("ada")

    /// A fixture in which it is `now`; the default is a Tuesday, two days after Berlin's clocks went forward.
    init(now: String = "2026-03-31T10:30:00Z") throws {
        schema = try GraphFixture.schema.get()
        self.now = time(now)
    }

    private static let schema = Result { try EngagementSchema(source()) }

    /// The schema at the top of the package.
    static func source() throws -> Source {
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let data = try Data(contentsOf: package.appending(path: "schema.graphql"))
        return Source([UInt8](data), name: "schema.graphql")
    }

    func operation(_ query: String, variables: String? = nil) throws -> GraphQL.Operation {
        let document = try PreparedDocument(Source([UInt8](query.utf8), name: "test"), schema: schema.schema)
        return try document.operation(named: nil).bind(variables: variables.map { JSONReader([UInt8]($0.utf8)) })
    }

    func plan(_ query: String, variables: String? = nil) throws -> EngagementPlan {
        let operation = try operation(query, variables: variables)
        return try Planner(schema, limits: limits).plan(operation, account: GraphFixture.account, now: now)
    }

    /// The code and message of each error that a plan is refused with; empty if it is not.
    func refusals(_ query: String, variables: String? = nil) throws -> [Refusal] {
        do {
            _ = try plan(query, variables: variables)
            return []
        } catch let error as GraphQLErrors {
            return error.errors.map { Refusal(code: $0.extensions.first?.value.string ?? "", error: $0) }
        }
    }

    struct Refusal {
        let code: String
        let error: GraphQLError
    }

    /// The whole response.
    func respond(
        _ query: String,
        variables: String? = nil,
        gaps: [AnswerGap] = [],
        cells: CellSource = counts
    ) throws -> String {
        let operation = try operation(query, variables: variables)
        let plan = try Planner(schema, limits: limits).plan(operation, account: GraphFixture.account, now: now)
        let tables = plan.needs.map { table($0, cells) }
        let resolver = EngagementResolver(plan, schema: schema, tables: tables, gaps: gaps)
        var buffer = ByteBuffer()
        Executor.execute(operation, with: resolver, additionalErrors: resolver.absences, into: &buffer)
        return buffer.freeze().text
    }
}

/// The answer to a need, cell by cell.
func table(_ need: MetricNeed, _ cells: CellSource) -> MetricTable {
    var table = MetricTable(need)
    let width = need.grain == .day ? 24 : 1
    for (row, tweet) in need.tweets.enumerated() {
        for type in need.types.types {
            for bucket in 0..<table.bucketCount {
                let hours = need.window.map { window in
                    let start = window.start.advanced(by: bucket * width)
                    return HourWindow(start: start, end: start.advanced(by: width))
                }
                table[row, type, bucket] = cells(tweet, type, hours)
            }
        }
    }
    return table
}

/// Easy to add up in one's head: totals are the Tweet's id × 100 + the type's number, and in each hour every type has
/// the Tweet's id. Tweet *n* was asked for *n* seconds before 2026-03-31T10:30:00Z.
func counts(_ tweet: TweetID, _ type: EngagementType, _ hours: HourWindow?) -> Cell {
    let id = Int64(tweet.rawValue)
    return counted(hours.map { id * Int64($0.hours) } ?? id * 100 + Int64(type.rawValue), secondsOld: id)
}

func counted(_ count: Int64, secondsOld: Int64 = 0) -> Cell {
    let fetchedAt = time("2026-03-31T10:30:00Z").seconds - secondsOld
    return Cell(count: count, fetchedAt: UInt32(fetchedAt), state: .counted, freshness: .fresh)
}

func absent(_ state: Cell.State) -> Cell {
    Cell(count: 0, fetchedAt: counted(0).fetchedAt, state: state, freshness: .fresh)
}

func time(_ text: String) -> UnixTime {
    guard let time = UnixTime(iso8601: text) else { preconditionFailure("\(text) is no time") }
    return time
}

func window(_ start: String, _ end: String) -> HourWindow {
    HourWindow(start: time(start).flooredHour, end: time(end).flooredHour)
}

func tweets(_ ids: UInt64...) -> [TweetID] { ids.map(TweetID.init(rawValue:)) }

func types(_ types: EngagementType...) -> EngagementTypeSet { EngagementTypeSet(types) }

/// An operation and the response that it must have, to the byte.
struct ResponseCase: CustomStringConvertible, Sendable {
    let name: String
    let query: String
    /// The value of `data`; what the fixture's ``counts(_:_:_:)`` give.
    let data: String

    init(_ name: String, _ query: String, _ data: String) {
        self.name = name
        self.query = query
        self.data = data
    }

    var description: String { name }
    var response: String { "{\"data\":\(data)}" }
}
