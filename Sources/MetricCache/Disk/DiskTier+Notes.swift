internal import SQLite
internal import Synchronization

/// Short texts that the file keeps for whoever uses the cache.
extension DiskTier {
    /// Keeps `text` under `name`. If the file cannot be written now, it is not kept.
    func note(_ text: String, as name: String) {
        writer.withLock { writer in
            guard openIfNeeded(&writer) else { return }
            try? writer?.note(text, as: name)
        }
    }

    func note(_ name: String) -> String? {
        read { reader throws(SQLiteError) in try reader.note(name) } ?? nil
    }
}

extension MetricCache {
    /// Keeps a short text in the cache file, beside the numbers that it is about: when they are gone, it is too. It is not
    /// certain that it is kept. May wait for the disk.
    public func note(_ text: String, as name: String) { disk?.note(text, as: name) }

    /// What was kept under `name`; nil if nothing, or without a file.
    public func note(_ name: String) -> String? { disk?.note(name) }
}
