import Bytes
import Gzip
import Testing

@Suite("Gzip")
struct GzipTests {
    /// Written by GNU gzip: "hello, gzip\n" without name and time.
    static let fromGNUGzip: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0xD7, 0x51, 0x48,
        0xAF, 0xCA, 0x2C, 0xE0, 0x02, 0x00, 0x86, 0x1F, 0x82, 0xA4, 0x0C, 0x00, 0x00, 0x00,
    ]

    static func text(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* $0) >> 3) }
    }

    @Test("what GNU gzip packs is unpacked")
    func knownMember() throws {
        #expect(try Gzip.decompress(GzipTests.fromGNUGzip, limit: 100) == Array("hello, gzip\n".utf8))
    }

    @Test("what is packed unpacks to the same bytes", arguments: [0, 1, 2, 1000, 70_000, 300_000], [-3, 1, 6, 9, 99])
    func roundTrip(count: Int, level: Int) throws {
        let content = GzipTests.text(count)
        let packed = Gzip.compress(content, level: level)
        #expect(Gzip.isGzip(packed))
        #expect(try Gzip.decompress(packed, limit: count) == content)
        #expect(Gzip.compress(ByteString(content), level: level).array == packed)
    }

    @Test("a member that is made in pieces has all of each piece as soon as it is there")
    func pieces() throws {
        var stream = GzipStream(level: 1)
        var packed: [UInt8] = []
        for (place, count) in [0, 1, 70_000, 3, 300_000].enumerated() {
            packed += stream.append(ByteString(GzipTests.text(count))).array
            // The empty last block and the trailer are missing; what has come is all there is to unpack.
            #expect(throws: GzipError.truncated) { try Gzip.decompress(packed, limit: 1_000_000) }
            #expect(packed.suffix(4) == [0, 0, 0xFF, 0xFF] || place == 0)
        }
        packed += stream.finish().array
        let content = [0, 1, 70_000, 3, 300_000].flatMap(GzipTests.text)
        #expect(try Gzip.decompress(packed, limit: content.count) == content)
    }

    @Test("members in a row are one content")
    func members() throws {
        let packed = Gzip.compress(Array("ab".utf8)) + Gzip.compress([]) + Gzip.compress(Array("cd".utf8))
        #expect(try Gzip.decompress(packed, limit: 4) == Array("abcd".utf8))
        #expect(throws: GzipError.tooLarge(limit: 3)) { try Gzip.decompress(packed, limit: 3) }
    }

    @Test("every proper beginning of a member is truncated")
    func truncated() {
        let packed = GzipTests.fromGNUGzip
        for count in 0..<packed.count {
            #expect(throws: GzipError.truncated, "\(count) bytes") {
                try Gzip.decompress(Array(packed[..<count]), limit: 100)
            }
        }
    }

    @Test("a wrong checksum, length, method or magic is corrupt", arguments: [0, 1, 2, 24, 27, 28, 31])
    func corrupt(place: Int) {
        var packed = GzipTests.fromGNUGzip
        packed[place] ^= 0x40
        #expect(throws: GzipError.corrupt) { try Gzip.decompress(packed, limit: 100) }
    }

    @Test("a flipped bit anywhere never yields other content")
    func flippedBits() {
        for bit in 0..<GzipTests.fromGNUGzip.count * 8 {
            var packed = GzipTests.fromGNUGzip
            packed[bit / 8] ^= 1 << UInt8(bit % 8)
            let content = try? Gzip.decompress(packed, limit: 100)
            #expect(content == nil || content == Array("hello, gzip\n".utf8), "bit \(bit)")
        }
    }

    @Test("bytes behind the last member are refused", arguments: ["x", "rubbish that goes on", "\0\0\0\0"])
    func trailing(rubbish: String) {
        #expect(throws: GzipError.corrupt) {
            try Gzip.decompress(GzipTests.fromGNUGzip + Array(rubbish.utf8), limit: 100)
        }
    }

    @Test("plain text is not gzip")
    func plain() {
        #expect(!Gzip.isGzip(Array("{}".utf8)))
        #expect(throws: GzipError.corrupt) { try Gzip.decompress(Array("{\"a\":1}".utf8), limit: 100) }
    }

    @Test("a bomb stops at the limit")
    func bomb() {
        let bomb = Gzip.compress([UInt8](repeating: 0, count: 5_000_000), level: 9)
        #expect(bomb.count < 10_000)
        #expect(throws: GzipError.tooLarge(limit: 1_000_000)) { try Gzip.decompress(bomb, limit: 1_000_000) }
        #expect(throws: GzipError.tooLarge(limit: 4_999_999)) { try Gzip.decompress(bomb, limit: 4_999_999) }
        #expect(throws: GzipError.tooLarge(limit: 0)) { try Gzip.decompress(bomb, limit: 0) }
    }

    @Test("no content fits a limit of nothing")
    func emptyContent() throws {
        #expect(try Gzip.decompress(Gzip.compress([]), limit: 0) == [])
    }
}
