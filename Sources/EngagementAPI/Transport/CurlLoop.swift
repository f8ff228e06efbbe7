internal import CCurl
internal import Glibc

/// The loop of the driving thread and the owner of its multi handle. Lives and dies on that thread.
@safe
internal final class CurlLoop {
    private let mailbox: CurlMailbox
    private let configuration: CurlTransport.Configuration
    private let multi: UnsafeMutableRawPointer
    /// The transfers under way, by the address of their easy handle.
    private var transfers: [UInt: CurlTransfer] = [:]

    init(mailbox: CurlMailbox, configuration: CurlTransport.Configuration) {
        guard let multi = unsafe curl_multi_init() else { preconditionFailure("libcurl has memory for a handle") }
        self.mailbox = mailbox
        self.configuration = configuration
        unsafe self.multi = unsafe multi
        let perHost = max(1, configuration.maximumConnectionsPerHost)
        unsafe engageql_curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, perHost)
        unsafe engageql_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(1, configuration.maximumIdleConnections))
        unsafe mailbox.attach(multi)
    }

    deinit {
        unsafe mailbox.attach(nil)
        unsafe curl_multi_cleanup(multi)
    }

    /// Drives transfers until the mailbox is closed, then fails what is left.
    func run() {
        while true {
            let mail = mailbox.take()
            for job in mail.jobs { start(job) }
            for id in mail.cancellations { cancel(id) }
            if mail.isClosed { break }
            var running: Int32 = 0
            unsafe curl_multi_perform(multi, &running)
            collect()
            expire()
            // Woken by sockets, by the mailbox, by timers of libcurl's own, or by the next deadline.
            unsafe curl_multi_poll(multi, nil, 0, Int32(clamping: millisecondsToWait()), nil)
        }
        for transfer in transfers.values { end(transfer, .failure(.shutDown)) }
    }

    private func start(_ job: CurlJob) {
        let transfer: CurlTransfer
        do {
            transfer = try CurlTransfer(job, configuration, deadline: CurlLoop.ticks() + job.milliseconds)
        } catch {
            job.continuation.resume(returning: .failure(error))
            return
        }
        let status = unsafe curl_multi_add_handle(multi, transfer.handle)
        precondition(status == CURLM_OK, "a fresh handle can be added")
        transfers[transfer.key] = transfer
    }

    private func cancel(_ id: UInt64) {
        guard let transfer = transfers.values.first(where: { $0.id == id }) else { return }
        end(transfer, .failure(TransportError(.cancelled, "the request was cancelled")))
    }

    /// Ends the transfers that libcurl is done with.
    private func collect() {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
            let key = unsafe UInt(bitPattern: message.pointee.easy_handle)
            let status = unsafe message.pointee.data.result
            if let transfer = transfers[key] { end(transfer, transfer.result(status)) }
        }
    }

    /// Ends the transfers whose time is over. libcurl does so itself, but not for those that wait for a connection.
    private func expire() {
        let now = CurlLoop.ticks()
        for transfer in transfers.values where transfer.deadline <= now {
            end(transfer, .failure(TransportError(.timedOut, "there was no whole response before the deadline")))
        }
    }

    private func end(_ transfer: CurlTransfer, _ result: Result<TransportResponse, TransportError>) {
        unsafe curl_multi_remove_handle(multi, transfer.handle)
        transfers[transfer.key] = nil
        transfer.continuation.resume(returning: result)
    }

    private func millisecondsToWait() -> Int64 {
        let next = transfers.values.map(\.deadline).min() ?? .max
        return min(max(next - CurlLoop.ticks(), 0), 60_000)
    }

    /// Milliseconds of a clock that nobody sets.
    private static func ticks() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
