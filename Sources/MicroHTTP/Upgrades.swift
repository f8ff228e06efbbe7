internal import Synchronization

/// All connections that were taken over, and the thread that waits for their sockets, which begins with the first of them.
///
/// A daemon must not be stopped while it has any: libmicrohttpd closes them when it is told that they are over. The lock makes
/// sure that each begins either before ``closeAll()``, which ends it, or not at all.
internal final class Upgrades: Sendable {
    private struct Book {
        var isClosed = false
        var poller: SocketPoller?
        var open: [UInt64: UpgradedConnection] = [:]
        var lastID: UInt64 = 0
    }

    private let book = Mutex(Book())

    /// Serves the connection behind `handle`, or ends it at once if the server is stopping.
    func begin(_ handle: UpgradeHandle, early: [UInt8], _ upgrade: HTTPUpgrade) {
        handle.tune()
        let connection = book.withLock { book -> UpgradedConnection? in
            if book.isClosed { return nil }
            if book.poller == nil {
                book.poller = SocketPoller { [weak self] id, reading, writing in
                    self?.connection(id)?.wake(reading: reading, writing: writing)
                }
            }
            book.lastID += 1
            let id = book.lastID
            guard let poller = book.poller, poller.add(handle.socket, id: id) else { return nil }
            let connection = UpgradedConnection(handle, id: id, early: early, poller: poller) { [weak self] in
                self?.forget(id)
            }
            book.open[id] = connection
            return connection
        }
        guard let connection else { return handle.end() }
        Task {
            await upgrade.serve(connection)
            connection.close()
        }
    }

    /// Closes all connections, and lets none begin any more.
    func closeAll() {
        let (open, poller) = book.withLock { book in
            book.isClosed = true
            return (Array(book.open.values), book.poller.take())
        }
        for connection in open { connection.close() }
        poller?.stop()
    }

    private func connection(_ id: UInt64) -> UpgradedConnection? { book.withLock { $0.open[id] } }

    private func forget(_ id: UInt64) {
        _ = book.withLock { $0.open.removeValue(forKey: id) }
    }
}
