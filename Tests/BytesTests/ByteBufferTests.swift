import Bytes
import Testing

@Suite struct ByteBufferTests {
    /// What `write` leaves in a buffer that starts small.
    private func written(_ write: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer(capacity: 0)
        write(&buffer)
        return buffer.freeze().text
    }

    /// Where digits begin or end: zero, each power of ten and its neighbours, and the ends of the range.
    private static let edges: [UInt64] = {
        var edges: [UInt64] = [0, 1, 9, 10, 11, 42, UInt64(Int64.max), UInt64(Int64.max) + 1, .max - 1, .max]
        var power: UInt64 = 1
        for _ in 0..<19 {
            power *= 10
            edges += [power - 1, power, power + 1]
        }
        return edges
    }()

    @Test(arguments: ByteBufferTests.edges)
    func `a number is written as the standard library writes it`(value: UInt64) {
        #expect(written { $0.append(decimal: value) } == String(value))
        guard let signed = Int64(exactly: value) else { return }
        #expect(written { $0.append(decimal: signed) } == String(signed))
        #expect(written { $0.append(decimal: -signed) } == String(-signed))
    }

    @Test func `the smallest number is written`() {
        #expect(written { $0.append(decimal: Int64.min) } == "-9223372036854775808")
    }

    @Test(arguments: [(0, 1, "0"), (0, 4, "0000"), (7, 2, "07"), (42, 2, "42"), (123, 2, "123"), (5, 0, "5")])
    func `a number is filled up with zeros to its width`(value: UInt64, width: Int, text: String) {
        #expect(written { $0.append(decimal: value, width: width) } == text)
    }

    @Test func `everything that can be appended arrives in its order`() {
        let text = written { buffer in
            buffer.append(ASCII.leftBrace)
            buffer.append("static")
            buffer.append("é\(1)" as String)
            buffer.append([UInt8]("array".utf8))
            buffer.append([UInt8]("-slice-".utf8)[1..<6])
            buffer.append(ByteString("string"))
            buffer.append("" as String)
            buffer.append([UInt8]())
        }
        #expect(text == "{staticé1arrayslicestring")
    }

    @Test func `a buffer grows without losing what it has`() {
        var buffer = ByteBuffer(capacity: 1)
        var expected: [UInt8] = []
        for index in 0..<10_000 {
            let byte = UInt8(truncatingIfNeeded: index)
            if index.isMultiple(of: 7) {
                buffer.append([byte, byte, byte])
                expected += [byte, byte, byte]
            } else {
                buffer.append(byte)
                expected.append(byte)
            }
        }
        #expect(buffer.count == expected.count)
        #expect(unsafe buffer.withUnsafeBytes { unsafe [UInt8]($0) } == expected)
        #expect(buffer.freeze().array == expected)
    }

    @Test func `what comes after a mark can be taken back`() {
        let text = written { buffer in
            buffer.append("kept")
            let mark = buffer.count
            buffer.append(String(repeating: "dropped", count: 100))
            buffer.truncate(to: mark)
            buffer.append("!")
            buffer.truncate(to: buffer.count)
        }
        #expect(text == "kept!")
    }

    @Test func `an empty buffer freezes to no bytes`() {
        let frozen = ByteBuffer().freeze()
        #expect(frozen.count == 0)
        #expect(frozen.array.isEmpty)
        #expect(frozen.text == "")
    }

    @Test func `a byte string is what it was made of`() {
        let bytes: [UInt8] = [0, 1, 0xFF, 0x41]
        #expect(ByteString(bytes).array == bytes)
        #expect(ByteString(bytes).count == 4)
        #expect(ByteString("naïve €").text == "naïve €")
        #expect(ByteString([0x41, 0xFF]).text == "A\u{FFFD}")
        #expect(ByteString([]).count == 0)
    }
}
