internal import Bytes

/// The target of a request line, in its two parts (RFC 9112 §3.2).
internal struct RequestTarget: Equatable {
    /// The path without the query, undecoded. `*` for the asterisk form.
    let path: String

    /// What follows the question mark, undecoded, or nil.
    let query: String?

    /// How many bytes the target has.
    let byteCount: Int

    /// What stands for a target before one has arrived.
    static let none = RequestTarget(path: "/", query: nil, byteCount: 0)

    private init(path: String, query: String?, byteCount: Int) {
        self.path = path
        self.query = query
        self.byteCount = byteCount
    }

    /// The parts of `target`. Every text has some: what is neither origin nor absolute form is taken for a path.
    init(_ target: UnsafeRawBufferPointer) {
        byteCount = target.count
        var path = unsafe target[...]
        // The absolute form is what a client sends to a proxy, and servers must take it too (RFC 9112 §3.2.2).
        if let first = unsafe path.first, first != ASCII.slash {
            unsafe path = RequestTarget.withoutAuthority(path)
        }
        if let mark = unsafe path.firstIndex(of: ASCII.questionMark) {
            query = unsafe String(decoding: path[(mark + 1)...], as: UTF8.self)
            unsafe path = path[..<mark]
        } else {
            query = nil
        }
        self.path = unsafe path.isEmpty ? "/" : String(decoding: path, as: UTF8.self)
    }

    private static func withoutAuthority(
        _ target: Slice<UnsafeRawBufferPointer>
    ) -> Slice<UnsafeRawBufferPointer> {
        for scheme in ["http://", "https://"] where unsafe target.count >= scheme.utf8.count {
            let start = unsafe target[..<(target.startIndex + scheme.utf8.count)]
            guard unsafe start.elementsEqual(scheme.utf8, by: { $0 | 0x20 == $1 | 0x20 }) else { continue }
            let rest = unsafe target[(target.startIndex + scheme.utf8.count)...]
            let end = unsafe rest.firstIndex { $0 == ASCII.slash || $0 == ASCII.questionMark }
            return unsafe rest[(end ?? rest.endIndex)...]
        }
        return unsafe target
    }
}
