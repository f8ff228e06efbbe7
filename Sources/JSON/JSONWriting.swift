public import Bytes

/// JSON text (RFC 8259) appended to a buffer. Structure is the caller's: it writes braces, commas and colons itself.
extension ByteBuffer {
    /// Appends `text` as a JSON string with its quotation marks.
    public mutating func append(jsonString text: String) {
        var text = text
        text.withUTF8 { bytes in
            unsafe append(jsonStringBytes: UnsafeRawBufferPointer(bytes))
        }
    }

    /// Appends the UTF-8 text `bytes` as a JSON string with its quotation marks.
    public mutating func append(jsonString bytes: ArraySlice<UInt8>) {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe append(jsonStringBytes: bytes)
        }
    }

    /// Runs without special bytes are copied whole.
    private mutating func append(jsonStringBytes bytes: UnsafeRawBufferPointer) {
        append(ASCII.quotationMark)
        var start = 0
        for index in bytes.indices {
            let byte = unsafe bytes[index]
            guard byte < ASCII.space || byte == ASCII.quotationMark || byte == ASCII.backslash else { continue }
            unsafe append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
            appendEscape(byte)
            start = index + 1
        }
        unsafe append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start..<bytes.count]))
        append(ASCII.quotationMark)
    }

    private mutating func appendEscape(_ byte: UInt8) {
        append(ASCII.backslash)
        switch byte {
        case ASCII.lineFeed: append(UInt8(ascii: "n"))
        case ASCII.carriageReturn: append(UInt8(ascii: "r"))
        case ASCII.tab: append(UInt8(ascii: "t"))
        case 0..<ASCII.space:
            append("u00")
            append(ASCII.hexadecimalDigit(byte >> 4))
            append(ASCII.hexadecimalDigit(byte))
        default: append(byte)
        }
    }

    /// Appends `value` as the shortest JSON number that reads back the same, or `null` for a value JSON cannot write.
    public mutating func append(jsonNumber value: Double) {
        guard value.isFinite else { return append("null") }
        if value == value.rounded(), abs(value) < 1e15 {
            append(decimal: Int64(value))
            append(".0")
        } else {
            append(value.description)
        }
    }

    /// Appends `true` or `false`.
    public mutating func append(jsonBoolean value: Bool) {
        if value { append("true") } else { append("false") }
    }
}
