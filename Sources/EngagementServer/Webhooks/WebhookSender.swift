internal import Bytes
internal import Engagement
internal import EngagementAPI
internal import GraphQL
internal import Logging
internal import Synchronization

/// Delivers the events of one subscription, one after the other, each until it was accepted.
///
/// While one is tried again, the next ones wait in the subscription's mailbox, which is bounded: of changes it keeps the newest. An
/// event whose answer had not come when the server ended may come again, with the same id.
internal struct WebhookSender: Sendable {
    let webhook: WebhookConfiguration
    let operation: Operation
    let hub: LiveHub
    let places: WebhookPlaces
    let transport: any HTTPTransport
    let clock: TimeSource
    let pacing: WebhookPacing
    /// How long the answer to a request may take when the server stops.
    let drainSeconds: Int
    let logger: Logger

    /// How long to wait before a subscription that cannot be had is tried again, such as one to a list that is to be saved yet.
    private static let retryMilliseconds: Int64 = 60_000

    /// Goes on until its task is cancelled, and then until the request under way has its answer.
    func run() async {
        while !Task.isCancelled {
            do throws(LiveRefusal) {
                try await follow()
            } catch {
                logger.warning(
                    "webhook cannot subscribe",
                    metadata: ["webhook": "\(webhook.name)", "reason": "\(error)"]
                )
            }
            guard (try? await pacing.sleep(WebhookSender.retryMilliseconds)) != nil else { return }
        }
    }

    /// Delivers events until the subscription ends.
    private func follow() async throws(LiveRefusal) {
        let key = Array("webhook \(webhook.name)".utf8)
        let place = await places.place(of: webhook)
        let ticket = try hub.subscribe(operation, key: key, lastEventID: place, isLimited: false)
        while !Task.isCancelled {
            switch await ticket.mailbox.next() {
            case .next(let response, let place):
                let isOnce = ticket.mailbox.tellsOnce && place != nil
                guard await deliver(response, place, isOnce) else { return }
                if let place { await places.set(place, of: webhook) }
            case .place(let place): await places.set(place, of: webhook)
            case .beat: continue
            case .complete: return
            }
        }
    }

    /// False if the server stopped before the event was accepted or given up.
    private func deliver(_ response: ByteString, _ place: String?, _ isOnce: Bool) async -> Bool {
        let begin = clock()
        let request = WebhookRequest(webhook, response, place: place, at: isOnce ? nil : begin)
        var number = 0
        while !Task.isCancelled {
            number += 1
            let reason = await attempt(request)
            guard let reason else { return true }
            let now = clock()
            let isGivenUp = now >= begin.advanced(bySeconds: pacing.giveUpSeconds)
            logger.log(
                level: isGivenUp ? .error : .notice,
                isGivenUp ? "webhook event is given up" : "webhook event was not accepted",
                metadata: [
                    "webhook": "\(webhook.name)", "event": "\(request.id)", "attempt": "\(number)",
                    "reason": "\(reason)",
                ]
            )
            if isGivenUp { return true }
            let delay = pacing.delay(after: number, random: Double.random(in: 0..<1))
            guard (try? await pacing.sleep(delay)) != nil else { return false }
        }
        return false
    }

    /// Why the event was not accepted; nil if it was. A request that is under way when the task is cancelled gets its answer if that
    /// comes in time, so that what was accepted is not told again after a restart.
    private func attempt(_ request: WebhookRequest) async -> String? {
        let sending = Task { await send(request) }
        let timer = Mutex<Task<Void, Never>?>(nil)
        let reason = await withTaskCancellationHandler {
            await sending.value
        } onCancel: {
            timer.withLock { timer in
                timer = Task { [drainSeconds] in
                    guard (try? await Task.sleep(for: .seconds(drainSeconds))) != nil else { return }
                    sending.cancel()
                }
            }
        }
        // The answer has come: nothing of a server that has stopped is kept any longer.
        timer.withLock { $0 }?.cancel()
        return reason
    }

    private func send(_ request: WebhookRequest) async -> String? {
        let now = clock()
        do throws(TransportError) {
            let deadline = now.advanced(bySeconds: pacing.requestSeconds)
            let response = try await transport.send(request.signed(at: now), deadline: deadline)
            return (200..<300).contains(response.status) ? nil : "status \(response.status)"
        } catch {
            // Not in the transport's words, which may name the address.
            return "\(error.code)"
        }
    }
}
