internal import Bytes
internal import EngagementGraph
internal import Synchronization

/// What one subscriber has still to be sent.
///
/// It is asked for the next event when the one before has gone out, so that a slow client holds up nobody and costs no more memory
/// than a fast one: of changes it gets the newest and not those in between; of Tweets that reach a threshold it gets each, which are
/// as many as the subscription has.
internal final class LiveMailbox: Sendable {
    /// What is sent next.
    enum Event: Sendable {
        /// A response. With the id the client goes on where it was.
        case next(ByteString, id: String?)
        /// Nothing to see, but another place to go on from.
        case place(id: String)
        /// Nothing: a sign of life.
        case beat
        /// There is no more.
        case complete
    }

    private struct State {
        var lookNumber = 0
        var isComplete = false
        var waiter: CheckedContinuation<Event, Never>?
        /// A response that is not sent yet, and the mark of what it shows.
        var response: (bytes: ByteString, mark: String)?
        /// The mark of what the client has seen last.
        var seenMark: String?
        /// Of a threshold: how far it is, who has not been told, and the id that the client has.
        var progress: ThresholdProgress?
        var crossings: [ThresholdCrossing] = []
        var place: String?
    }

    private let state: Mutex<State>
    private let writer: CrossingWriter?

    /// - Parameters:
    ///   - seenMark: The mark of what the client has, if it comes back.
    ///   - progress: Of a threshold, how far the client is.
    ///   - writer: Writes the events of a threshold.
    init(seenMark: String? = nil, progress: ThresholdProgress? = nil, writer: CrossingWriter? = nil) {
        self.writer = writer
        var state = State()
        state.seenMark = progress == nil ? seenMark : nil
        state.progress = progress
        if let progress, progress.hasBegun { state.place = progress.eventID }
        self.state = Mutex(state)
    }

    /// Whether no event with a place comes twice: they are those of a threshold.
    var tellsOnce: Bool { writer != nil }

    // MARK: - What comes in

    /// Takes what is new in a look.
    func receive(_ look: LiveLook) {
        change { state in
            guard look.number > state.lookNumber, !state.isComplete else { return }
            state.lookNumber = look.number
            if let watched = look.watched { state.crossings += state.progress?.advance(watched) ?? [] }
            guard look.mark != state.seenMark, let response = look.response else {
                // What stood here in between was not sent, and is no more.
                state.response = nil
                if look.response == nil { state.seenMark = look.mark }
                return
            }
            state.response = (response, look.mark)
        }
    }

    /// Gives a sign of life to a client that waits.
    func beat() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: .beat)
    }

    /// No more comes after what is there, and after this response if there is one.
    func complete(_ last: ByteString? = nil) {
        change { state in
            if let last, !state.isComplete { state.response = (last, "") }
            state.isComplete = true
        }
    }

    // MARK: - What goes out

    /// The next event, when there is one. To be called by one task at a time; a cancelled one gets what is there, and then the end.
    func next() async -> Event {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let event = state.withLock { state in
                    let event = take(&state)
                    if event == nil { state.waiter = continuation }
                    return event
                }
                if let event { continuation.resume(returning: event) }
            }
        } onCancel: {
            complete()
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let woken: (CheckedContinuation<Event, Never>, Event)? = state.withLock { state in
            body(&state)
            guard let waiter = state.waiter, let event = take(&state) else { return nil }
            state.waiter = nil
            return (waiter, event)
        }
        if let (waiter, event) = woken { waiter.resume(returning: event) }
    }

    private func take(_ state: inout State) -> Event? {
        if let writer, !state.crossings.isEmpty {
            let crossing = state.crossings.removeFirst()
            state.place = state.progress?.without(state.crossings.lazy.map(\.tweet)).eventID
            return .next(writer.response(to: crossing), id: state.place)
        }
        if let (bytes, mark) = state.response {
            state.response = nil
            state.seenMark = mark
            return .next(bytes, id: state.progress == nil && !mark.isEmpty ? mark : nil)
        }
        if let progress = state.progress, progress.hasBegun {
            let place = progress.eventID
            if place != state.place {
                state.place = place
                return .place(id: place)
            }
        }
        return state.isComplete ? .complete : nil
    }
}
