import Digests
import Testing

@Suite("Base 64 and base 16")
struct TextEncodingTests {
    /// RFC 4648 §10.
    static let vectors = [
        ("", "", ""),
        ("f", "Zg==", "66"),
        ("fo", "Zm8=", "666f"),
        ("foo", "Zm9v", "666f6f"),
        ("foob", "Zm9vYg==", "666f6f62"),
        ("fooba", "Zm9vYmE=", "666f6f6261"),
        ("foobar", "Zm9vYmFy", "666f6f626172"),
    ]

    @Test("the vectors of RFC 4648 hold both ways", arguments: vectors)
    func bothWays(plain: String, base64: String, base16: String) {
        #expect(Base64.encode(Array(plain.utf8)) == base64)
        #expect(Base64.decode(base64) == Array(plain.utf8))
        #expect(Hexadecimal.encode(Array(plain.utf8)) == base16)
        #expect(Hexadecimal.decode(base16) == Array(plain.utf8))
        #expect(Hexadecimal.decode(base16.uppercased()) == Array(plain.utf8))
    }

    @Test("all bytes survive")
    func allBytes() {
        let bytes = [UInt8](0...255)
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(Base64.encode([0xFB, 0xFF]) == "+/8=")
        #expect(Hexadecimal.decode(Hexadecimal.encode(bytes)) == bytes)
    }

    @Test(
        "text that is not base 64 is refused",
        arguments: ["Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zg==Zg==", "Z===", "====", "Zm9v\n", "Zm 9", "Zm9-", "Zé9"]
    )
    func notBase64(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("text that is not base 16 is refused", arguments: ["0", "0g", "0x", " 0", "é"])
    func notBase16(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }
}
