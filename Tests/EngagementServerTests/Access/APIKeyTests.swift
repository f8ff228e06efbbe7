import Digests
import Engagement
import Testing

@testable import EngagementServer

@Suite("An API key")
struct APIKeyTests {
    @Test("is eql_ and 48 digits, never twice the same, and readable again")
    func random() throws {
        var seen: Set<String> = []
        for _ in 0..<100 {
            let text = APIKey.random().reveal()
            #expect(text.wholeMatch(of: /eql_[0-9a-f]{48}/) != nil)
            #expect(seen.insert(text).inserted)
            #expect(APIKey(text)?.reveal() == text)
        }
    }

    @Test("has a checksum: no single wrong, lacking or doubled character is a key, nor two that changed places")
    func checksum() throws {
        let key = TestKey.acme
        #expect(APIKey(key) != nil)
        for place in key.indices {
            var text = key
            let other: Character = text[place] == "0" ? "1" : "0"
            text.replaceSubrange(place...place, with: [other])
            #expect(APIKey(text) == nil, "\(text)")
            text = key
            text.remove(at: place)
            #expect(APIKey(text) == nil, "\(text)")
            text = key
            text.insert(key[place], at: place)
            #expect(APIKey(text) == nil, "\(text)")
        }
        var characters = Array(key)
        for place in characters.indices.dropLast() where characters[place] != characters[place + 1] {
            characters.swapAt(place, place + 1)
            #expect(APIKey(String(characters)) == nil)
            characters.swapAt(place, place + 1)
        }
        #expect(APIKey(key.uppercased()) == nil)
        #expect(APIKey("") == nil)
    }

    /// `printf eql_293a… | sha256sum`
    @Test("is known by the SHA-256 of its text")
    func hash() throws {
        let hash = try #require(APIKey(TestKey.acme)).hash
        #expect("\(hash)" == "sha256:4b39c1ee44c429e08fffe9d578ed8937cf2e586ccd2c90b69c983b71657378c5")
        #expect(KeyHash("\(hash)") == hash)
        #expect(KeyHash("4b39c1ee44c429e08fffe9d578ed8937cf2e586ccd2c90b69c983b71657378c5") == nil)
        #expect(KeyHash("sha256:abc") == nil)
        #expect(KeyHash(TestKey.acme) == nil)
    }

    @Test("shows itself to nobody who prints it")
    func printing() throws {
        let key = try #require(APIKey(TestKey.acme))
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!"\(key) \(String(reflecting: key)) \(dumped)".contains(TestKey.acme))
    }
}

@Suite("A key in a request")
struct PresentedKeyTests {
    /// What `Authorization` has, and the key in it; nil for none.
    private static let headers: [(header: String, key: String?)] = [
        ("Bearer K", "K"), ("bearer K", "K"), ("BEARER   K", "K"),
        ("Basic \(base64("user:K"))", "K"), ("basic \(base64(":K"))", "K"), ("Basic \(base64("K:"))", "K"),
        ("Basic \(base64("user:K:with:colons"))", "K:with:colons"),
        ("Basic \(base64("K"))", nil), ("Basic K", nil), ("Basic", nil), ("Bearer", nil), ("K", nil), ("", nil),
        ("OAuth K", nil), ("Digest K", nil),
    ]

    @Test("is the token of Bearer, or the password of Basic, or its user where there is no password")
    func header() {
        for (header, key) in Self.headers {
            #expect(PresentedKey(authorization: header)?.hash == key.map { KeyHash(of: Array($0.utf8)) }, "\(header)")
        }
    }

    /// A query, the values of `key` in it, what is withheld and what is left.
    private static let queries: [(query: String, values: [String], part: String, rest: String?)] = [
        ("key=K", ["K"], "key=K", nil),
        ("a=1&key=K&b=2", ["K"], "key=K", "a=1&b=2"),
        ("%6Bey=K", ["K"], "%6Bey=K", nil),
        ("k%65%79=K&a", ["K"], "k%65%79=K", "a"),
        ("key=%4B", ["K"], "key=%4B", nil),
        ("key", [""], "key", nil),
        ("key=&a=1", [""], "key=", "a=1"),
        ("key=K&key=L", ["K", "L"], "key=K&key=L", nil),
        ("a=1&&key=K", ["K"], "key=K", "a=1&"),
    ]

    @Test("is taken out of the query, however its name is written")
    func query() throws {
        for (query, values, part, rest) in Self.queries {
            let key = try #require(QueryKey(query), "\(query)")
            #expect(key.values == values && key.part == part && key.rest == rest, "\(query)")
        }
        for query in [nil, "", "a=1", "keys=1", "Key=K", "monkey=K", "a=key=K"] as [String?] {
            #expect(QueryKey(query) == nil, "\(query ?? "nil")")
        }
    }

    private static func base64(_ text: String) -> String { Base64.encode(Array(text.utf8)) }
}
