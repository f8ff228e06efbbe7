internal import Glibc

/// Bytes that no longer change, shared by everyone who holds them: a response body, a schema text, a cached answer.
///
/// - Note: `@unchecked Sendable` holds because the memory is written only before `init` returns and released only in
///   `deinit`, when nobody holds the object any more.
@safe
public final class ByteString: @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer

    /// Takes over `memory`, which must come from the C allocator and have no other owner.
    internal init(adopting memory: UnsafeMutableRawBufferPointer) {
        unsafe self.memory = unsafe memory
    }

    /// A copy of `bytes`.
    public convenience init(_ bytes: [UInt8]) {
        unsafe self.init(adopting: bytes.withUnsafeBytes { unsafe ByteString.copy(of: $0) })
    }

    /// A copy of the UTF-8 bytes of `text`.
    public convenience init(_ text: String) {
        self.init([UInt8](text.utf8))
    }

    /// An allocation of no bytes may be nil in C, so at least one byte is asked for.
    private static func copy(of bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawBufferPointer {
        guard let memory = unsafe malloc(max(bytes.count, 1)) else {
            preconditionFailure("out of memory for \(bytes.count) bytes")
        }
        let copy = unsafe UnsafeMutableRawBufferPointer(start: memory, count: bytes.count)
        unsafe copy.copyMemory(from: bytes)
        return unsafe copy
    }

    deinit {
        unsafe free(memory.baseAddress)
    }

    /// How many bytes there are.
    public var count: Int { unsafe memory.count }

    /// Calls `body` with the bytes, which live as long as this object.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try unsafe body(UnsafeRawBufferPointer(memory))
    }

    /// A copy as an array.
    public var array: [UInt8] { unsafe withUnsafeBytes { unsafe [UInt8]($0) } }

    /// The bytes as text; bytes that are no UTF-8 are replaced.
    public var text: String { unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) } }
}
