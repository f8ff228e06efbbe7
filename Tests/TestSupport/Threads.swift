internal import Glibc

/// Starts a thread that nobody waits for.
///
/// If the system has no room for it, the tests end here: `Thread.detachNewThread` says nothing then, and whoever waits for what the
/// thread was to do would wait for ever.
public func startThread(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let work = unsafe Unmanaged.passRetained(ThreadWork(body)).toOpaque()
    let status = unsafe pthread_create(
        &thread,
        nil,
        { work in
            guard let work = unsafe work else { return nil }
            unsafe Unmanaged<ThreadWork>.fromOpaque(work).takeRetainedValue().body()
            return nil
        },
        work
    )
    precondition(status == 0, "the system has room for a thread: error \(status)")
    pthread_detach(thread)
}

/// What a thread does, where C can hold it.
private final class ThreadWork {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}
