import Engagement
import EngagementServer
import JSON
import TestSupport
import Testing

@Suite("Lists and keys")
struct KeyedListTests {
    /// Asks with a key, and returns the response as text.
    private func ask(_ bed: TestBed, _ key: String, _ query: String) async throws -> String {
        let headers = TestBed.json + TestKey.bearer(key)
        return try await bed.send(headers: headers, body: TestBed.body(query, nil)).text
    }

    private func names(_ bed: TestBed, _ key: String) async throws -> Set<String> {
        let text = try await ask(bed, key, "{ lists { name } }")
        let json = try JSONValue(parsing: Array(text.utf8))
        return Set((json["data"]?["lists"]?.array ?? []).compactMap { $0["name"]?.string })
    }

    @Test("A key sees the lists of its accounts and those of nobody, or those of them that it may use")
    func seen() async throws {
        let bed = try KeyedBed.make()
        #expect(try await names(bed, TestKey.acme) == ["autumn", "common"])
        #expect(try await names(bed, TestKey.globex) == ["winter", "common"])
        #expect(try await names(bed, TestKey.both) == ["autumn", "winter", "common"])
        #expect(try await names(bed, TestKey.open) == ["common"])
        #expect(try await names(bed, TestKey.listed) == ["autumn"])
    }

    /// Ways to notice a list.
    private static let ways = [
        #"{ list(name: "autumn") { tweetIds } }"#, #"{ totals(list: "autumn") { favorites } }"#,
        #"{ totals(list: "autum") { favorites } }"#, #"{ growth(list: "autumn") { favorites } }"#,
        #"{ compare(groups: [{list: "autumn"}]) { total(of: FAVORITES) } }"#,
        #"mutation { addToList(name: "autumn", tweetIds: ["12"]) { tweetIds } }"#,
        #"mutation { removeFromList(name: "autumn", tweetIds: ["12"]) { tweetIds } }"#,
        #"mutation { purge(list: "autumn", account: "globex") { isDurable } }"#,
    ]

    @Test("Of other lists there is no trace", arguments: ways)
    func unseen(_ query: String) async throws {
        let bed = try KeyedBed.make()
        let text = try await ask(bed, TestKey.globex, query)
        #expect(!text.contains(KeyedBed.tweetOfAcme), "\(text)")
        #expect(!text.contains("Did you mean \\\"autumn"), "\(text)")
        let isUnknown = text.contains("UNKNOWN_LIST") || text == #"{"data":{"list":null}}"#
        #expect(isUnknown, "\(text)")
    }

    @Test("nor in the feed")
    func feed() async throws {
        let bed = try KeyedBed.make()
        for (path, status) in [
            ("/odata", 200), ("/odata/$metadata", 200), ("/odata/Lists", 200), ("/odata/autumn_Totals", 404),
            ("/odata/Totals?$filter=list%20eq%20'autumn'&$select=favorites", 200), ("/odata/Lists('autumn')", 404),
        ] {
            let response = try await bed.send(Probe(method: "GET", path: path, headers: TestKey.bearer(TestKey.globex)))
            #expect(response.status == status, "\(path): \(response.text.prefix(300))")
            if status == 200 { #expect(!response.text.contains("autumn"), "\(path)") }
        }
    }

    @Test("A list is of the account whose key makes it, and hidden from others, who cannot take its name")
    func made() async throws {
        let bed = try KeyedBed.make()
        let save = #"mutation { saveList(name: "spring", tweetIds: ["1260294888811347969"]) { account size } }"#
        #expect(try await ask(bed, TestKey.acme, save) == #"{"data":{"saveList":{"account":"acme","size":1}}}"#)
        #expect(try await names(bed, TestKey.acme).contains("spring"))
        #expect(try await !names(bed, TestKey.globex).contains("spring"))
        let taken = try await ask(bed, TestKey.globex, save)
        #expect(taken.contains("LIST_NAME_TAKEN") && !taken.contains("size"))
        for change in [
            #"mutation { removeList(name: "spring") { name } }"#,
            #"mutation { addToList(name: "spring", tweetIds: ["12"]) { name } }"#,
        ] {
            #expect(try await ask(bed, TestKey.globex, change).contains("UNKNOWN_LIST"))
        }
        #expect(try await ask(bed, TestKey.acme, #"{ list(name: "spring") { size } }"#).contains(#""size":1"#))
        let foreign = #"mutation { saveList(name: "x", tweetIds: ["12"], account: "globex") { size } }"#
        #expect(try await ask(bed, TestKey.acme, foreign).contains("UNKNOWN_ACCOUNT"))
    }

    @Test("A key with lists of its own makes no others")
    func restricted() async throws {
        let bed = try KeyedBed.make()
        let save = #"mutation { saveList(name: "spring", tweetIds: ["12"]) { size } }"#
        #expect(try await ask(bed, TestKey.listed, save).contains("FORBIDDEN"))
        #expect(
            try await ask(bed, TestKey.listed, #"{ totals(list: "common") { favorites } }"#).contains("UNKNOWN_LIST")
        )
        #expect(
            try await ask(bed, TestKey.listed, #"{ totals(list: "autumn") { tweetId } }"#).contains(
                KeyedBed.tweetOfAcme
            )
        )
    }
}
