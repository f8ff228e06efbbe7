import Engagement
import EngagementGraph
import GraphQL
import JSON
import Testing

@Suite("What a mutation purges")
struct PurgePlanningTests {
    private let fixture: GraphFixture

    init() throws {
        fixture = try GraphFixture()
    }

    private func plan(_ arguments: String, isAllowed: Bool = true) throws -> PlannedPurge {
        let operation = try fixture.operation("mutation { purge\(arguments) { isDurable } }")
        let rules = PurgeRules(isAllowed: isAllowed, accounts: [AccountName("ada")])
        let planner = Planner(fixture.schema, purging: rules)
        let plan = try planner.plan(operation, account: GraphFixture.account, now: fixture.now)
        return try #require(plan.purges.first)
    }

    @Test(
        "The arguments select",
        arguments: [
            (
                #"(tweetIds: ["1", "2"])"#, PurgeSelection(tweets: [TweetID(rawValue: 1), TweetID(rawValue: 2)]),
                PurgeKind.hard
            ),
            (#"(account: "ada", soft: true)"#, PurgeSelection(account: AccountName("ada")), .soft),
            ("(family: TOTALS)", PurgeSelection(family: .totals), .hard),
            (
                #"(tweetIds: [7], account: "ada", family: SERIES, everything: false, soft: false)"#,
                PurgeSelection(tweets: [TweetID(rawValue: 7)], account: AccountName("ada"), family: .series), .hard
            ),
            ("(everything: true)", .everything, .hard),
            ("(everything: true, tweetIds: null, account: null, family: null)", .everything, .hard),
        ]
    )
    func selection(_ arguments: String, _ selection: PurgeSelection, _ kind: PurgeKind) throws {
        let purge = try plan(arguments)
        #expect(purge.selection == selection)
        #expect(purge.kind == kind)
    }

    @Test(
        "A purge that is a mistake is refused",
        arguments: [
            ("", "INVALID_PURGE"), ("(soft: true)", "INVALID_PURGE"), ("(everything: false)", "INVALID_PURGE"),
            ("(tweetIds: null)", "INVALID_PURGE"), ("(tweetIds: [])", "INVALID_PURGE"),
            (#"(tweetIds: [], account: "ada")"#, "INVALID_PURGE"),
            (#"(everything: true, tweetIds: ["1"])"#, "INVALID_PURGE"),
            ("(everything: true, family: SERIES)", "INVALID_PURGE"),
            (#"(account: "bob")"#, "UNKNOWN_ACCOUNT"), (#"(account: "")"#, "UNKNOWN_ACCOUNT"),
        ]
    )
    func mistakes(_ arguments: String, _ code: String) throws {
        let error = #expect(throws: GraphQLErrors.self) { try plan(arguments) }
        #expect(error?.errors.map { $0.extensions.first?.value.string } == [code])
        #expect(error?.errors.first?.path == [.key("purge")])
        #expect(error?.errors.first?.locations.count == 1)
    }

    @Test("It can be switched off")
    func switchedOff() throws {
        let error = #expect(throws: GraphQLErrors.self) { try plan("(everything: true)", isAllowed: false) }
        #expect(error?.errors.map { $0.extensions.first?.value.string } == ["PURGE_DISABLED"])
    }

    @Test("Fields are planned in their order, and those that are skipped are not")
    func order() throws {
        let plan = try fixture.plan(
            "mutation { b: purge(family: SERIES) { isDurable } c: purge(family: TOTALS) @skip(if: true) { isDurable } "
                + "a: purge(everything: true) { isDurable } }"
        )
        #expect(plan.purges.map(\.selection) == [PurgeSelection(family: .series), .everything])
        #expect(plan.needs.isEmpty)
    }

    @Test("An argument that cannot be coerced keeps the whole mutation from being done")
    func coercion() throws {
        let query =
            "mutation($all: Boolean) { a: purge(family: SERIES) { isDurable } b: purge(everything: $all) { isDurable } }"
        #expect(try fixture.refusals(query, variables: #"{"all": null}"#).count == 1)
    }

    @Test("Tweets count towards the limit")
    func limit() throws {
        var small = fixture
        small.limits.maximumTweets = 2
        #expect(try small.refusals("mutation { purge(tweetIds: [1, 2]) { isDurable } }").isEmpty)
        let codes = try small.refusals("mutation { purge(tweetIds: [1, 2, 3]) { isDurable } }").map(\.code)
        #expect(codes == ["TOO_MANY_TWEETS"])
    }
}
