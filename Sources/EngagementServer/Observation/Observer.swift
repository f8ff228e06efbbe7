internal import Archive
internal import EngagementAPI
internal import Ledger
internal import Logging
internal import MetricLoader
internal import SharedTier

/// Where observations go: into the counters, and those that an operator wants to know of into the log. Messages are static,
/// what varies is metadata; nothing secret is part of an observation.
internal struct Observer: Sendable {
    let metrics: ServerMetrics
    let logger: Logger

    /// A document that is not among the saved queries was answered (`graphql.safelist: log`).
    func noteUnsaved(_ text: ArraySlice<UInt8>) {
        logger.notice(
            "document is not on the safelist",
            metadata: ["text": "\(String(decoding: text.prefix(2000), as: UTF8.self))"]
        )
    }

    /// Somebody's credentials were not accepted; they are not told why.
    func noteRefusedCaller(_ reason: String) {
        logger.info("caller refused", metadata: ["reason": "\(reason)"])
    }

    /// A key was not accepted. Which one it is, is said by its name, if it has one.
    func noteRefusedKey(_ refusal: AccessRefusal, _ name: String?) {
        logger.info("key refused", metadata: ["key": "\(name ?? "unknown")", "reason": "\(refusal.message)"])
    }

    /// A table could not be sent to its end; `codes` are those of the errors that the client can no longer be told.
    func noteCutTable(_ codes: [String]) {
        let counts = Dictionary(codes.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }
        let text = counts.map { code, count in count == 1 ? code : "\(count) × \(code)" }.joined(separator: ", ")
        logger.warning("a table was cut off", metadata: ["codes": "\(text)"])
    }

    /// What happens to files is worth a notice; that they cannot be used, a warning.
    private func level(_ observation: Observation) -> Logger.Level {
        observation.failedFile == nil ? .notice : .warning
    }

    func observe(_ observation: Observation) {
        metrics.count(observation)
        switch observation {
        case .answered(let route, let status, let microseconds):
            logger.trace(
                "request answered",
                metadata: ["route": "\(route.rawValue)", "status": "\(status)", "microseconds": "\(microseconds)"]
            )
        case .loader(.called(let call, let access, let error?)):
            logger.warning(
                "upstream call failed",
                metadata: ["call": "\(call)", "access": "\(access)", "error": "\(error)"]
            )
        case .loader(.called(let call, let access, nil)):
            logger.debug("upstream call answered", metadata: ["call": "\(call)", "access": "\(access)"])
        case .cache(let event): logger.log(level: level(observation), "cache", metadata: ["event": "\(event)"])
        case .ledger(.usageReached(let threshold, let count, let limit, let period, _)):
            logger.warning(
                "a limit of use is reached",
                metadata: [
                    "threshold": "usage.\(threshold)", "count": "\(count)", "limit": "\(limit)",
                    "period": "\(period.rawValue)",
                ]
            )
        case .ledger(let event): logger.log(level: level(observation), "ledger", metadata: ["event": "\(event)"])
        case .lists(let event): logger.warning("lists", metadata: ["event": "\(event)"])
        case .archive(let event): logger.log(level: level(observation), "archive", metadata: ["event": "\(event)"])
        case .shared(.joined): logger.notice("shared tier is in use")
        case .shared(.down(let reason)):
            logger.warning("shared tier is down, this node goes on alone", metadata: ["reason": "\(reason)"])
        case .shared(.refused(let reason)):
            logger.warning("shared tier refused a command", metadata: ["reason": "\(reason)"])
        case .client(.waiting(let attempt, let milliseconds)):
            logger.info(
                "upstream call waits for its next attempt",
                metadata: [
                    "call": "\(attempt.call)", "attempt": "\(attempt.number)", "milliseconds": "\(milliseconds)",
                ]
            )
        case .loader, .client: break
        }
    }
}
