import Digests
import Testing

@Suite("Digests against published vectors")
struct DigestTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let message: String
        let sha1: String
        let sha256: String
        var testDescription: String { "\(message.prefix(12))… of \(message.utf8.count) bytes" }
    }

    /// FIPS 180-4 examples, and the million of them.
    static let vectors = [
        Vector(
            message: "",
            sha1: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        ),
        Vector(
            message: "abc",
            sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        ),
        Vector(
            message: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            sha1: "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
            sha256: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        Vector(
            message: String(repeating: "a", count: 1_000_000),
            sha1: "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
            sha256: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ]

    @Test("SHA-1 and SHA-256 give the digests of FIPS 180-4", arguments: vectors)
    func digests(vector: Vector) {
        #expect(Hexadecimal.encode(SHA1.hash(Array(vector.message.utf8))) == vector.sha1)
        #expect(Hexadecimal.encode(SHA256.hash(Array(vector.message.utf8))) == vector.sha256)
    }

    struct Code: Sendable {
        let key: [UInt8]
        let message: [UInt8]
        let code: String
    }

    /// RFC 2202 §3, all seven, and the empty key on the empty message.
    static let codes = [
        Code(
            key: Array(repeating: 0x0B, count: 20),
            message: Array("Hi There".utf8),
            code: "b617318655057264e28bc0b6fb378c8ef146be00"
        ),
        Code(
            key: Array("Jefe".utf8),
            message: Array("what do ya want for nothing?".utf8),
            code: "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        ),
        Code(
            key: Array(repeating: 0xAA, count: 20),
            message: Array(repeating: 0xDD, count: 50),
            code: "125d7342b9ac11cd91a39af48aa17b4f63f175d3"
        ),
        Code(
            key: Array(1...25),
            message: Array(repeating: 0xCD, count: 50),
            code: "4c9007f4026250c6bc8414f9bf50c86c2d7235da"
        ),
        Code(
            key: Array(repeating: 0x0C, count: 20),
            message: Array("Test With Truncation".utf8),
            code: "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"
        ),
        Code(
            key: Array(repeating: 0xAA, count: 80),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            code: "aa4ae5e15272d00e95705637ce8a3b55ed402112"
        ),
        Code(
            key: Array(repeating: 0xAA, count: 80),
            message: Array("Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data".utf8),
            code: "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"
        ),
        Code(key: [], message: [], code: "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d"),
    ]

    @Test("HMAC-SHA1 gives the codes of RFC 2202", arguments: codes)
    func authenticationCodes(vector: Code) {
        #expect(Hexadecimal.encode(HMACSHA1.authenticationCode(for: vector.message, key: vector.key)) == vector.code)
    }

    /// RFC 4231 §4, test cases 1 to 4 and 6.
    static let codes256 = [
        Code(
            key: Array(repeating: 0x0B, count: 20),
            message: Array("Hi There".utf8),
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        Code(
            key: Array("Jefe".utf8),
            message: Array("what do ya want for nothing?".utf8),
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        Code(
            key: Array(repeating: 0xAA, count: 20),
            message: Array(repeating: 0xDD, count: 50),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        Code(
            key: Array(1...25),
            message: Array(repeating: 0xCD, count: 50),
            code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        Code(
            key: Array(repeating: 0xAA, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ]

    @Test("HMAC-SHA256 gives the codes of RFC 4231", arguments: codes256)
    func authenticationCodes256(vector: Code) {
        #expect(Hexadecimal.encode(HMACSHA256.authenticationCode(for: vector.message, key: vector.key)) == vector.code)
    }

    @Test("equality looks at every byte")
    func equality() {
        #expect(ConstantTime.areEqual([], []))
        #expect(ConstantTime.areEqual([1, 2, 3], [1, 2, 3]))
        #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2, 4]))
        #expect(!ConstantTime.areEqual([1, 2, 3], [0, 2, 3]))
        #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2]))
    }

    @Test("random bytes have the length asked for and do not repeat")
    func random() {
        #expect(SecureRandom.bytes(0) == [])
        #expect(SecureRandom.bytes(33).count == 33)
        #expect(SecureRandom.bytes(16) != SecureRandom.bytes(16))
    }
}
