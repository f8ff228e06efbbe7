internal import CMicroHTTPD
internal import Glibc
internal import Synchronization

/// One thread that waits for any number of sockets. It reads and writes nothing itself: it tells who waits.
@safe
internal final class SocketPoller: Sendable {
    /// What is told of a socket.
    typealias Report = @Sendable (_ id: UInt64, _ reading: Bool, _ writing: Bool) -> Void

    private let epoll: Int32
    private let bell: Int32
    private let report: Report
    private let thread = Mutex<pthread_t?>(nil)

    /// The id of the bell; sockets have others.
    private static let bellID: UInt64 = 0
    private static let roomForEvents = 128

    /// Starts the thread; nil if the system has no descriptors left.
    init?(_ report: @escaping Report) {
        self.report = report
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard epoll >= 0, bell >= 0,
            engageql_epoll_set(epoll, EPOLL_CTL_ADD, bell, EPOLLIN.rawValue, SocketPoller.bellID) == 0
        else { return nil }
        thread.withLock { $0 = SocketPoller.start(self) }
    }

    deinit {
        if epoll >= 0 { _ = close(epoll) }
        if bell >= 0 { _ = close(bell) }
    }

    /// Ends the thread, and returns when it has ended. Not to be called on it.
    func stop() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        var one: UInt64 = 1
        _ = unsafe write(bell, &one, MemoryLayout<UInt64>.size)
        _ = pthread_join(thread, nil)
    }

    // MARK: - Sockets

    /// Knows a socket from now on, and waits for nothing yet.
    func add(_ socket: Int32, id: UInt64) -> Bool {
        engageql_epoll_set(epoll, EPOLL_CTL_ADD, socket, EPOLLONESHOT.rawValue, id) == 0
    }

    /// Tells once when the socket has bytes, or takes some.
    func arm(_ socket: Int32, id: UInt64, reading: Bool, writing: Bool) {
        var events = EPOLLONESHOT.rawValue
        if reading { events |= EPOLLIN.rawValue | EPOLLRDHUP.rawValue }
        if writing { events |= EPOLLOUT.rawValue }
        _ = engageql_epoll_set(epoll, EPOLL_CTL_MOD, socket, events, id)
    }

    /// Forgets a socket, which must still be open.
    func remove(_ socket: Int32) {
        _ = engageql_epoll_set(epoll, EPOLL_CTL_DEL, socket, 0, 0)
    }

    // MARK: - The thread

    private static func start(_ poller: SocketPoller) -> pthread_t? {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(poller)
        let status = unsafe pthread_create(
            &thread,
            nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<SocketPoller>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            context.toOpaque()
        )
        precondition(status == 0, "the system has room for a thread")
        return thread
    }

    private func run() {
        let room = SocketPoller.roomForEvents
        var ready = unsafe [epoll_event](repeating: epoll_event(), count: room)
        while true {
            let count = unsafe epoll_wait(epoll, &ready, Int32(room), -1)
            guard count > 0 else {
                if count < 0, errno != EINTR { return }
                continue
            }
            for index in 0..<Int(count) {
                let id = unsafe engageql_epoll_id(&ready[index])
                if id == SocketPoller.bellID { return }
                let events = unsafe ready[index].events
                // What is broken is found out by whoever reads or writes.
                let isBroken = events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
                let reading = isBroken || events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0
                report(id, reading, isBroken || events & EPOLLOUT.rawValue != 0)
            }
        }
    }
}
