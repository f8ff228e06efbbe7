import Engagement
import EngagementAPI
import EngagementSandbox
import EngagementServer
import Foundation
import JSON
import Logging
import MetricCache
import MetricLoader
import MicroHTTP
import Synchronization
import TestSupport

/// Callers that ask a server at once, over real HTTP, while a schedule of events befalls the API behind it, and what was wrong
/// with the answers.
///
/// Every answer is checked as it comes. Which questions are asked follows from the seed; which of them meet does not.
final class Soak: Sendable {
    private static let silence = Logger(label: "soak") { _ in SwiftLogNoOpLogHandler() }

    let world: SoakWorld
    let clock: SoakClock
    let sandbox: SandboxServer
    let seed: UInt64
    private let time: ManualClock
    private let folder: TemporaryFolder
    private let settings: ServerConfiguration
    private let oracle: SoakOracle
    private let schedule: SoakSchedule
    private let state: Mutex<State>

    private struct State {
        var server: Server
        /// Nil while the server is restarted.
        var port: UInt16?
        /// When the latest restart began.
        var restartedAt: ContinuousClock.Instant?
        var report = Report()
        var callers: UInt64 = 0
    }

    /// What happened.
    struct Report: Sendable {
        var answers = 0
        var numbers = 0
        var nulls = 0
        var events = 0
        var slowest = Duration.zero
        var findings: [String] = []
    }

    /// - Parameter goes: Whether the clock goes with real time; else it stands still between events.
    init(seed: UInt64, clockGoes goes: Bool) throws {
        var generator = SeededGenerator(seed: seed)
        world = SoakWorld(now: TestBed.start, using: &generator)
        self.seed = seed
        let time = ManualClock(milliseconds: TestBed.start.milliseconds)
        self.time = time
        clock = SoakClock(time)
        folder = try TemporaryFolder()
        var emulator = SandboxConfiguration()
        emulator.port = 0
        emulator.world = world.sandbox
        emulator.quotaPerMinute = 1_000_000
        emulator.clock = { UnixTime(milliseconds: time.milliseconds) }
        sandbox = try SandboxServer(emulator)
        settings = Soak.settings(in: folder, sandbox, clockGoes: goes)
        oracle = SoakOracle(world: world, metrics: sandbox.metrics)
        schedule = SoakSchedule(takesTime: goes)
        let server = try TestBed.serve(settings, time, Soak.silence)
        state = Mutex(State(server: server, port: server.port))
    }

    deinit {
        sandbox.stop()
    }

    private static func settings(
        in folder: TemporaryFolder,
        _ sandbox: SandboxServer,
        clockGoes goes: Bool
    ) -> ServerConfiguration {
        var settings = TestBed.settings(in: folder)
        settings.http.workers = 2
        settings.cache.timeToLive.staleWhileRevalidate = 3600
        settings.upstream.quota.assumedPerMinute = 1_000_000
        settings.upstream.baseURL = sandbox.baseURL
        settings.upstream.tokenURL = sandbox.baseURL + "/oauth2/token"
        settings.accounts = TestBed.accounts(sandbox.world)
        // A bearer token that callers may show; public metrics are asked with the first account's, which has to be got.
        settings.accounts[1].bearer = Secret(sandbox.world.defaultApplication.bearerToken)
        guard goes else { return settings }
        settings.deadlineSeconds = 6
        settings.pacing.lookMilliseconds = 500
        settings.upstream.retry = RetryPolicy(
            maximumAttempts: 3,
            firstDelayMilliseconds: 50,
            longestDelayMilliseconds: 400
        )
        settings.upstream.breaker.firstPauseMilliseconds = 500
        settings.upstream.breaker.longestPauseMilliseconds = 4000
        settings.upstream.quota.pauseMilliseconds = 2000
        settings.upstream.appAuthorization = .bearer
        return settings
    }

    var report: Report { state.withLock { $0.report } }

    // MARK: - Phases

    /// How long a phase is.
    enum Length: Sendable {
        /// So many questions of each caller.
        case questions(Int)
        case seconds(Int)
    }

    /// Lets `callers` ask side by side, and waits for the last answer.
    func ask(_ weather: SoakConditions.Weather, callers: Int, for length: Length) async {
        let began = ContinuousClock.now
        @Sendable func isOver(_ asked: Int) -> Bool {
            switch length {
            case .questions(let count): asked == count
            case .seconds(let seconds): ContinuousClock.now > began + .seconds(seconds)
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<callers {
                group.addTask { [self] in
                    let number = state.withLock { state in
                        state.callers += 1
                        return state.callers
                    }
                    var generator = SeededGenerator(seed: seed &* 1_000_003 &+ number)
                    var asked = 0
                    while !isOver(asked) {
                        if weather == .faulty, Int.random(in: 0..<12, using: &generator) == 0 {
                            await befall(schedule.event(using: &generator))
                        }
                        await askOnce(weather, using: &generator)
                        asked += 1
                    }
                }
            }
        }
    }

    /// Ends whatever the schedule began, and lets the pauses go by that followed from it.
    func clear() async {
        sandbox.setFaults(FaultPlan())
        sandbox.setQuota(perMinute: 1_000_000, perSecond: 1_000_000, headers: .all)
        await befall(.switches(SoakSchedule.usualSwitches))
        if schedule.takesTime {
            // Calls that met a fault are under way until their deadline, and whoever asks the same waits for them.
            try? await Task.sleep(for: .seconds(settings.deadlineSeconds + 1))
        }
        clock.advance(seconds: 90)
        // Whether the API is well again is found out with one call, and whoever comes meanwhile is told that it is not known.
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<10 { await askOnce(.faulty, using: &generator) }
    }

    private func befall(_ event: SoakSchedule.Event) async {
        state.withLock { $0.report.events += 1 }
        switch event {
        case .faults(let plan): sandbox.setFaults(plan)
        case .quota(let perMinute, let perSecond, let headers):
            sandbox.setQuota(perMinute: perMinute, perSecond: perSecond, headers: headers)
        case .clock(let seconds): clock.advance(seconds: seconds)
        case .switches(let switches):
            let body = Array(switches.text.utf8)
            let answer = try? await TestBed.send("PUT", "/sandbox/switches", port: sandbox.port, body: body)
            if answer?.status != 200 { find("PUT /sandbox/switches: \(answer?.text ?? "no answer")") }
        case .restart: await restart()
        }
    }

    /// One caller restarts the server, in good order and over the same files; the others wait.
    private func restart() async {
        let server = state.withLock { state -> Server? in
            guard state.port != nil else { return nil }
            state.port = nil
            state.restartedAt = .now
            return state.server
        }
        guard let server else { return }
        await server.drain()
        do {
            let server = try TestBed.serve(settings, time, Soak.silence)
            state.withLock { state in
                state.server = server
                state.port = server.port
            }
        } catch {
            find("the server does not start again: \(error)")
        }
    }

    func drain() async {
        clock.stop()
        await state.withLock(\.server).drain()
    }

    private func find(_ finding: String) {
        state.withLock { $0.report.findings.append(finding) }
    }
}

// MARK: - Asking

extension Soak {
    private func askOnce(_ weather: SoakConditions.Weather, using generator: inout SeededGenerator) async {
        guard let port = await port() else { return }
        let began = ContinuousClock.now
        var conditions = SoakConditions(weather: weather, sentAt: clock.now, latest: clock.now, setBackSeconds: 0)
        do {
            if Int.random(in: 0..<4, using: &generator) == 0 {
                let call = SoakCall(world, now: conditions.sentAt, using: &generator)
                let client = DropInClient.named(call.caller)
                let answer = try await client.call(call.endpoint, call.body, port: port, now: conditions.sentAt)
                see(&conditions, since: began)
                let check = SoakCallCheck(answer, to: call, oracle, conditions)
                enter(check.findings, numbers: check.numbers, nulls: 0, since: began)
            } else {
                let query = SoakQuery(world, now: conditions.sentAt, using: &generator)
                let body = TestBed.body(query.text, nil)
                let response = try JSONValue(parsing: try await TestBed.send(port: port, body: body).body)
                see(&conditions, since: began)
                let check = SoakAnswerCheck(response, to: query, oracle, conditions)
                enter(check.findings, numbers: check.numbers, nulls: check.nulls, since: began)
            }
        } catch {
            // A server that stops takes no new connections: only what it had may not be lost.
            let isExcused = state.withLock { state in
                state.restartedAt.map { $0 < began + .milliseconds(1000) && $0 > began - .seconds(30) } ?? false
            }
            if !isExcused { find("no answer after \(ContinuousClock.now - began): \(error)") }
        }
    }

    /// A call that the request waited for may have been under way for as long as a call can be.
    private func see(_ conditions: inout SoakConditions, since began: ContinuousClock.Instant) {
        conditions.latest = clock.latest
        conditions.setBackSeconds = clock.setBackSeconds
        conditions.stepSeconds = clock.stepSeconds(since: began - .seconds(2 * settings.deadlineSeconds))
    }

    /// The server's port, once it is there.
    private func port() async -> UInt16? {
        for _ in 0..<30_000 {
            if let port = state.withLock({ $0.port }) { return port }
            try? await Task.sleep(for: .milliseconds(2))
        }
        find("the server did not come back")
        return nil
    }

    /// The deadline of a request, and as much again for a machine that has other things to do.
    private func enter(_ findings: [String], numbers: Int, nulls: Int, since began: ContinuousClock.Instant) {
        let elapsed = ContinuousClock.now - began
        state.withLock { state in
            state.report.answers += 1
            state.report.numbers += numbers
            state.report.nulls += nulls
            state.report.slowest = max(state.report.slowest, elapsed)
            state.report.findings += findings
            if elapsed > .seconds(2 * settings.deadlineSeconds) {
                state.report.findings.append("an answer after \(elapsed)")
            }
        }
    }
}
