import Bytes
import MicroHTTP
import Testing

@testable import EngagementServer

@Suite("Range")
struct ByteRangeTests {
    /// The examples of RFC 9110 §14.1.2 and §14.4 among others, of a body of 10000 bytes: `first-last`, `416`, or nil for the
    /// whole.
    static let headers: [(header: String, part: String?)] = [
        ("bytes=0-499", "0-499"), ("bytes=500-999", "500-999"), ("bytes=-500", "9500-9999"),
        ("bytes=9500-", "9500-9999"),
        ("bytes=0-0", "0-0"), ("bytes=-1", "9999-9999"), ("bytes=0-", "0-9999"), ("bytes=9999-20000", "9999-9999"),
        ("bytes=-20000", "0-9999"), ("BYTES=1-2", "1-2"), ("bytes= 1 - 2", "1-2"),
        ("bytes=10000-", "416"), ("bytes=99999999999999999999-", "416"), ("bytes=-0", "416"),
        ("bytes=2-1", nil), ("bytes=0-0,-1", nil), ("bytes=", nil), ("bytes=-", nil), ("bytes=a-b", nil),
        ("rows=0-1", nil),
        ("bytes", nil), ("bytes=1", nil), ("bytes=+1-2", nil), ("bytes=--1", nil),
    ]

    @Test("RFC 9110 §14", arguments: headers)
    func part(_ header: String, _ expected: String?) {
        let body = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 / 16) }
        let whole = Self.response(body)
        let response = ByteRange(header)?.part(of: whole) ?? whole
        guard let expected, expected != "416" else {
            #expect(response.status == (expected == nil ? 200 : 416))
            #expect(response.header("Content-Range") == (expected == nil ? nil : "bytes */10000"))
            return
        }
        let ends = expected.split(separator: "-").compactMap { Int($0) }
        #expect(response.status == 206)
        #expect(response.header("Content-Range") == "bytes \(expected)/10000")
        guard case .bytes(let part) = response.body else { return #expect(Bool(false), "no bytes") }
        #expect(part.array == Array(body[ends[0]...ends[1]]))
    }

    /// (If-Range, whether the part is given)
    static let conditions: [(String, Bool)] = [
        ("\"tag\"", true), ("W/\"tag\"", false), ("\"other\"", false), ("Sat, 29 Oct 1994 19:43:31 GMT", false),
    ]

    @Test("If-Range, with the strong comparison", arguments: conditions)
    func condition(_ condition: String, _ holds: Bool) {
        let range = ByteRange("bytes=0-0", ifRange: condition)
        #expect(range?.part(of: Self.response([1, 2])).status == (holds ? 206 : 200))
    }

    @Test("what has no entity tag or is no success has no parts")
    func others() {
        let range = ByteRange("bytes=0-0")
        #expect(range?.part(of: HTTPResponse(status: 200, body: .bytes(ByteString("ab")))).status == 200)
        var failure = Self.response([1, 2])
        failure.status = 502
        #expect(range?.part(of: failure).status == 502)
    }

    private static func response(_ body: [UInt8]) -> HTTPResponse {
        HTTPResponse(status: 200, headers: [(name: "ETag", value: "\"tag\"")], body: .bytes(ByteString(body)))
    }
}
