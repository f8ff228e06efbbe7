import Engagement
import EngagementAPI
import MetricCache
import Testing

@testable import SharedTier

@Suite("Keys and values of the shared tier")
struct KeyTests {
    static let names = [
        "acme", "everyone", "account=acme", "acme:1", "acme%3A1", "äcme", "", " ", "a\nb", "ACME", "acme\u{0}",
    ]

    @Test("No two records have the same key, whatever accounts are called")
    func distinct() {
        let keys = SharedKeys(prefix: "engageql", source: "https://api.example")
        let scopes = [CellScope.everyone] + KeyTests.names.map { .account(AccountName($0)) }
        var seen: Set<[UInt8]> = []
        for scope in scopes {
            for tweet: UInt64 in [1, 11] {
                for day in [nil, UTCDay(index: 1), UTCDay(index: 11), UTCDay(index: -1)] {
                    let name = RecordName(scope: scope, tweet: TweetID(rawValue: tweet), day: day)
                    #expect(seen.insert(keys.cells(name)).inserted, "\(name)")
                    #expect(seen.insert(keys.lease(name)).inserted, "\(name)")
                }
            }
        }
    }

    @Test("Keys are plain text, and say what they are of")
    func spelling() {
        let keys = SharedKeys(prefix: "team:engageql", source: "https://api.example")
        let name = RecordName(
            scope: .account(AccountName("a:ä")),
            tweet: TweetID(rawValue: 42),
            day: UTCDay(index: 20_000)
        )
        #expect(
            String(decoding: keys.cells(name), as: UTF8.self)
                == "team:engageql:1:https%3A%2F%2Fapi.example:cells:account=a%3A%C3%A4:42:20000"
        )
        #expect(
            String(decoding: keys.calls("account=a:ä", minute: 7), as: UTF8.self)
                == "team:engageql:1:https%3A%2F%2Fapi.example:calls:account%3Da%3A%C3%A4:7"
        )
    }

    @Test("Numbers of another source are elsewhere")
    func sources() {
        let name = RecordName(scope: .everyone, tweet: TweetID(rawValue: 1), day: nil)
        let one = SharedKeys(prefix: "engageql", source: "http://127.0.0.1:1")
        #expect(one.cells(name) != SharedKeys(prefix: "engageql", source: "http://127.0.0.1:2").cells(name))
    }

    @Test("A value is believed under its own key only, and only whole")
    func seals() {
        let seal = RecordSeal(secret: nil)
        let record: [UInt8] = [1, 1, 4, 0, 0, 0, 0, 9]
        let key = Array("key".utf8)
        let value = seal.seal(record, key: key)
        #expect(seal.open(value, key: key) == record)
        #expect(seal.open(value, key: Array("ke".utf8)) == nil)
        for place in value.indices {
            for bit in 0..<8 {
                var damaged = value
                damaged[place] ^= 1 << UInt8(bit)
                #expect(seal.open(damaged, key: key) == nil, "byte \(place), bit \(bit)")
            }
            #expect(seal.open(Array(value[..<place]), key: key) == nil, "cut after \(place)")
        }
        #expect(seal.open(value + [0], key: key) == nil)
        #expect(seal.open(seal.seal(Array(repeating: 0, count: 20_000), key: key), key: key) == nil)
    }

    @Test("With a secret, nobody without it can put a value there")
    func secrets() {
        let record: [UInt8] = [1, 1, 4, 0, 0, 0, 0, 9]
        let seals = [RecordSeal(secret: nil), RecordSeal(secret: Secret("one")), RecordSeal(secret: Secret("two"))]
        for (writer, seal) in seals.enumerated() {
            for (reader, other) in seals.enumerated() {
                let opened = other.open(seal.seal(record, key: [1]), key: [1])
                #expect(opened == (reader == writer ? record : nil), "\(writer) to \(reader)")
            }
        }
    }
}
