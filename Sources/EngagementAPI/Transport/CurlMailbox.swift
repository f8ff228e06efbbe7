internal import CCurl
internal import Synchronization

/// A request on its way to the driving thread.
internal struct CurlJob: Sendable {
    let id: UInt64
    let request: TransportRequest
    /// The time that is left for all of it.
    let milliseconds: Int64
    /// Resumed exactly once, by whoever takes the job out of the mailbox last.
    let continuation: CheckedContinuation<Result<TransportResponse, TransportError>, Never>
}

/// What callers of any thread leave for the driving thread.
///
/// `curl_multi_wakeup` is the one call of libcurl's multi interface that any thread may make. It is made under the lock, and
/// the driving thread takes the handle away under the same lock before it frees it, so that nobody wakes a dead one.
internal final class CurlMailbox: Sendable {
    /// What has arrived since the last look.
    struct Mail {
        var jobs: [CurlJob] = []
        var cancellations: [UInt64] = []
        var isClosed = false
    }

    @safe
    private struct State {
        var mail = Mail()
        var multi: UnsafeMutableRawPointer?
    }

    private let state = Mutex(State())

    /// Leaves a job, or fails it if the thread is to end.
    func submit(_ job: CurlJob) {
        let isClosed = state.withLock { state in
            guard !state.mail.isClosed else { return true }
            state.mail.jobs.append(job)
            wake(state)
            return false
        }
        if isClosed { job.continuation.resume(returning: .failure(.shutDown)) }
    }

    /// Asks for the end of a job; one that is over or unknown is left alone.
    func cancel(_ id: UInt64) {
        state.withLock { state in
            guard !state.mail.isClosed else { return }
            state.mail.cancellations.append(id)
            wake(state)
        }
    }

    /// Asks the thread to end.
    func close() {
        state.withLock { state in
            state.mail.isClosed = true
            wake(state)
        }
    }

    /// Takes what has arrived. Called by the driving thread.
    func take() -> Mail {
        state.withLock { state in
            defer { state.mail = Mail(isClosed: state.mail.isClosed) }
            return state.mail
        }
    }

    /// Names the handle to wake, or with nil takes it away. Called by the driving thread.
    func attach(_ multi: UnsafeMutableRawPointer?) {
        let address = UInt(bitPattern: multi)
        state.withLock { unsafe $0.multi = UnsafeMutableRawPointer(bitPattern: address) }
    }

    private func wake(_ state: borrowing State) {
        if let multi = unsafe state.multi { unsafe curl_multi_wakeup(multi) }
    }
}

extension TransportError {
    internal static let shutDown = TransportError(.shutDown, "the transport was shut down")
}
