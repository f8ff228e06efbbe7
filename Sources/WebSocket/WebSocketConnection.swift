public import Bytes
public import MicroHTTP

/// A WebSocket over a connection that was taken over.
///
/// One task receives; any number send, one after the other in the order in which they came. Nothing is queued but who waits:
/// what is sent is asked for when it is its turn, so that it can be the newest. Whoever is owed an answer to a ping and does not
/// take it is not read from either.
public actor WebSocketConnection {
    private let connection: UpgradedConnection
    private let limits: WebSocketLimits
    private let framing: WebSocketFraming
    private let writing = Turns(1)
    private var messages: ArraySlice<WebSocketMessage> = []
    private var isWriting = false
    private var isClosing = false
    private var parting: Task<Void, Never>?

    /// What there was at the last sign of life, and how many in a row have found nothing new.
    private var frames = 0
    private var traffic = (received: 0, taken: 0)
    private var turn = 0
    private var silentBeats = 0

    /// How many turns at writing there have been.
    private var turns = 0

    public init(_ connection: UpgradedConnection, limits: WebSocketLimits) {
        self.connection = connection
        self.limits = limits
        framing = WebSocketFraming(maximumMessageBytes: limits.messageBytes)
    }

    // MARK: - Messages

    /// The next message; nil when there will be none any more. Then ``part()`` is next.
    public func receive() async -> WebSocketMessage? {
        while !isClosing {
            if framing.frameCount - frames > limits.framesPerBeat {
                await close(limits.floodCode, limits.floodReason)
                return nil
            }
            if let message = messages.popFirst() { return message }
            if framing.isOver {
                await beginParting()
                return nil
            }
            guard let bytes = await connection.read() else { return nil }
            messages = framing.receive(bytes)[...]
            if isClosing { return nil }
            if framing.hasOutput { await flush() }
        }
        return nil
    }

    /// Sends what `texts` returns when it is its turn. Nothing if it returns nothing.
    ///
    /// - Returns: Whether it was sent; false if there was nothing, or the connection is gone or closing.
    @discardableResult
    public func send(_ texts: @Sendable () -> [ByteString]) async -> Bool {
        await takeTurn()
        defer { passTurn() }
        guard !isClosing else { return false }
        let texts = texts()
        for text in texts where !framing.send(text: text) { return false }
        return await write() && !texts.isEmpty
    }

    // MARK: - Life

    /// A sign of life: a ping, unless something is on its way already. A client that has sent nothing since the second last one, not
    /// even the answer to a ping, is gone.
    ///
    /// While the same is on its way, a client has to take it, and whatever else he sends is no answer: with a byte now and
    /// then he would make the server hold all that he has asked for.
    public func beat() async {
        frames = framing.frameCount
        let now = connection.traffic
        let isSilent =
            isWriting
            ? turn == turns && now.taken - traffic.taken < limits.leastBytesPerBeat : now.received == traffic.received
        silentBeats = isSilent ? silentBeats + 1 : 0
        (traffic, turn) = (now, turns)
        if silentBeats >= 2 { return connection.close() }
        guard !isWriting, !isClosing else { return }
        framing.sendPing()
        await flush()
    }

    /// Sends a close frame, after what is on its way. Nothing is sent or received any more.
    public func close(_ code: UInt16, _ reason: String) async {
        guard !isClosing else { return }
        framing.sendClose(code: code, reason: reason)
        await beginParting()
    }

    /// Waits for the close frame of the other end, or until it has closed the connection, but not for long. Messages that are
    /// still on their way are thrown away: closing before them would destroy what the other end has not read.
    public func part() async {
        while isClosing, !framing.isClosedByPeer, let bytes = await connection.read() { _ = framing.receive(bytes) }
        connection.close()
        parting?.cancel()
    }

    private func beginParting() async {
        guard !isClosing else { return }
        isClosing = true
        parting = Task { [connection, limits] in
            guard (try? await limits.sleep(limits.partingMilliseconds)) != nil else { return }
            connection.close()
        }
        await flush()
        connection.finishWriting()
    }

    // MARK: - Turns

    private func flush() async {
        await takeTurn()
        _ = await write()
        passTurn()
    }

    /// Writes all that there is. Whoever calls it has the turn.
    private func write() async -> Bool {
        while let bytes = framing.takeOutput() {
            guard await connection.write(bytes) else { return false }
        }
        return true
    }

    private func takeTurn() async {
        await writing.take()
        isWriting = true
        turns += 1
    }

    private func passTurn() {
        isWriting = false
        writing.give()
    }
}

/// What a client may send, and how long is waited for it.
public struct WebSocketLimits: Sendable {
    /// How many bytes a message may have: 1009 beyond it.
    public var messageBytes: Int
    /// How many frames a client may send from one ``WebSocketConnection/beat()`` to the next.
    public var framesPerBeat: Int
    /// How many bytes a client has to take from one ``WebSocketConnection/beat()`` to the next while something is on its way that
    /// was at the last one already.
    public var leastBytesPerBeat: Int
    /// What a client that sends too many frames is told.
    public var floodCode: UInt16
    public var floodReason: String
    /// How long a client may take to close the connection after the close frame.
    public var partingMilliseconds: Int64 = 2000
    /// What waits for that, milliseconds.
    public var sleep: @Sendable (_ milliseconds: Int64) async throws -> Void

    public init(
        messageBytes: Int,
        framesPerBeat: Int,
        leastBytesPerBeat: Int,
        floodCode: UInt16,
        floodReason: String,
        sleep: @escaping @Sendable (_ milliseconds: Int64) async throws -> Void
    ) {
        self.messageBytes = messageBytes
        self.framesPerBeat = framesPerBeat
        self.leastBytesPerBeat = leastBytesPerBeat
        self.floodCode = floodCode
        self.floodReason = floodReason
        self.sleep = sleep
    }
}
