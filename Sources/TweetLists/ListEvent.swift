public import Engagement
public import SQLite

/// What happened to the file of the lists.
public enum ListEvent: Sendable {
    /// It cannot be opened: what was saved in it is not there.
    case unavailable(SQLiteError)
    /// A change could not be written, and was refused.
    case writeFailed(SQLiteError)
    /// It was no file of lists, or a damaged one, and a new one takes its place.
    case setAside(movedTo: String, reason: DatabaseFile.SetAsideReason)
    /// A list that was saved is hidden by one of the configuration with the same name.
    case hidden(ListName)
}

extension ListEvent: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unavailable(let error): "the file of the lists cannot be opened, saved lists are not there: \(error)"
        case .writeFailed(let error): "a list could not be written: \(error)"
        case .setAside(let target, let reason):
            "the file of the lists \(reason): it was moved to \(target), and a new one begun"
        case .hidden(let name): "the saved list \(name) is hidden by the one of the configuration"
        }
    }
}
