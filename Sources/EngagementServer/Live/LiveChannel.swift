internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import GraphQL
internal import MetricLoader
internal import Synchronization

/// One subscription with all who have sent the same: looked at once for all of them.
///
/// The first look is for somebody who waits. All others are made at whole multiples of the interval, so that subscriptions to different
/// fields of the same Tweets look at the same moment, and in the background: the calls that they need wait for each other's company,
/// and leave the quota that is kept for pages alone.
internal final class LiveChannel: Sendable {
    private let runner: OperationRunner
    private let operation: Operation
    private let everySeconds: Int
    private let sleep: Pacing.Sleep
    private let state = Mutex(State())

    private struct State {
        var mailboxes: [ObjectIdentifier: LiveMailbox] = [:]
        var latest: LiveLook?
        var task: Task<Void, Never>?
        var isOver = false
    }

    init(_ operation: Operation, everySeconds: Int, runner: OperationRunner, sleep: @escaping Pacing.Sleep) {
        self.operation = operation
        self.everySeconds = everySeconds
        self.runner = runner
        self.sleep = sleep
    }

    var mailboxes: [LiveMailbox] { state.withLock { Array($0.mailboxes.values) } }

    /// Adds a subscriber, who gets at once what the last look found.
    ///
    /// - Returns: False if there is nothing to look at any more: a subscriber would hear nothing, not even of the end.
    func add(_ mailbox: LiveMailbox) -> Bool {
        let (isOver, latest) = state.withLock { state -> (Bool, LiveLook?) in
            if state.isOver { return (true, nil) }
            state.mailboxes[ObjectIdentifier(mailbox)] = mailbox
            if state.task == nil { state.task = Task { await self.run() } }
            return (false, state.latest)
        }
        if let latest { mailbox.receive(latest) }
        return !isOver
    }

    /// Removes a subscriber, and returns whether it was the last.
    func remove(_ mailbox: LiveMailbox) -> Bool {
        state.withLock { state in
            state.mailboxes.removeValue(forKey: ObjectIdentifier(mailbox))
            return state.mailboxes.isEmpty
        }
    }

    /// Looks no more. A call that is under way ends by itself.
    func stop() { state.withLock { $0.task }?.cancel() }

    // MARK: - Looking

    private func run() async {
        var number = 0
        while !Task.isCancelled {
            number += 1
            guard await look(number) else { return }
            let step = Int64(everySeconds) * 1000
            guard (try? await sleep(step - runner.clock().milliseconds % step)) != nil else { return }
        }
    }

    /// False if there is nothing to look at any more, such as a list that was removed.
    private func look(_ number: Int) async -> Bool {
        let plan: EngagementPlan
        do throws(GraphQLErrors) {
            plan = try runner.plan(operation, for: .response, now: runner.clock())
        } catch {
            let failure = LiveLook.failure(error.errors)
            let receivers = state.withLock { state in
                state.isOver = true
                return Array(state.mailboxes.values)
            }
            for mailbox in receivers { mailbox.complete(failure) }
            return false
        }
        let isFirst = number == 1
        let answer = await runner.answer(
            operation,
            plan,
            urgency: isFirst ? .interactive : .background,
            freshness: isFirst ? .usual : FreshnessDemand(staleness: .onError)
        )
        let look = LiveLook(number, answer)
        let receivers = state.withLock { state in
            state.latest = look
            return Array(state.mailboxes.values)
        }
        for mailbox in receivers { mailbox.receive(look) }
        return true
    }
}
