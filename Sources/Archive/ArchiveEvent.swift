public import SQLite

/// What happens to an archive that an operator should know. Events come on the thread where they happen and must not call the
/// archive.
public enum ArchiveEvent: Equatable, Sendable {
    /// The file is in use.
    case opened(path: String)
    /// A file that is no usable archive was renamed, and a new one takes its place.
    case setAside(path: String, movedTo: String, reason: DatabaseFile.SetAsideReason)
    /// The file cannot be used for now.
    case unavailable(path: String, SQLiteError)
    /// What was observed could not be written; it waits. It is tried again later.
    case writeFailed(SQLiteError)
    /// Writing works again after ``writeFailed(_:)`` or ``unavailable(path:_:)``.
    case writingResumed
    /// The file could not be read; what is in it counts as not observed.
    case readFailed(SQLiteError)
    /// The histories of so many Tweets had to make room, those that were observed longest ago.
    case evicted(Int)
    /// So many Tweets stayed unavailable for as long as is set; their numbers were removed.
    case removed(tweets: Int)
}

extension ArchiveEvent: CustomStringConvertible {
    public var description: String {
        switch self {
        case .opened(let path): "archive file \(path) is in use"
        case .setAside(let path, let target, let reason):
            "archive file \(path) was moved to \(target), because it \(reason); observations begin anew"
        case .unavailable(let path, let error): "archive file \(path) cannot be used: \(error)"
        case .writeFailed(let error): "the archive file could not be written: \(error)"
        case .writingResumed: "the archive file can be written again"
        case .readFailed(let error): "the archive file could not be read: \(error)"
        case .evicted(let count):
            "the archive is full: the observations of \(count) Tweets made room (archive.fileBytes)"
        case .removed(let tweets): "\(tweets) Tweets stayed unavailable: their numbers were removed"
        }
    }
}
