public import Bytes
internal import Glibc
internal import Synchronization

/// A connection whose bytes are no longer HTTP.
///
/// One task may read while another writes. Nothing is queued: a write returns when the system has taken its bytes, so that
/// whoever waits for it holds no more than it writes. Waiting costs no thread.
@safe
public final class UpgradedConnection: Sendable {
    /// How much is read at a time.
    private static let blockSize = 16 * 1024

    private struct State {
        /// Nil once the connection is closed.
        var handle: UpgradeHandle?
        /// What came together with the request.
        var early: [UInt8]
        var reader: CheckedContinuation<Void, Never>?
        var writer: CheckedContinuation<Void, Never>?
        var received = 0
        var sent = 0
    }

    private enum Step<Progress> {
        case done(Progress)
        case wait
        case over
    }

    private let id: UInt64
    private let poller: SocketPoller
    private let state: Mutex<State>
    private let forget: @Sendable () -> Void

    /// - Parameter forget: Called once, when the connection has been closed.
    internal init(
        _ handle: UpgradeHandle,
        id: UInt64,
        early: [UInt8],
        poller: SocketPoller,
        forget: @escaping @Sendable () -> Void
    ) {
        self.id = id
        self.poller = poller
        self.forget = forget
        state = Mutex(State(handle: handle, early: early))
    }

    /// How many bytes have come so far, and how many the other end has taken: what grows shows that it lives.
    public var traffic: (received: Int, taken: Int) {
        state.withLock { state in
            // The system says how many of those that it was given have not been acknowledged yet.
            var underWay: Int32 = 0
            if let handle = state.handle { _ = unsafe ioctl(handle.socket, UInt(TIOCOUTQ), &underWay) }
            return (state.received, state.sent - Int(underWay))
        }
    }

    // MARK: - Bytes

    /// The next bytes, at least one, when there are any; nil at the end. To be called by one task at a time.
    public func read() async -> [UInt8]? {
        while true {
            switch state.withLock({ UpgradedConnection.receive(&$0) }) {
            case .done(let bytes): return bytes
            case .over: return nil
            case .wait: await wait(forReading: true)
            }
        }
    }

    /// Sends all of `bytes`, and returns when the system has taken them; false if the connection is gone. To be called by one
    /// task at a time.
    public func write(_ bytes: ByteString) async -> Bool {
        var sent = 0
        while sent < bytes.count {
            switch state.withLock({ UpgradedConnection.send(bytes, from: sent, &$0) }) {
            case .done(let count): sent += count
            case .over: return false
            case .wait: await wait(forReading: false)
            }
        }
        return true
    }

    /// Tells the other end that nothing follows (FIN). What it sends can still be read.
    public func finishWriting() {
        state.withLock { state in
            if let handle = state.handle { _ = shutdown(handle.socket, Int32(SHUT_WR)) }
        }
    }

    /// Closes the connection. Who reads gets the end, who writes is told that it is gone. A second call does nothing.
    public func close() {
        let waiters: [CheckedContinuation<Void, Never>]? = state.withLock { state in
            guard let handle = state.handle else { return nil }
            state.handle = nil
            poller.remove(handle.socket)
            // From here on libmicrohttpd closes the socket whenever it likes; nobody looks at it any more.
            handle.end()
            defer { (state.reader, state.writer) = (nil, nil) }
            return [state.reader, state.writer].compactMap(\.self)
        }
        guard let waiters else { return }
        forget()
        for waiter in waiters { waiter.resume() }
    }

    // MARK: - Waiting

    private func wait(forReading isReading: Bool) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                guard let handle = state.handle else { return true }
                if isReading {
                    precondition(state.reader == nil, "one task reads at a time")
                    state.reader = continuation
                } else {
                    precondition(state.writer == nil, "one task writes at a time")
                    state.writer = continuation
                }
                arm(handle, state)
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    /// The poller has seen that the socket has bytes, or takes some.
    internal func wake(reading: Bool, writing: Bool) {
        let waiters = state.withLock { state in
            var waiters: [CheckedContinuation<Void, Never>] = []
            if reading, let reader = state.reader {
                waiters.append(reader)
                state.reader = nil
            }
            if writing, let writer = state.writer {
                waiters.append(writer)
                state.writer = nil
            }
            if let handle = state.handle { arm(handle, state) }
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func arm(_ handle: UpgradeHandle, _ state: State) {
        guard state.reader != nil || state.writer != nil else { return }
        poller.arm(handle.socket, id: id, reading: state.reader != nil, writing: state.writer != nil)
    }

    // MARK: - The socket

    private static func receive(_ state: inout State) -> Step<[UInt8]> {
        guard let handle = state.handle else { return .over }
        if !state.early.isEmpty {
            defer { state.early = [] }
            state.received += state.early.count
            return .done(state.early)
        }
        return unsafe withUnsafeTemporaryAllocation(byteCount: blockSize, alignment: 1) { room -> Step<[UInt8]> in
            while true {
                let count = unsafe recv(handle.socket, room.baseAddress, room.count, Int32(MSG_DONTWAIT))
                if count > 0 {
                    state.received += count
                    return unsafe .done([UInt8](room[..<count]))
                }
                if count < 0, errno == EINTR { continue }
                return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? .wait : .over
            }
        }
    }

    private static func send(_ bytes: ByteString, from start: Int, _ state: inout State) -> Step<Int> {
        guard let handle = state.handle else { return .over }
        let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
        return unsafe bytes.withUnsafeBytes { bytes in
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
            while true {
                let count = unsafe Glibc.send(handle.socket, rest.baseAddress, rest.count, flags)
                if count > 0 {
                    state.sent += count
                    return .done(count)
                }
                if count < 0, errno == EINTR { continue }
                return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? .wait : .over
            }
        }
    }
}
