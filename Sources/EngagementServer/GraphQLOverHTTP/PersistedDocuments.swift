internal import Digests
internal import Synchronization

/// Documents that clients name instead of sending: those of `config/queries`, and those that clients have taught us.
///
/// - `documentId` names a saved query by its file's name, or by `sha256:` and the hash of its text.
/// - Automatic persisted queries name any text by its hash. A hash that is not known is answered with
///   `PERSISTED_QUERY_NOT_FOUND`; the client then sends hash and text together, and the text is kept if they match.
internal final class PersistedDocuments: Sendable {
    private let saved: [String: [UInt8]]
    private let savedTexts: Set<[UInt8]>
    private let capacity: Int
    private let taught = Mutex(Taught())

    private struct Taught {
        var texts: [String: [UInt8]] = [:]
        /// The oldest is forgotten first: its client teaches it again.
        var order: [String] = []
        var next = 0
    }

    /// - Parameters:
    ///   - saved: Texts by name.
    ///   - capacity: How many texts clients may teach; 0 switches automatic persisted queries off.
    init(saved: [String: [UInt8]], capacity: Int) {
        var documents = saved
        for text in saved.values { documents["sha256:" + PersistedDocuments.hash(of: text)] = text }
        self.saved = documents
        self.capacity = capacity
        savedTexts = Set(saved.values)
    }

    var isAutomatic: Bool { capacity > 0 }

    /// The saved document of that name or `sha256:` hash.
    func document(id: String) -> [UInt8]? { saved[id] }

    func isSaved(_ text: ArraySlice<UInt8>) -> Bool { savedTexts.contains(Array(text)) }

    /// The text that a hash stands for: a saved one, or one that was taught.
    func document(hash: String) -> [UInt8]? {
        saved["sha256:" + hash] ?? taught.withLock { $0.texts[hash] }
    }

    /// Whether `hash` is that of `text`.
    func isHash(_ hash: String, of text: ArraySlice<UInt8>) -> Bool {
        PersistedDocuments.hash(of: Array(text)) == hash
    }

    /// Keeps a text under its hash, which has been checked. Only documents that are valid and within the limits come here, or
    /// clients could fill the memory with anything.
    func teach(_ text: ArraySlice<UInt8>, hash: String) {
        guard isAutomatic else { return }
        let bytes = Array(text)
        taught.withLock { taught in
            guard taught.texts[hash] == nil else { return }
            if taught.order.count < capacity {
                taught.order.append(hash)
            } else {
                taught.texts[taught.order[taught.next]] = nil
                taught.order[taught.next] = hash
                taught.next = (taught.next + 1) % capacity
            }
            taught.texts[hash] = bytes
        }
    }

    private static func hash(of text: [UInt8]) -> String { Hexadecimal.encode(SHA256.hash(text)) }
}
