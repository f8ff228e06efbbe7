import Engagement
import EngagementGraph
import GraphQL
import JSON
import Testing

@Suite("Lists in operations")
struct ListPlanningTests {
    private let fixture: GraphFixture
    private let lists: ListDirectory

    init() throws {
        fixture = try GraphFixture()
        lists = ListDirectory([
            NamedList(try name("autumn"), [3, 1, 2].map { TweetID(rawValue: $0) }, isConfigured: true),
            NamedList(try name("spring"), [5].map { TweetID(rawValue: $0) }, account: AccountName("bob")),
            NamedList(try name("empty"), []),
        ])
    }

    private func plan(_ query: String, isAllowed: Bool = true) throws -> EngagementPlan {
        let operation = try fixture.operation(query)
        let rules = ListRules(isAllowed: isAllowed, accounts: [GraphFixture.account, AccountName("bob")]) {
            [lists] in lists
        }
        return try Planner(fixture.schema, limits: fixture.limits, lists: rules)
            .plan(operation, account: GraphFixture.account, otherAccounts: [AccountName("bob")], now: fixture.now)
    }

    /// The code and the message of the one error.
    private func refusal(_ query: String, isAllowed: Bool = true) throws -> (code: String, error: GraphQLError) {
        let errors = try #require(#expect(throws: GraphQLErrors.self) { try plan(query, isAllowed: isAllowed) }).errors
        #expect(errors.count == 1)
        let error = try #require(errors.first)
        #expect(error.locations.count == 1 && error.path?.isEmpty == false)
        return (error.extensions.first?.value.string ?? "", error)
    }

    @Test(
        "A list stands for its Tweets, in its order",
        arguments: ["totals", "last28Hours", #"historical(start: "2026-03-01", "#]
    )
    func members(_ field: String) throws {
        let call = field.contains("(") ? field : field + "("
        let plan = try plan("{ \(call)list: \"autumn\") { favorites } }")
        #expect(plan.needs.map(\.tweets) == [[3, 1, 2].map { TweetID(rawValue: $0) }])
        #expect(plan.lists?.version == lists.version)
        #expect(plan.lists?.isChangeable == false)
    }

    @Test("The owner of a list is asked first, and fields of different owners share no need")
    func owner() throws {
        let plan = try plan("{ a: totals(list: \"spring\") { impressions } b: totals(tweetIds: [5]) { impressions } }")
        #expect(plan.needs.map(\.account.rawValue) == ["bob", "ada"])
        #expect(plan.needs.map { $0.otherAccounts.map(\.rawValue) } == [["ada"], ["bob"]])
        #expect(plan.lists?.isChangeable == true)
    }

    @Test(
        "What is asked wrongly is refused, with its place",
        arguments: [
            ("{ totals(list: \"autumn\", tweetIds: [1]) { favorites } }", "TWEETS_OR_LIST"),
            ("{ totals { favorites } }", "TWEETS_OR_LIST"),
            ("{ last28Hours(tweetIds: null, list: null) { favorites } }", "TWEETS_OR_LIST"),
            ("{ totals(list: \"autum\") { favorites } }", "UNKNOWN_LIST"),
            ("{ totals(list: \"no name!\") { favorites } }", "UNKNOWN_LIST"),
            ("mutation { addToList(name: \"autumn\", tweetIds: [1]) { size } }", "LIST_CONFIGURED"),
            ("mutation { addToList(name: \"sprang\", tweetIds: [1]) { size } }", "UNKNOWN_LIST"),
            ("mutation { removeList(name: \"\") { size } }", "INVALID_LIST"),
            ("mutation { saveList(name: \"a b\", tweetIds: []) { size } }", "INVALID_LIST"),
            ("mutation { saveList(name: \"a\", tweetIds: [], account: \"eve\") { size } }", "UNKNOWN_ACCOUNT"),
            (
                "mutation { saveList(name: \"a\", tweetIds: [], refresh: {everySeconds: 59}) { size } }",
                "INVALID_LIST"
            ),
            (
                "mutation { saveList(name: \"a\", tweetIds: [], refresh: {totals: [URL_CLICKS]}) { size } }",
                "INVALID_LIST"
            ),
            ("mutation { purge(list: \"nothing\") { isDurable } }", "UNKNOWN_LIST"),
            ("mutation { purge(list: \"autumn\", tweetIds: [1]) { isDurable } }", "TWEETS_OR_LIST"),
            ("mutation { purge(list: \"empty\") { isDurable } }", "INVALID_PURGE"),
        ]
    )
    func mistakes(_ query: String, _ code: String) throws {
        #expect(try refusal(query).code == code)
    }

    @Test("An unknown name is answered with those that look like it")
    func suggestions() throws {
        let message = try refusal("{ totals(list: \"autum\") { favorites } }").error.message
        #expect(message == #"There is no list "autum". Did you mean "autumn"?"#)
    }

    @Test("Mutations can be switched off")
    func switchedOff() throws {
        let code = try refusal("mutation { saveList(name: \"a\", tweetIds: [1]) { size } }", isAllowed: false).code
        #expect(code == "LISTS_DISABLED")
    }

    @Test("Fields of a mutation see what those before them do, in their order")
    func order() throws {
        let plan = try plan(
            """
            mutation {
              a: saveList(name: "new", tweetIds: [7, 7, 8], description: "x", refresh: {last28Hours: [URL_CLICKS]}) { size }
              b: removeFromList(name: "new", tweetIds: [7]) { size }
              c: purge(list: "new") { isDurable }
              d: removeList(name: "new") { size }
            }
            """
        )
        #expect(plan.purges.map(\.selection) == [PurgeSelection(tweets: [TweetID(rawValue: 8)])])
        #expect(plan.mutations == [.list(0), .list(1), .purge(0), .list(2)])
        let refresh = ListRefresh(last28Hours: EngagementTypeSet(.urlClicks))
        let saved = NamedList(
            try name("new"),
            [7, 8].map { TweetID(rawValue: $0) },
            description: "x",
            refresh: refresh
        )
        #expect(plan.listChanges.first == .save(saved))
        let isGone = "mutation { a: removeList(name: \"spring\") { size } b: purge(list: \"spring\") { isDurable } }"
        #expect(try refusal(isGone).code == "UNKNOWN_LIST")
    }

    @Test("Tweets of lists and of mutations count towards the limit")
    func limit() throws {
        var small = self
        small.limitTweets(2)
        #expect(throws: GraphQLErrors.self) { try small.plan("{ totals(list: \"autumn\") { favorites } }") }
        #expect(throws: GraphQLErrors.self) {
            try small.plan("mutation { saveList(name: \"a\", tweetIds: [1, 2, 3]) { size } }")
        }
        #expect(throws: Never.self) {
            try small.plan("mutation { addToList(name: \"spring\", tweetIds: [1, 2]) { size } }")
        }
    }

    private mutating func limitTweets(_ count: Int) { self = ListPlanningTests(self, count) }

    private init(_ other: ListPlanningTests, _ count: Int) {
        var fixture = other.fixture
        fixture.limits.maximumTweets = count
        self.fixture = fixture
        lists = other.lists
    }
}

private func name(_ text: String) throws -> ListName { try #require(ListName(text)) }
