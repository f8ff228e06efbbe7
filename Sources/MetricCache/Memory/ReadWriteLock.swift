internal import Glibc

/// A lock that many readers or one writer hold. Writers that wait go before new readers, so that they do not starve.
///
/// - Note: `@unchecked Sendable` holds because the only state is the C lock, which is made to be shared by threads; its
///   address does not change between `init` and `deinit`.
@safe
final class ReadWriteLock: @unchecked Sendable {
    private let handle: UnsafeMutablePointer<pthread_rwlock_t>

    init() {
        unsafe handle = .allocate(capacity: 1)
        var attributes = pthread_rwlockattr_t()
        unsafe pthread_rwlockattr_init(&attributes)
        unsafe pthread_rwlockattr_setkind_np(&attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
        let code = unsafe pthread_rwlock_init(handle, &attributes)
        unsafe pthread_rwlockattr_destroy(&attributes)
        precondition(code == 0, "a lock can be made")
    }

    deinit {
        unsafe pthread_rwlock_destroy(handle)
        unsafe handle.deallocate()
    }

    @inline(__always)
    func lockForReading() {
        let code = unsafe pthread_rwlock_rdlock(handle)
        precondition(code == 0, "a thread does not read and write at once")
    }

    @inline(__always)
    func lockForWriting() {
        let code = unsafe pthread_rwlock_wrlock(handle)
        precondition(code == 0, "a thread does not read and write at once")
    }

    @inline(__always)
    func unlock() {
        unsafe pthread_rwlock_unlock(handle)
    }
}
