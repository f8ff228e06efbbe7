internal import Synchronization

/// The place where a suspended connection meets the work it waits for.
///
/// Three parties come here: the *worker* thread that owns the connection, the *work* on some other thread, and whoever
/// *stops* the server. The lock is held while the connection is resumed. These are the orders in which they can come:
///
/// 1. Worker suspends, starts the work and returns; the work settles and resumes; the worker is called back and takes.
/// 2. The work settles before the worker has returned from suspending. libmicrohttpd only notes that the connection
///    shall be resumed; the worker does so in its next round, after it has returned. As 1.
/// 3. Stopping settles first with its own value; the work settles later and finds the place settled: its value is
///    dropped, the connection, which may be gone by then, is not touched.
/// 4. Stopping comes between suspending and starting the work: it settles; the work is started and cancelled at once.
/// 5. The client leaves meanwhile. Nobody notices before the connection is resumed and writing to it fails, which is
///    after the value was taken.
///
/// A connection is freed only after its worker was called back for it, which takes the lock; and the daemon only after
/// ``Suspensions/settleAll()`` has taken the lock of each place that was not yet taken from. So nobody is inside
/// `resume()` when either goes away.
internal final class Suspension<Value: Sendable>: Sendable {
    private enum State {
        case waiting(ConnectionReference)
        case settled(Value)
        case over
    }

    private struct Place {
        var state: State
        var task: Task<Void, Never>?
    }

    private let place: Mutex<Place>
    private let fallback: Value

    /// A place for `connection`, which has just been suspended; `fallback` is what it gets when the server stops.
    init(_ connection: ConnectionReference, fallback: Value) {
        place = Mutex(Place(state: .waiting(connection), task: nil))
        self.fallback = fallback
    }

    /// The worker starts the work.
    func start(_ work: @escaping @Sendable () async -> Value) {
        let task = Task { settle(await work()) }
        let isTooLate = place.withLock { place in
            guard case .waiting = place.state else { return true }
            place.task = task
            return false
        }
        if isTooLate { task.cancel() }
    }

    /// Brings the value and resumes the connection, if nobody has come before.
    private func settle(_ value: Value) {
        place.withLock { place in
            guard case .waiting(let connection) = place.state else { return }
            place.state = .settled(value)
            place.task = nil
            connection.resume()
        }
    }

    /// The worker takes the value, once. Nil if the work is still under way.
    func take() -> Value? {
        place.withLock { place in
            guard case .settled(let value) = place.state else { return nil }
            place.state = .over
            return value
        }
    }
}

extension Suspension: Settling {
    func settleWithFallback() {
        let task = place.withLock { $0.task }
        settle(fallback)
        task?.cancel()
    }
}

/// A suspension whatever its value.
internal protocol Settling: AnyObject, Sendable {
    /// The server stops: the connection is resumed with a value that ends it, and the work is cancelled.
    func settleWithFallback()
}

/// All connections that are suspended at the moment. A daemon must not be stopped while it has any.
internal final class Suspensions: Sendable {
    private struct Book {
        var isClosed = false
        var open: [ObjectIdentifier: any Settling] = [:]
    }

    private let book = Mutex(Book())

    /// Suspends `connection`. Nil if the server is stopping: then nothing may be suspended any more. The lock makes
    /// sure that every suspension comes either before stopping, which then settles it, or not at all.
    func suspend<Value>(_ connection: ConnectionReference, fallback: Value) -> Suspension<Value>? {
        book.withLock { book in
            if book.isClosed { return nil }
            connection.suspend()
            let suspension = Suspension(connection, fallback: fallback)
            book.open[ObjectIdentifier(suspension)] = suspension
            return suspension
        }
    }

    /// The value that `suspension` was settled with, which closes it; nil if its work is still under way.
    func take<Value>(from suspension: Suspension<Value>) -> Value? {
        guard let value = suspension.take() else { return nil }
        _ = book.withLock { $0.open.removeValue(forKey: ObjectIdentifier(suspension)) }
        return value
    }

    /// Resumes everything that is suspended, and lets nothing be suspended any more.
    func settleAll() {
        let open = book.withLock { book in
            book.isClosed = true
            return Array(book.open.values)
        }
        for suspension in open { suspension.settleWithFallback() }
    }
}
