internal import Bytes
internal import Engagement
internal import GraphQL
internal import MicroHTTP
internal import Synchronization
internal import WebSocket

/// One client of `graphql-transport-ws`, and its operations.
///
/// One task reads. Each operation has one of its own, which asks for its next event when the one before has gone out: a client that
/// reads slowly holds up nobody else, and nothing of it is queued but the newest of each subscription.
internal final class GraphQLSocket: Sendable {
    private let connection: WebSocketConnection
    private let caller: SocketCaller
    private let settings: LiveConfiguration
    private let noteOperation: @Sendable () -> Void
    private let state = Mutex(State())
    /// Queries and mutations: their responses are held until the client takes them.
    private let answering = Turns(GraphQLSocket.answersAtATime)

    /// Enough to be gathered into full calls, and few enough for a client that reads none of them.
    private static let answersAtATime = 32

    private struct State {
        var talk = TransportProtocol()
        /// Those that the client waits for. The number tells an operation from a later one with the same id.
        var operations: [String: (number: Int, task: Task<Void, Never>?)] = [:]
        var lastNumber = 0
        /// How many tasks there are, also of operations that are over and have not noticed yet.
        var tasks = 0
        var isOver = false
    }

    /// An operation of one client.
    private struct Place: Sendable {
        let id: String
        let number: Int
    }

    /// - Parameter noteOperation: Told of each operation that is asked for, also of one that is refused.
    init(
        _ connection: WebSocketConnection,
        _ caller: SocketCaller,
        _ settings: LiveConfiguration,
        noteOperation: @escaping @Sendable () -> Void
    ) {
        self.connection = connection
        self.caller = caller
        self.settings = settings
        self.noteOperation = noteOperation
    }

    // MARK: - The connection

    /// Serves the client until one of both has had enough.
    func serve() async {
        let greeting = Task { [settings] in
            let milliseconds = Int64(settings.initSeconds) * 1000
            guard (try? await settings.sleep(milliseconds)) != nil else { return }
            guard self.state.withLock({ !$0.talk.isAcknowledged }) else { return }
            await self.close(.initialisationTimeout)
        }
        while let message = await connection.receive() {
            guard case .text(let text) = message else {
                await close(.invalid("A message is a text, and no bytes."))
                break
            }
            await perform(state.withLock { $0.talk.receive(text) }, greeting)
        }
        greeting.cancel()
        endOperations()
        await connection.part()
    }

    func beat() async { await connection.beat() }

    /// Ends all operations, without a word, and then the connection.
    func close(_ closure: SocketClosure) async {
        endOperations()
        await connection.close(closure.code, closure.reason)
    }

    /// Nothing is sent for any operation any more.
    func endOperations() {
        let tasks = state.withLock { state in
            state.isOver = true
            defer { state.operations = [:] }
            return state.operations.values.compactMap(\.task)
        }
        for task in tasks { task.cancel() }
    }

    private func perform(_ action: TransportProtocol.Action, _ greeting: Task<Void, Never>) async {
        switch action {
        case .none: break
        case .acknowledge:
            greeting.cancel()
            await connection.send { [ServerMessage.acknowledgement] }
        case .send(let text): await connection.send { [text] }
        case .start(let id, let request): await start(id, request)
        case .stop(let id): state.withLock { $0.operations.removeValue(forKey: id) }?.task?.cancel()
        case .close(let closure): await close(closure)
        }
    }

    // MARK: - Operations

    private func start(_ id: String, _ request: GraphQLRequest) async {
        noteOperation()
        guard let place = begin(id) else {
            let refusal = SocketRefusal(tooManyOperations: settings.maximumOperations)
            await connection.send { [self] in
                let isOver = state.withLock { state in
                    state.talk.end(id)
                    return state.isOver
                }
                return isOver ? [] : [ServerMessage.error(id, refusal.errors)]
            }
            return
        }
        let work: @Sendable () async -> Void
        do throws(SocketRefusal) {
            work = try prepare(request, place)
        } catch {
            work = { [self] in await end(place) { [ServerMessage.error(id, error.errors)] } }
        }
        let task = Task { [self] in
            await work()
            state.withLock { $0.tasks -= 1 }
        }
        let isLate = state.withLock { state in
            guard state.operations[id]?.number == place.number else { return true }
            state.operations[id]?.task = task
            return false
        }
        if isLate { task.cancel() }
    }

    /// Nil if there are too many.
    private func begin(_ id: String) -> Place? {
        state.withLock { state in
            let maximum = settings.maximumOperations
            // What a client has ended may take a moment to notice it.
            guard !state.isOver, state.operations.count < maximum, state.tasks < 2 * maximum else { return nil }
            state.tasks += 1
            state.lastNumber += 1
            state.operations[id] = (state.lastNumber, nil)
            return Place(id: id, number: state.lastNumber)
        }
    }

    private func prepare(
        _ request: GraphQLRequest,
        _ place: Place
    ) throws(SocketRefusal) -> @Sendable () async -> Void {
        do throws(AccessRefusal) {
            try caller.key?.admit(now: caller.service.runner.clock())
        } catch {
            throw SocketRefusal(error)
        }
        let operation: Operation
        do throws(DocumentRefusal) {
            operation = try caller.service.operation(request, caller.mutations)
        } catch {
            throw SocketRefusal(error, caller.mutations)
        }
        guard operation.kind == .subscription else {
            return { [self] in
                await answering.take()
                await answer(operation, request.wanted, place)
                answering.give()
            }
        }
        guard let live = caller.service.live else { throw SocketRefusal([.needsEventStream]) }
        do throws(LiveRefusal) {
            let ticket = try live.hub.subscribe(
                operation,
                key: request.operationKey,
                lastEventID: request.lastEventID
            )
            let tellsPlace = request.lastEventID != nil
            return { [self] in await follow(ticket, place, tellsPlace: tellsPlace) }
        } catch {
            throw SocketRefusal(error)
        }
    }

    /// One response and the end.
    private func answer(_ operation: Operation, _ wanted: WantedExtensions, _ place: Place) async {
        guard isOpen(place) else { return }
        let policy = caller.service.policy
        let reply = caller.service.runner.run(operation, wanted: wanted, freshness: .usual) { outcome in
            GraphQLResponse.response(outcome, policy, .graphqlResponse)
        }
        let response =
            switch reply {
            case .now(let response): response
            case .later(let work): await work()
            }
        guard case .bytes(let body) = response.body else { return await close(.internalError) }
        await end(place) { [ServerMessage.next(place.id, body), ServerMessage.complete(place.id)] }
    }

    /// The events of a subscription.
    private func follow(_ ticket: LiveTicket, _ place: Place, tellsPlace: Bool) async {
        while true {
            // What all subscribers share is copied when it is sent, and not while it waits.
            let message: @Sendable () -> ByteString
            switch await ticket.mailbox.next() {
            case .next(let response, let eventID):
                message = { ServerMessage.next(place.id, response, eventID: tellsPlace ? eventID : nil) }
            case .place(let eventID) where tellsPlace:
                message = { ServerMessage.place(place.id, eventID: eventID) }
            case .place, .beat: continue
            case .complete: return await end(place) { [ServerMessage.complete(place.id)] }
            }
            let isSent = await connection.send { [self] in isOpen(place) ? [message()] : [] }
            guard isSent else { return }
        }
    }

    private func isOpen(_ place: Place) -> Bool {
        state.withLock { $0.operations[place.id]?.number == place.number }
    }

    /// Sends the last messages of an operation, if its client still waits for it. From then on its id may be used again.
    private func end(_ place: Place, _ messages: @escaping @Sendable () -> [ByteString]) async {
        await connection.send { [self] in
            let isOpen = state.withLock { state in
                guard state.operations[place.id]?.number == place.number else { return false }
                state.operations[place.id] = nil
                state.talk.end(place.id)
                return true
            }
            return isOpen ? messages() : []
        }
    }
}
