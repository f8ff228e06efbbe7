import EngagementGraph
import EngagementServer
import GraphQL
import JSON
import TestSupport
import Testing

@Suite("Limits of a document")
struct LimitTests {
    /// A limit, how it is set to 5, and documents of that size and of one more.
    private struct Limit: Sendable {
        let key: String
        let set: @Sendable (inout OperationLimits) -> Void
        let within: String
        let beyond: String

        init(
            _ key: String,
            _ set: @escaping @Sendable (inout OperationLimits) -> Void,
            _ document: (Int) -> String
        ) {
            self.key = key
            self.set = set
            within = document(5)
            beyond = document(6)
        }
    }

    private static func times(_ count: Int, _ text: (Int) -> String) -> String {
        (0..<count).map(text).joined(separator: " ")
    }

    private static let limits = [
        Limit("tokens", { $0.parser.maximumTokens = 5 }) { count in "{ \(times(count - 2) { _ in "__typename" }) }" },
        Limit("nesting", { $0.parser.maximumDepth = 5 }) { count in
            String(repeating: "{ ... ", count: count - 1) + "{ __typename }" + String(repeating: "}", count: count - 1)
        },
        Limit("aliases", { $0.document.maximumAliases = 5 }) { count in "{ \(times(count) { "a\($0): __typename" }) }"
        },
        Limit("directives", { $0.document.maximumDirectives = 5 }) { count in
            "{ \(times(count) { _ in "__typename @skip(if: false)" }) }"
        },
        Limit("fragments", { $0.document.maximumFragments = 5 }) { count in
            "{ \(times(count) { "...F\($0)" }) } \(times(count) { "fragment F\($0) on Query { __typename }" })"
        },
        Limit("rootFields", { $0.document.maximumRootFields = 5 }) { count in
            "{ \(times(count - 1) { _ in "__typename" }) ...F } fragment F on Query { __typename }"
        },
        Limit("depth", { $0.document.maximumDepth = 5 }) { count in
            "{ __type(name: \"Tweet\") \(String(repeating: "{ ofType ", count: count - 2)){ name }"
                + String(repeating: " }", count: count - 2) + " }"
        },
    ]

    @Test("are met exactly, and the error beyond names the key and the number")
    func oneBeyond() async throws {
        for limit in LimitTests.limits {
            let bed = try TestBed { server, _ in
                limit.set(&server.limits)
                // Saved queries have to fit the limits as well.
                server.queriesFolder = "nowhere"
            }
            let within = try await bed.ask(limit.within)
            #expect(within["errors"] == nil, "\(limit.key): \(within.text)")
            for (accept, status) in [(Probe.json, 200), (Probe.graphqlResponse, 400)] {
                let beyond = try await bed.send(.post(TestBed.body(limit.beyond, nil), accept: accept))
                #expect(beyond.status == status)
                #expect(beyond.data == .absent, "\(limit.key)")
                #expect(beyond.errorCount == 1)
                #expect(beyond.code == "DOCUMENT_TOO_LARGE", "\(limit.key): \(beyond.text)")
                #expect(beyond.message.contains("limits.\(limit.key) "), "\(beyond.message)")
                #expect(beyond.message.contains("the 5 "), "\(beyond.message)")
            }
        }
    }

    @Test("count bytes")
    func documentBytes() async throws {
        let bed = try TestBed { server, _ in server.limits.documentBytes = 20 }
        #expect(try await bed.send(.request("{'query':'{ __typename }      '}")).data == .present)
        let beyond = try await bed.send(.request("{'query':'{ __typename }       '}"))
        #expect(beyond.message == "The document has 21 bytes, more than the 20 that limits.documentBytes allows.")
        #expect(beyond.code == "DOCUMENT_TOO_LARGE")
    }

    @Test("count Tweets and what has to be looked up of them")
    func complexity() async throws {
        let bed = try TestBed { server, _ in
            server.limits.plan.maximumTweets = 6
            server.limits.plan.maximumLookups = 6
        }
        let query = "query($ids: [ID!]!) { totals(tweetIds: $ids, groupBy: []) { favorites } }"
        func ids(_ count: Int) -> JSONValue {
            .object([.init("ids", .array((1...count).map { .string("126029488881134796\($0)") }))])
        }
        #expect(try await bed.ask(query, ids(6))["data"]?["totals"] != nil)
        let tooMany = try await bed.ask(query, ids(7))["errors"]?[0]
        #expect(tooMany?["extensions"]?["code"] == .string("TOO_MANY_TWEETS"))
        #expect(tooMany?["message"]?.string?.contains("7 Tweets, more than the 6 that limits.tweets") == true)
        let both = "query($ids: [ID!]!) { tweets(ids: $ids) { totals { favorites } last28Hours { favorites } } }"
        let tooComplex = try await bed.ask(both, ids(4))["errors"]?[0]
        #expect(tooComplex?["extensions"]?["code"] == .string("TOO_COMPLEX"))
        #expect(tooComplex?["message"]?.string?.contains("8 look-ups") == true)
        #expect(tooComplex?["message"]?.string?.contains("limits.complexity") == true)
    }

    @Test("are far from a page of 25 cards")
    func pageOfCards() async throws {
        let cards = LimitTests.times(25) { index in
            """
            card\(index): tweet(id: "\(1_260_294_888_811_347_969 + index * 4_194_304)") {
              ...Card
              likes: totals { count: favorites shares: retweets replies quoteTweets videoViews }
            }
            """
        }
        let bed = try TestBed()
        let response = try await bed.ask(
            "{ \(cards) } fragment Card on Tweet { id createdAt totals { asOf favorites } }"
        )
        #expect(response["data"]?.members?.count == 25)
        #expect(response["data"]?["card0"]?["likes"]?["count"] == .integer(17111))
    }

    @Test("are far from 5,000 ids in variables")
    func manyIDs() async throws {
        let ids = (0..<5000).map { JSONValue.string("\(1_260_294_888_811_347_969 + $0 * 4_194_304)") }
        let query = "query($ids: [ID!]!) { tweets(ids: $ids) { id } }"
        let response = try await TestBed().ask(query, .object([.init("ids", .array(ids))]))
        #expect(response["data"]?["tweets"]?.array?.count == 5000)
    }

    @Test("hold for documents that are made to use up the stack")
    func deepFragments() async throws {
        func chain(_ type: String, _ open: String, _ leaf: String, root: (String) -> String) -> String {
            let count = 33
            let fragments = (0..<count).map { index in
                let inner = index == count - 1 ? leaf : "...F\(index + 1)"
                let (opening, closing) = (String(repeating: open, count: 190), String(repeating: "}", count: 190))
                return "fragment F\(index) on \(type){\(opening)\(inner)\(closing)}"
            }
            return root("...F0") + fragments.reversed().joined()
        }
        let bed = try TestBed()
        for document in [
            chain("Query", "...{", "__typename") { "{\($0)}" },
            chain("__Type", "ofType{", "name") { "{__type(name:\"Tweet\"){\($0)}}" },
        ] {
            let response = try await bed.send(.post(TestBed.body(document, nil)))
            #expect(response.errorCount == 1)
            #expect(response.data == .absent)
        }
        #expect(try await bed.ask("{ __typename }")["data"] != nil)
    }
}
