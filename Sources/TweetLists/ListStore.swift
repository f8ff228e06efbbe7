public import Engagement
internal import SQLite
internal import Synchronization

/// The lists of the configuration, and those that were saved by mutation, which live in one SQLite file of their own.
///
/// A change is on the disk before it is answered, or it is refused: a list that is gone after a restart would be missed too late.
/// While the file cannot be read (it is locked, or may not be opened), the lists of the configuration are there and
/// ``ListDirectory/lacking`` says what is not; each change and ``reopen()`` tries again. A damaged file is set aside.
///
/// Readers never wait: they take what the last change left. Locks are taken in the order file, directory.
public final class ListStore: Sendable {
    /// The name of the file in a data folder.
    public static let fileName = "lists.sqlite"

    private let file: Mutex<ListFile?>
    private let state: Mutex<ListDirectory>
    private let configured: [NamedList]
    private let report: @Sendable (ListEvent) -> Void
    /// Told after each change.
    private let observer = Mutex<(@Sendable () -> Void)?>(nil)

    /// Opens the file, or makes it. Events come on the thread where they happen and must not call the store.
    ///
    /// - Parameters:
    ///   - configured: The lists of the configuration. They hide saved ones with the same name.
    ///   - path: The file; nil keeps what is saved in memory only. Its folder must exist.
    ///   - isReadOnly: Whether the file is left exactly as it is.
    public init(
        configured: [NamedList] = [],
        path: String?,
        busyMilliseconds: Int = 2000,
        isReadOnly: Bool = false,
        report: @escaping @Sendable (ListEvent) -> Void = { _ in }
    ) {
        self.configured = configured
        self.report = report
        state = Mutex(ListDirectory(configured))
        file = Mutex(
            path.map { ListFile(path: $0, busyMilliseconds: busyMilliseconds, isReadOnly: isReadOnly, report: report) }
        )
        reopen()
    }

    deinit {
        close()
    }

    /// The lists as they are now.
    public var directory: ListDirectory { state.withLock { $0 } }

    /// Whether lists that were saved could not be read yet.
    public var isLacking: Bool { state.withLock { $0.lacking != nil } }

    /// Has `body` called after each change, on the thread that made it.
    public func observeChanges(_ body: @escaping @Sendable () -> Void) {
        observer.withLock { $0 = body }
    }

    /// Tries again to read a file that could not be read. Waits for the disk.
    public func reopen() {
        let hasRead = file.withLock { file in
            guard file != nil else { return false }
            return (try? load(&file)) ?? false
        }
        if hasRead { observer.withLock(\.self)?() }
    }

    /// Makes a change, on the disk and then for everybody. Waits for the disk: not for threads that must not wait.
    ///
    /// - Parameter sees: Whether a list is there for whoever makes the change. Others are not changed.
    /// - Throws: ``ListChangeError``, and nothing is changed.
    public func apply(
        _ change: ListChange,
        sees: (NamedList) -> Bool = { _ in true }
    ) throws(ListChangeError) -> NamedList {
        let list = try file.withLock { file throws(ListChangeError) in
            do throws(SQLiteError) {
                try load(&file)
            } catch {
                throw .notWritten("\(error)")
            }
            // Nobody else changes the directory while the file is held.
            var directory = directory
            if let known = directory[change.name], !sees(known) {
                if case .save = change { throw .taken(change.name) }
                throw .unknown(change.name)
            }
            let list = try directory.apply(change)
            do throws(SQLiteError) {
                if case .delete = change { try file?.delete(list.name) } else { try file?.write(list) }
            } catch {
                report(.writeFailed(error))
                throw .notWritten("\(error)")
            }
            state.withLock { $0 = directory }
            return list
        }
        observer.withLock(\.self)?()
        return list
    }

    /// Closes the file.
    public func close() {
        file.withLock { $0?.close() }
    }

    /// Reads the file if that has not been done. Returns whether it has now.
    @discardableResult
    private func load(_ file: inout ListFile?) throws(SQLiteError) -> Bool {
        do throws(SQLiteError) {
            guard let saved = try file?.open() else { return false }
            let names = Set(configured.map(\.name))
            for list in saved where names.contains(list.name) { report(.hidden(list.name)) }
            state.withLock { state in
                state = ListDirectory(configured + saved, version: state.version + 1)
            }
            return true
        } catch {
            let isNews = state.withLock { state in
                defer { state.lacking = "\(error)" }
                return state.lacking == nil
            }
            if isNews { report(.unavailable(error)) }
            throw error
        }
    }
}
