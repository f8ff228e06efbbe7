internal import Engagement
internal import Synchronization
internal import TweetLists

/// The lists as one viewer sees them: of others there is no trace, not even in a suggestion.
internal final class ListView: Sendable {
    private let store: ListStore
    private let viewer: Viewer
    private let made = Mutex<ListDirectory?>(nil)

    init(_ store: ListStore, for viewer: Viewer) {
        self.store = store
        self.viewer = viewer
    }

    /// Made anew when the lists have changed.
    var directory: ListDirectory {
        let all = store.directory
        if viewer.isOwner { return all }
        return made.withLock { made in
            if let made, made.version == all.version, made.lacking == all.lacking { return made }
            let seen = ListDirectory(all.all.filter(viewer.sees), version: all.version, lacking: all.lacking)
            made = seen
            return seen
        }
    }

    /// Makes a change, which waits for the disk, unless it would be of a list that is not seen.
    func apply(_ change: ListChange) throws(ListChangeError) -> NamedList {
        try store.apply(change) { [viewer] list in viewer.sees(list) }
    }
}
