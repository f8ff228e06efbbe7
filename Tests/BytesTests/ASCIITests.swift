import Bytes
import Testing

@Suite struct ASCIITests {
    @Test func `every byte is classed as the standard library classes its character`() {
        for byte in UInt8.min...UInt8.max {
            let character = byte < 0x80 ? Character(Unicode.Scalar(byte)) : "é"
            let isASCII = byte < 0x80
            #expect(ASCII.isDigit(byte) == (isASCII && character.isNumber), "\(byte)")
            #expect(ASCII.isLetter(byte) == (isASCII && character.isLetter), "\(byte)")
            let value = isASCII ? character.hexDigitValue.map { UInt8($0) } : nil
            #expect(ASCII.hexadecimalValue(byte) == value, "\(byte)")
        }
    }

    @Test func `hexadecimal digits are written in lower case, of the low four bits`() {
        let digits = (0..<32).map { ASCII.hexadecimalDigit($0) }
        #expect(String(decoding: digits, as: UTF8.self) == "0123456789abcdef0123456789abcdef")
    }
}
