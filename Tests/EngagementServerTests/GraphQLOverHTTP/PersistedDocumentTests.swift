import Digests
import EngagementServer
import Foundation
import JSON
import TestSupport
import Testing

@Suite("Documents that are named instead of sent")
struct PersistedDocumentTests {
    private static let text = "{ __typename }"
    private static let hash = hash(of: text)

    private static func hash(of text: String) -> String { Hexadecimal.encode(SHA256.hash(Array(text.utf8))) }

    /// A request of the protocol of automatic persisted queries.
    private static func body(_ query: String?, hash: String, version: Int = 1) -> String {
        let text = query.map { JSONValue.object([.init("query", .string($0))]).text.dropLast() + "," } ?? "{"
        return text + #""extensions":{"persistedQuery":{"version":\#(version),"sha256Hash":"\#(hash)"}}}"#
    }

    private static func parameters(_ query: String?, hash: String) -> [(name: String, value: String)] {
        let extensions = #"{"persistedQuery":{"version":1,"sha256Hash":"\#(hash)"}}"#
        return (query.map { [(name: "query", value: $0)] } ?? []) + [(name: "extensions", value: extensions)]
    }

    // MARK: - Automatic persisted queries

    @Test("by hash: not known, taught, known, by POST and by GET", arguments: [false, true])
    func automatic(isGet: Bool) async throws {
        let bed = try TestBed()
        func ask(_ query: String?) async throws -> RawClient.Response {
            let (text, hash) = (PersistedDocumentTests.text, PersistedDocumentTests.hash)
            let query = query.map { _ in text }
            return try await bed.send(
                isGet
                    ? .get(PersistedDocumentTests.parameters(query, hash: hash))
                    : .post(PersistedDocumentTests.body(query, hash: hash))
            )
        }
        let unknown = try await ask(nil)
        #expect(unknown.status == 200)
        #expect(unknown.data == .absent)
        #expect(unknown.errorCount == 1)
        #expect(unknown.message == "PersistedQueryNotFound")
        #expect(unknown.code == "PERSISTED_QUERY_NOT_FOUND")
        for query in [PersistedDocumentTests.text, nil, nil] {
            #expect(try await ask(query).data == .present)
        }
        // Hashes are hexadecimal, in either case.
        let upper = PersistedDocumentTests.body(nil, hash: PersistedDocumentTests.hash.uppercased())
        #expect(try await bed.send(.post(upper)).data == .present)
    }

    @Test("A hash of something else is refused, and teaches nothing")
    func wrongHash() async throws {
        let bed = try TestBed()
        let other = PersistedDocumentTests.hash(of: "{ __schema { description } }")
        let wrong = try await bed.send(.post(PersistedDocumentTests.body(PersistedDocumentTests.text, hash: other)))
        #expect(wrong.code == "PERSISTED_QUERY_HASH_MISMATCH")
        #expect(wrong.data == .absent)
        #expect(
            try await bed.send(.post(PersistedDocumentTests.body(nil, hash: other))).code == "PERSISTED_QUERY_NOT_FOUND"
        )
    }

    @Test("Another version of the protocol is refused")
    func version() async throws {
        let body = PersistedDocumentTests.body(
            PersistedDocumentTests.text,
            hash: PersistedDocumentTests.hash,
            version: 2
        )
        #expect(try await TestBed().send(.post(body)).status == 400)
    }

    @Test("Only documents that are valid and within the limits are kept")
    func onlyGoodDocuments() async throws {
        let bed = try TestBed()
        let long = "{ __typename } #" + String(repeating: "x", count: 70_000)
        for text in ["{ nothing }", "{", "mutation { a }", long] {
            let hash = PersistedDocumentTests.hash(of: text)
            #expect(try await bed.send(.post(PersistedDocumentTests.body(text, hash: hash))).data == .absent)
            let again = try await bed.send(.post(PersistedDocumentTests.body(nil, hash: hash)))
            #expect(again.code == "PERSISTED_QUERY_NOT_FOUND", "\(text.prefix(20))")
        }
    }

    @Test("The oldest is forgotten when there are too many")
    func capacity() async throws {
        let bed = try TestBed { server, _ in server.persistedQueries = 2 }
        let texts = ["{ a: __typename }", "{ b: __typename }", "{ c: __typename }"]
        for text in texts {
            let body = PersistedDocumentTests.body(text, hash: PersistedDocumentTests.hash(of: text))
            #expect(try await bed.send(.post(body)).data == .present)
        }
        var isKnown: [Bool] = []
        for text in texts {
            let body = PersistedDocumentTests.body(nil, hash: PersistedDocumentTests.hash(of: text))
            isKnown.append(try await bed.send(.post(body)).data == .present)
        }
        #expect(isKnown == [false, true, true])
    }

    @Test("Switched off, clients are told to send the text, and a text that comes along is answered")
    func automaticOff() async throws {
        let bed = try TestBed { server, _ in server.persistedQueries = 0 }
        let (text, hash) = (PersistedDocumentTests.text, PersistedDocumentTests.hash)
        let refused = try await bed.send(.post(PersistedDocumentTests.body(nil, hash: hash)))
        #expect(refused.message == "PersistedQueryNotSupported")
        #expect(refused.code == "PERSISTED_QUERY_NOT_SUPPORTED")
        #expect(try await bed.send(.post(PersistedDocumentTests.body(text, hash: hash))).data == .present)
    }

    // MARK: - Saved queries

    private static let saved = """
        # Two fragments.
        query Card($id: ID!) { tweet(id: $id) { ...Identity totals { ...Public } } }
        fragment Identity on Tweet { id }
        fragment Public on TotalsRow { favorites retweets }

        """

    /// A server with one saved query of two fragments, and none of the package's.
    private static func bed(
        _ folder: TemporaryFolder,
        adjust: (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> TestBed {
        try Data(saved.utf8).write(to: folder.url.appending(path: "card.graphql"))
        return try TestBed { server, _ in
            server.queriesFolder = folder.url.path
            adjust(&server)
        }
    }

    private static let variables = #""variables":{"id":"1260294888811347969"}"#

    @Test("documentId names a saved query by its file or by its hash, by POST and by GET")
    func documentID() async throws {
        let folder = try TemporaryFolder()
        let bed = try PersistedDocumentTests.bed(folder)
        for id in ["card", "sha256:" + PersistedDocumentTests.hash(of: PersistedDocumentTests.saved)] {
            let variables = (name: "variables", value: #"{"id":"1260294888811347969"}"#)
            for probe in [
                Probe.post(#"{"documentId":"\#(id)",\#(PersistedDocumentTests.variables)}"#),
                Probe.get([(name: "documentId", value: id), variables]),
            ] {
                let response = try await bed.send(probe)
                #expect(response.json?["data"]?["tweet"]?["totals"]?["favorites"] == .integer(17111))
                #expect(response.errorCount == 0)
            }
        }
        // Clients of the automatic protocol may know it as well.
        let hash = PersistedDocumentTests.hash(of: PersistedDocumentTests.saved)
        let byHash =
            PersistedDocumentTests.body(nil, hash: hash).dropLast() + "," + PersistedDocumentTests.variables + "}"
        #expect(try await bed.send(.post(String(byHash))).data == .present)
    }

    @Test(
        "A saved query that is not there is one error in a well-formed response",
        arguments: ["x", "", "sha256:00", "../card"]
    )
    func unknownDocument(_ id: String) async throws {
        let bed = try TestBed()
        let response = try await bed.send(.post(#"{"documentId":"\#(id)"}"#))
        #expect(response.status == 200)
        #expect(response.errorCount == 1)
        #expect(response.code == "PERSISTED_DOCUMENT_NOT_FOUND")
        #expect(response.data == .absent)
        let modern = try await bed.send(.post(#"{"documentId":"\#(id)"}"#, accept: Probe.graphqlResponse))
        #expect(modern.status == 400)
        #expect(modern.json == response.json)
    }

    // MARK: - Safelist

    @Test("Enforced, the safelist answers saved queries only, however they come")
    func safelist() async throws {
        let folder = try TemporaryFolder()
        let bed = try PersistedDocumentTests.bed(folder) { $0.safelist = .enforce }
        let hash = PersistedDocumentTests.hash(of: PersistedDocumentTests.saved)
        let byText = JSONValue.object([.init("query", .string(PersistedDocumentTests.saved))]).text.dropLast()
        for request in [
            #"{"documentId":"card",\#(PersistedDocumentTests.variables)}"#,
            byText + "," + PersistedDocumentTests.variables + "}",
            PersistedDocumentTests.body(nil, hash: hash).dropLast() + "," + PersistedDocumentTests.variables + "}",
        ] {
            #expect(try await bed.send(.post(request)).data == .present)
        }
        for request in [
            #"{"query":"{ __typename }"}"#, #"{"query":"{ nothing }"}"#, #"{"query":"{"}"#,
            PersistedDocumentTests.body(PersistedDocumentTests.text, hash: PersistedDocumentTests.hash),
        ] {
            let refused = try await bed.send(.post(request))
            #expect(refused.status == 200)
            #expect(refused.code == "NOT_ON_SAFELIST")
            #expect(refused.data == .absent)
            #expect(try await bed.send(.post(request, accept: Probe.graphqlResponse)).status == 403)
        }
        let taught = try await bed.send(.post(PersistedDocumentTests.body(nil, hash: PersistedDocumentTests.hash)))
        #expect(taught.code == "PERSISTED_QUERY_NOT_FOUND")
    }

    @Test("Merely watching or off, it answers everything", arguments: [Safelist.off, .log])
    func safelistNotEnforced(_ mode: Safelist) async throws {
        let bed = try TestBed { server, _ in server.safelist = mode }
        #expect(try await bed.send(.request("{'query':'{ __typename }'}")).data == .present)
    }
}
