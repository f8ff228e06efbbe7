internal import Glibc

/// A growing run of bytes that a response is written into, front to back, and that is then frozen and handed on without a
/// copy.
///
/// It owns memory of the C allocator, so that a C library can release it. A mark (the `count` at some moment) can be
/// returned to with ``truncate(to:)``, which is how a GraphQL null that propagates takes back what was already written.
@safe
public struct ByteBuffer: ~Copyable {
    @usableFromInline
    internal var base: UnsafeMutablePointer<UInt8>

    @usableFromInline
    internal var capacity: Int

    /// How many bytes have been written.
    @inlinable
    public var count: Int { _count }

    @usableFromInline
    internal var _count: Int

    /// An empty buffer with room for `capacity` bytes before it has to grow.
    public init(capacity: Int = 256) {
        let capacity = max(capacity, 32)
        unsafe base = ByteBuffer.allocate(capacity)
        self.capacity = capacity
        _count = 0
    }

    deinit {
        unsafe free(base)
    }

    // MARK: - Bytes

    /// Makes room for `additional` more bytes, at least doubling when the buffer has to move.
    @inlinable
    public mutating func reserve(_ additional: Int) {
        if _count &+ additional > capacity { grow(by: additional) }
    }

    /// Appends one byte.
    @inlinable
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        unsafe base[_count] = byte
        _count &+= 1
    }

    /// Appends the bytes of a literal.
    @inlinable
    public mutating func append(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length)
        unsafe (base + _count).update(from: text.utf8Start, count: length)
        _count &+= length
    }

    /// Appends the UTF-8 bytes of `text`.
    @inlinable
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append(contentsOf: UnsafeRawBufferPointer($0)) }
    }

    /// Appends the bytes of `slice`.
    @inlinable
    public mutating func append(_ slice: ArraySlice<UInt8>) {
        unsafe slice.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }

    /// Appends the bytes of `bytes`.
    @inlinable
    public mutating func append(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }

    /// Appends the bytes of `string`.
    @inlinable
    public mutating func append(_ string: ByteString) {
        unsafe string.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }

    /// Appends `bytes`, which must not lie inside this buffer.
    @inlinable
    public mutating func append(contentsOf bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        unsafe UnsafeMutableRawPointer(base + _count).copyMemory(from: source, byteCount: bytes.count)
        _count &+= bytes.count
    }

    /// Takes back everything after the first `count` bytes.
    @inlinable
    public mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= _count, "a mark lies inside the buffer")
        _count = count
    }

    // MARK: - Numbers

    /// Appends `value` in decimal.
    @inlinable
    public mutating func append(decimal value: Int64) {
        if value < 0 { append(ASCII.hyphen) }
        append(decimal: value.magnitude)
    }

    /// Appends `value` in decimal.
    @inlinable
    public mutating func append(decimal value: UInt64) {
        if value < 10 {
            append(ASCII.zero &+ UInt8(truncatingIfNeeded: value))
        } else {
            appendDigits(value)
        }
    }

    /// Appends `value` in decimal with zeros in front, up to `width` digits.
    public mutating func append(decimal value: UInt64, width: Int) {
        var digits = 1
        var rest = value / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        while digits < width {
            append(ASCII.zero)
            digits += 1
        }
        append(decimal: value)
    }

    /// Two digits a step, from the back; 20 digits are the most that 64 bits need.
    @usableFromInline
    internal mutating func appendDigits(_ value: UInt64) {
        reserve(20)
        let length = ByteBuffer.decimalLength(value)
        var position = _count &+ length
        _count = position
        var rest = value
        let pairs = unsafe ByteBuffer.digitPairs.utf8Start
        while rest >= 100 {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 100)
            position &-= 2
            let pair = Int(truncatingIfNeeded: remainder) &* 2
            unsafe base[position] = pairs[pair]
            unsafe base[position &+ 1] = pairs[pair &+ 1]
            rest = quotient
        }
        if rest >= 10 {
            let pair = Int(truncatingIfNeeded: rest) &* 2
            unsafe base[position &- 2] = pairs[pair]
            unsafe base[position &- 1] = pairs[pair &+ 1]
        } else {
            unsafe base[position &- 1] = ASCII.zero &+ UInt8(truncatingIfNeeded: rest)
        }
    }

    /// Four digits a step: numbers of a response are mostly short.
    private static func decimalLength(_ value: UInt64) -> Int {
        var length = 1
        var rest = value
        while rest >= 10_000 {
            rest /= 10_000
            length &+= 4
        }
        if rest >= 1000 { return length &+ 3 }
        if rest >= 100 { return length &+ 2 }
        return rest >= 10 ? length &+ 1 : length
    }

    private static let digitPairs: StaticString =
        """
        00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657\
        585960616263646566676869707172737475767778798081828384858687888990919293949596979899
        """

    // MARK: - Handing over

    /// Ends the writing and gives the bytes away, without a copy.
    public consuming func freeze() -> ByteString {
        let memory = unsafe UnsafeMutableRawBufferPointer(start: base, count: _count)
        discard self
        return unsafe ByteString(adopting: memory)
    }

    /// Calls `body` with the bytes written so far.
    @inlinable
    public borrowing func withUnsafeBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try unsafe body(UnsafeRawBufferPointer(start: base, count: _count))
    }

    // MARK: - Memory

    @usableFromInline
    internal mutating func grow(by additional: Int) {
        let (needed, overflow) = _count.addingReportingOverflow(additional)
        precondition(!overflow, "a buffer is smaller than the address space")
        let larger = max(needed, capacity &* 2)
        guard let moved = unsafe realloc(base, larger) else { ByteBuffer.outOfMemory(larger) }
        unsafe base = moved.assumingMemoryBound(to: UInt8.self)
        capacity = larger
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        guard let memory = unsafe malloc(capacity) else { outOfMemory(capacity) }
        return unsafe memory.assumingMemoryBound(to: UInt8.self)
    }

    private static func outOfMemory(_ size: Int) -> Never {
        preconditionFailure("out of memory for \(size) bytes")
    }
}
