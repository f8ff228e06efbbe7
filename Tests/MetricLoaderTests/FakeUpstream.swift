import Engagement
import EngagementAPI
import MetricLoader
import Synchronization
import TestSupport
import Testing

/// An upstream whose numbers are known, whose calls are noted, and whose answers can be held back and spoilt.
///
/// Totals are the Tweet's id (its last twelve digits) × 100 + the type's number; in each hour every type has the Tweet's id + the hour's number
/// modulo 7.
final class FakeUpstream: Upstream {
    /// A call as it was made.
    struct Made: Equatable, Sendable, CustomStringConvertible {
        let call: EngagementCall
        let access: UpstreamAccess
        var description: String { "\(call) as \(access)" }
    }

    /// What becomes of a call instead of the right answer.
    typealias Fault =
        @Sendable (_ call: EngagementCall, _ reply: inout EngagementReply) throws(EngagementAPIError) -> Void

    private struct State {
        var made: [Made] = []
        var fault: Fault?
        var refusal: CallRefusal?
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let clock: ManualClock

    init(clock: ManualClock) {
        self.clock = clock
    }

    // MARK: - For tests

    var made: [Made] { state.withLock { $0.made } }

    var descriptions: [String] { made.map(\.description) }

    /// The calls since this was last asked.
    func takeMade() -> [Made] {
        state.withLock { state in
            defer { state.made = [] }
            return state.made
        }
    }

    func spoil(_ fault: Fault?) { state.withLock { $0.fault = fault } }

    /// Holds back all answers from now on.
    func hold() { state.withLock { $0.isHeld = true } }

    /// Lets all answers go, those that are waiting and those to come.
    func release() {
        let held = state.withLock { state in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    /// Lets the answers go that are waiting, and none of those to come.
    func step() {
        let held = state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    /// Returns when so many answers are held back.
    func waitForHeld(_ count: Int) async {
        await waitUntil("\(count) answers are held back") { state.withLock { $0.held.count == count } }
    }

    /// Takes no calls, for this reason; nil takes them again.
    func refuse(_ refusal: CallRefusal?) { state.withLock { $0.refusal = refusal } }

    // MARK: - Upstream

    func refusal(for access: UpstreamAccess, _ urgency: CallUrgency, now: UnixTime) -> CallRefusal? {
        state.withLock { $0.refusal.flatMap { now < $0.until ? $0 : nil } }
    }

    func pressure(on access: UpstreamAccess, now: UnixTime) -> Double { 0 }

    func perform(
        _ call: EngagementCall,
        as access: UpstreamAccess,
        _ urgency: CallUrgency,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> EngagementReply {
        state.withLock { $0.made.append(Made(call: call, access: access)) }
        try call.validate()
        if access == .application, !call.types.isSubset(of: .publicTotals) || call.endpoint != .totals {
            throw EngagementAPIError(.unauthenticated, "only public totals can be had without a user's token")
        }
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.isHeld { state.held.append(continuation) }
                return !state.isHeld
            }
            if isFree { continuation.resume() }
        }
        var reply = EngagementReply(counts: counts(call))
        if let fault = state.withLock({ $0.fault }) { try fault(call, &reply) }
        return reply
    }

    private func counts(_ call: EngagementCall) -> [EngagementReply.Count] {
        let now = UnixTime(milliseconds: clock.milliseconds)
        let window: HourWindow
        switch call.endpoint {
        case .totals:
            return call.tweets.flatMap { tweet in
                call.types.types.map {
                    EngagementReply.Count(tweet: tweet, type: $0, value: FakeUpstream.total(tweet, $0))
                }
            }
        case .last28Hours: window = HourWindow(start: now.flooredHour.advanced(by: -28), end: now.raisedHour)
        case .historical:
            guard let asked = call.window else { return [] }
            window = HourWindow(start: asked.start.flooredHour, end: asked.end.raisedHour)
        }
        return call.tweets.flatMap { tweet in
            call.types.types.flatMap { type in
                call.grain == .day
                    ? FakeUpstream.days(window, tweet, type)
                    : (window.start.index..<window.end.index).map { index in
                        let hour = UTCHour(index: index)
                        let count = FakeUpstream.count(tweet, hour)
                        return .init(tweet: tweet, type: type, day: hour.day, hour: UInt8(hour.hourOfDay), value: count)
                    }
            }
        }
    }

    private static func days(_ window: HourWindow, _ tweet: TweetID, _ type: EngagementType) -> [EngagementReply.Count]
    {
        (window.days ?? 0...0).map { index in
            let day = UTCDay(index: index)
            let hours = (0..<24).map { day.firstHour.advanced(by: $0) }.filter(window.contains)
            return .init(tweet: tweet, type: type, day: day, value: hours.reduce(0) { $0 + count(tweet, $1) })
        }
    }

    static func total(_ tweet: TweetID, _ type: EngagementType) -> Int64 {
        Int64(tweet.rawValue % 1_000_000_000_000) * 100 + Int64(type.rawValue)
    }

    static func count(_ tweet: TweetID, _ hour: UTCHour) -> Int64 {
        Int64(tweet.rawValue) + Int64(hour.index % 7)
    }
}

/// Waits, without a busy loop, until `condition` holds; notes an issue after a time that no test needs.
func waitUntil(_ what: String, _ condition: () -> Bool) async {
    for _ in 0..<20_000 {
        if condition() { return }
        try? await Task.sleep(for: .milliseconds(1))
    }
    Issue.record("it never came to pass that \(what)")
}
