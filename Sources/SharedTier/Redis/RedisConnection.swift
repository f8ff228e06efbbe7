internal import CHiredis
internal import EngagementAPI
internal import Glibc

/// One connection, by hiredis. It owns the pointer and closes the connection with it.
///
/// The socket does not block: every wait is a `poll` that ends at the deadline, also if the server sends byte by byte. After an
/// error nobody knows which answer would come next, so the connection is given up.
///
/// - Note: `@unchecked Sendable` holds because ``RedisLane`` uses a connection on one serial queue only.
@safe
internal final class RedisConnection: @unchecked Sendable {
    private let context: UnsafeMutablePointer<redisContext>
    private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
    private let maximumReplyBytes: Int

    /// Connects, logs in and sees that the server answers.
    ///
    /// The deadline does not bound how long the resolver takes to find the address of a host.
    init(to url: RedisURL, maximumReplyBytes: Int, deadline: ContinuousClock.Instant) throws(RedisError) {
        let opened =
            switch url.place {
            case .host(let host, let port): unsafe redisConnectNonBlock(host, Int32(port))
            case .socket(let path): unsafe redisConnectUnixNonBlock(path)
            }
        guard let opened = unsafe opened else { throw .disconnected("out of memory") }
        unsafe context = unsafe opened
        unsafe functions = .allocate(capacity: 1)
        self.maximumReplyBytes = maximumReplyBytes
        guard unsafe context.pointee.err == 0 else { throw failure() }
        unsafe engageql_redis_limit_elements(context, functions)
        try wait(for: POLLOUT, until: deadline)
        try logIn(url, deadline)
    }

    deinit {
        unsafe redisFree(context)
        unsafe functions.deallocate()
    }

    private func logIn(_ url: RedisURL, _ deadline: ContinuousClock.Instant) throws(RedisError) {
        var commands: [RedisCommand] = []
        if let password = url.password {
            let names = [url.user, password.reveal()].compactMap(\.self)
            commands.append(RedisCommand("AUTH", names.map { Array($0.utf8) }))
        }
        if url.database != 0 { commands.append(RedisCommand("SELECT", [Array("\(url.database)".utf8)])) }
        // A server that is still loading its data, or waits for a password, says so here.
        commands.append(.ping)
        for reply in try perform(commands, deadline: deadline) {
            if let reason = reply.refusal { throw .refused(reason) }
        }
    }

    // MARK: - Commands

    /// Sends all commands at once and reads their answers: one round trip.
    func perform(_ commands: [RedisCommand], deadline: ContinuousClock.Instant) throws(RedisError) -> [RedisReply] {
        for command in commands { try append(command) }
        var isSent: Int32 = 0
        while isSent == 0 {
            guard unsafe redisBufferWrite(context, &isSent) == REDIS_OK else { throw failure() }
            if isSent == 0 { try wait(for: POLLOUT, until: deadline) }
        }
        var replies: [RedisReply] = []
        var bytesRead = 0
        while replies.count < commands.count {
            if let reply = try nextReply() {
                replies.append(reply)
                continue
            }
            try wait(for: POLLIN, until: deadline)
            let before = unsafe context.pointee.reader.pointee.len
            guard unsafe redisBufferRead(context) == REDIS_OK else { throw failure() }
            unsafe bytesRead += max(0, Int(context.pointee.reader.pointee.len) - Int(before))
            guard bytesRead <= maximumReplyBytes else {
                throw .malformed("it is longer than \(maximumReplyBytes) bytes")
            }
        }
        return replies
    }

    private func append(_ command: RedisCommand) throws(RedisError) {
        let bytes = command.arguments.flatMap(\.self)
        let lengths = command.arguments.map(\.count)
        let status = unsafe bytes.withUnsafeBytes { bytes in
            var offset = 0
            var starts: [UnsafePointer<CChar>?] = unsafe []
            for length in lengths {
                unsafe starts.append(bytes.baseAddress?.advanced(by: offset).assumingMemoryBound(to: CChar.self))
                offset += length
            }
            return unsafe redisAppendCommandArgv(context, Int32(lengths.count), &starts, lengths)
        }
        guard status == REDIS_OK else { throw failure() }
    }

    /// The next answer, if all of it has come.
    private func nextReply() throws(RedisError) -> RedisReply? {
        var reply: UnsafeMutableRawPointer?
        guard unsafe redisGetReplyFromReader(context, &reply) == REDIS_OK else { throw failure() }
        guard let reply = unsafe reply else { return nil }
        defer { unsafe freeReplyObject(reply) }
        return unsafe RedisReply(reply.assumingMemoryBound(to: redisReply.self).pointee)
    }

    // MARK: - Waiting

    private func wait(for event: Int32, until deadline: ContinuousClock.Instant) throws(RedisError) {
        while true {
            let left = deadline - ContinuousClock.now
            guard left > .zero else { throw .timedOut }
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
            var descriptor = unsafe pollfd(fd: context.pointee.fd, events: Int16(event), revents: 0)
            let count = unsafe poll(&descriptor, 1, Int32(clamping: milliseconds + 1))
            if count > 0 { return }
            if count < 0, errno != EINTR { throw .disconnected("poll failed with errno \(errno)") }
        }
    }

    /// What hiredis says about the last failure. It repeats nothing of what was sent.
    private func failure() -> RedisError {
        let text = unsafe withUnsafeBytes(of: context.pointee.errstr) {
            unsafe String(redisText: $0.prefix { $0 != 0 })
        }
        switch unsafe context.pointee.err {
        case REDIS_ERR_PROTOCOL, REDIS_ERR_OOM: return .malformed(text)
        default: return .disconnected(text)
        }
    }
}

extension RedisReply {
    fileprivate init(_ reply: redisReply) {
        switch unsafe reply.type {
        case REDIS_REPLY_INTEGER: self = unsafe .integer(reply.integer)
        case REDIS_REPLY_NIL: self = .none
        case REDIS_REPLY_ARRAY:
            self = .list(
                (0..<Int(unsafe reply.elements)).map { index in
                    unsafe reply.element[index].map { unsafe RedisReply($0.pointee) } ?? .none
                }
            )
        default:
            let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: reply.str, count: Int(reply.len)))
            self =
                switch unsafe reply.type {
                case REDIS_REPLY_STATUS: .status(String(redisText: bytes))
                case REDIS_REPLY_ERROR: .refusal(String(redisText: bytes))
                default: .bytes(bytes)
                }
        }
    }
}
