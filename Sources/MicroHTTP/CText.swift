internal import Glibc

// Texts as C has them: bytes that end before a zero.
extension UnsafeRawPointer {
    /// How many bytes stand before the first zero.
    internal var terminatedLength: Int {
        unsafe strlen(assumingMemoryBound(to: CChar.self))
    }

    /// Whether the bytes before the first zero are those of `text`.
    internal func isTerminated(_ text: StaticString) -> Bool {
        unsafe strcmp(
            assumingMemoryBound(to: CChar.self),
            UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
        ) == 0
    }
}
