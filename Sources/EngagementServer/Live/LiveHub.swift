internal import Engagement
internal import EngagementGraph
internal import GraphQL
internal import MetricLoader
internal import Synchronization

/// Everybody who waits for changes.
internal final class LiveHub: Sendable {
    private let runner: OperationRunner
    private let configuration: LiveConfiguration
    private let seats: LiveSeats
    private let expires: UnixTime?
    private let state = Mutex(State())

    private struct State {
        var channels: [[UInt8]: LiveChannel] = [:]
        var subscriptions = 0
        var isClosed = false
        var beating: Task<Void, Never>?
    }

    /// - Parameters:
    ///   - seats: What it has in common with the hubs of other viewers.
    ///   - expires: When its viewer may see nothing more; nil for never.
    init(
        _ runner: OperationRunner,
        _ configuration: LiveConfiguration,
        seats: LiveSeats = LiveSeats(),
        expires: UnixTime? = nil
    ) {
        self.runner = runner
        self.configuration = configuration
        self.seats = seats
        self.expires = expires
    }

    /// How many subscriptions there are, and how many different ones.
    var counts: (subscriptions: Int, channels: Int) {
        state.withLock { ($0.subscriptions, $0.channels.count) }
    }

    // MARK: - Subscribing

    /// Begins a subscription, which lasts as long as its ticket.
    ///
    /// - Parameters:
    ///   - key: The same for whoever sends the same.
    ///   - lastEventID: The id of the last event that the client got, if it comes back.
    ///   - isLimited: Whether it is one of those that may not be too many.
    /// - Throws: ``LiveRefusal``
    func subscribe(
        _ operation: Operation,
        key: [UInt8],
        lastEventID: String? = nil,
        isLimited: Bool = true
    ) throws(LiveRefusal) -> LiveTicket {
        let plan: EngagementPlan
        do throws(GraphQLErrors) {
            plan = try runner.plan(operation, for: .response, now: runner.clock())
        } catch {
            throw .invalid(error.errors)
        }
        guard let live = plan.live else { throw .invalid([GraphQLError("The operation is no subscription.")]) }
        let mailbox = try mailbox(operation, plan, live, lastEventID)
        let channel = try state.withLock { state throws(LiveRefusal) in
            if state.isClosed { throw .closing }
            guard seats.take(atMost: isLimited ? configuration.maximumSubscriptions : nil) else {
                throw .tooMany(configuration.maximumSubscriptions)
            }
            state.subscriptions += 1
            if state.beating == nil { state.beating = Task { [weak self] in await self?.beat() } }
            // Only the channel knows whether it goes on, and it may end at any moment.
            if let channel = state.channels[key], channel.add(mailbox) { return channel }
            let channel = LiveChannel(
                operation,
                everySeconds: live.everySeconds,
                runner: runner,
                sleep: configuration.sleep
            )
            _ = channel.add(mailbox)
            state.channels[key] = channel
            return channel
        }
        return LiveTicket(mailbox) { [weak self] in self?.leave(channel, key, mailbox) }
    }

    private func mailbox(
        _ operation: Operation,
        _ plan: EngagementPlan,
        _ live: LivePlan,
        _ lastEventID: String?
    ) throws(LiveRefusal) -> LiveMailbox {
        guard let threshold = live.threshold else { return LiveMailbox(seenMark: lastEventID) }
        var progress = ThresholdProgress(threshold)
        if let lastEventID, !lastEventID.isEmpty {
            guard let earlier = ThresholdProgress(eventID: lastEventID, of: threshold) else { throw .foreignEventID }
            progress = earlier
        }
        let writer = CrossingWriter(operation: operation, plan: plan, schema: runner.schema)
        return LiveMailbox(progress: progress, writer: writer)
    }

    private func leave(_ channel: LiveChannel, _ key: [UInt8], _ mailbox: LiveMailbox) {
        seats.leave()
        let (isLast, idle) = state.withLock { state -> (Bool, Task<Void, Never>?) in
            state.subscriptions -= 1
            let isLast = channel.remove(mailbox)
            if isLast, state.channels[key] === channel { state.channels[key] = nil }
            guard state.subscriptions == 0 else { return (isLast, nil) }
            defer { state.beating = nil }
            return (isLast, state.beating)
        }
        // Not under the lock: what is cancelled may do something at once.
        if isLast { channel.stop() }
        idle?.cancel()
    }

    // MARK: - Life

    /// Signs of life, by which a client notices that the connection is up, and the server that the client has left.
    private func beat() async {
        while !Task.isCancelled {
            guard (try? await configuration.sleep(Int64(configuration.keepAliveSeconds) * 1000)) != nil else { return }
            if let expires, runner.clock() >= expires { return close() }
            for mailbox in mailboxes { mailbox.beat() }
        }
    }

    /// Ends all subscriptions, in good order, and takes no new ones.
    func close() {
        let channels = state.withLock { state in
            state.isClosed = true
            return Array(state.channels.values)
        }
        for channel in channels {
            channel.stop()
            for mailbox in channel.mailboxes { mailbox.complete() }
        }
    }

    private var mailboxes: [LiveMailbox] { state.withLock { $0.channels.values.flatMap(\.mailboxes) } }
}

/// How many subscriptions there are in all hubs together: those of one key must not be more for there being others.
internal final class LiveSeats: Sendable {
    private let taken = Mutex(0)

    /// Takes one, unless there are as many as may be.
    func take(atMost maximum: Int?) -> Bool {
        taken.withLock { taken in
            if let maximum, taken >= maximum { return false }
            taken += 1
            return true
        }
    }

    func leave() { taken.withLock { $0 -= 1 } }
}

/// A place among the subscribers, given up when nobody holds it any more.
internal final class LiveTicket: Sendable {
    let mailbox: LiveMailbox
    private let leave: @Sendable () -> Void

    init(_ mailbox: LiveMailbox, leave: @escaping @Sendable () -> Void) {
        self.mailbox = mailbox
        self.leave = leave
    }

    deinit { leave() }
}

/// Why there is no subscription.
internal enum LiveRefusal: Error {
    /// It asks for what cannot be had.
    case invalid([GraphQLError])
    /// The id is of another subscription, so that nobody knows where the client was.
    case foreignEventID
    /// The server has as many as it may.
    case tooMany(Int)
    /// The server stops.
    case closing
}

/// `live`: subscriptions.
public struct LiveConfiguration: Sendable {
    /// `live.subscriptions`: how many there may be at a time; 0 switches them off.
    public var maximumSubscriptions = 1000
    /// `live.keepAliveSeconds`: how often a client that has nothing to see gets a sign of life.
    public var keepAliveSeconds = 15
    /// `live.sockets`: how many WebSockets there may be at a time; 0 switches them off.
    public var maximumSockets = 1000
    /// `live.initSeconds`: how long the client of a WebSocket may take for its `connection_init`.
    public var initSeconds = 10
    /// `live.operations`: how many a client may have under way on one WebSocket.
    public var maximumOperations = 100
    /// `live.messageBytes`: of what a client sends over a WebSocket at a time.
    public var maximumMessageBytes = 256 << 10
    /// `live.messages`: how many a client may send over a WebSocket from one sign of life to the next.
    public var maximumMessages = 10_000
    /// What waits for the next look, the next sign of life, or a client, milliseconds.
    public var sleep: @Sendable (_ milliseconds: Int64) async throws -> Void = {
        try await Task.sleep(for: .milliseconds($0))
    }

    public init() {}
}
