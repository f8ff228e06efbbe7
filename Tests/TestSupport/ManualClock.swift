internal import Synchronization

/// A clock that stands still until a test turns it. Milliseconds since 1970.
public final class ManualClock: Sendable {
    private let time: Mutex<Int64>

    public init(milliseconds: Int64) {
        time = Mutex(milliseconds)
    }

    /// A clock that stands at a second of Unix time.
    public convenience init(seconds: Int64) {
        self.init(milliseconds: seconds * 1000)
    }

    public var milliseconds: Int64 { time.withLock { $0 } }

    public func advance(seconds: Int64) {
        time.withLock { $0 += seconds * 1000 }
    }

    public func advance(milliseconds: Int64) {
        time.withLock { $0 += milliseconds }
    }
}
