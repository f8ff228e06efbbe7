import Bytes
import JSON
import URLEncoding

/// What HTTP requests are decoded with: JSON text and URL-encoded forms. Both ways of reading JSON agree, and what is written
/// reads back the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let value = try? JSONValue(parsing: bytes)
    precondition((value != nil) == isSkipped(bytes), "reading and skipping accept the same texts")
    if let value {
        var buffer = ByteBuffer()
        buffer.append(json: value)
        let written = unsafe buffer.withUnsafeBytes { unsafe Array($0) }
        guard let again = try? JSONValue(parsing: written) else { preconditionFailure("what is written can be read") }
        precondition(again == value || !isFinite(value), "what is written reads back the same")
    }
    for item in URLEncodedForm.items(in: bytes) { precondition(item.name.utf8.count <= count * 3) }
    _ = URLEncodedForm.decodePath(String(decoding: bytes, as: UTF8.self))
    return 0
}

private func isSkipped(_ bytes: [UInt8]) -> Bool {
    var reader = JSONReader(bytes)
    do throws(JSONError) {
        try reader.skipValue()
        try reader.readEnd()
        return true
    } catch {
        return false
    }
}

/// Numbers beyond all doubles are read as infinite, which JSON cannot write.
private func isFinite(_ value: JSONValue) -> Bool {
    switch value {
    case .number(let number): number.isFinite
    case .array(let elements): elements.allSatisfy(isFinite)
    case .object(let members): members.allSatisfy { isFinite($0.value) }
    case .null, .boolean, .integer, .string: true
    }
}
