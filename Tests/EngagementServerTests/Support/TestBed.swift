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
import TestSupport

/// A server and the sandbox that it asks, both over real HTTP and on one clock that stands still, with a cache file in a
/// folder of its own.
final class TestBed {
    let clock: ManualClock
    let sandbox: SandboxServer
    private(set) var server: Server
    /// What the servers have logged so far.
    let log = LogMemory()
    private let configuration: ServerConfiguration
    private let folder: TemporaryFolder

    /// Friday, 2026-11-20 12:30 UTC, unless a test says otherwise.
    static let start = UnixTime(iso8601: "2026-11-20T12:30:00Z") ?? UnixTime(seconds: 0)

    /// - Parameter adjust: Changes the configurations before anything starts.
    init(
        at start: UnixTime = TestBed.start,
        adjust: (inout ServerConfiguration, inout SandboxConfiguration) throws -> Void = { _, _ in }
    ) throws {
        let clock = ManualClock(milliseconds: start.milliseconds)
        self.clock = clock
        folder = try TemporaryFolder()
        var settings = TestBed.settings(in: folder)
        // The machine's own clock goes on: it must not be the one that ends a wait.
        settings.pacing.uptime = { clock.milliseconds }
        var emulator = SandboxConfiguration()
        emulator.port = 0
        emulator.quotaPerMinute = 1000
        emulator.clock = { UnixTime(milliseconds: clock.milliseconds) }
        try adjust(&settings, &emulator)
        sandbox = try SandboxServer(emulator)
        settings.upstream.baseURL = sandbox.baseURL
        settings.upstream.tokenURL = sandbox.baseURL + "/oauth2/token"
        if settings.accounts.isEmpty { settings.accounts = TestBed.accounts(sandbox.world) }
        configuration = settings
        server = try TestBed.serve(settings, clock, log.logger)
    }

    deinit {
        sandbox.stop()
    }

    /// Stops the server in good order and starts another one over the same cache file.
    func restart() async throws {
        await server.drain()
        server = try TestBed.serve(configuration, clock, log.logger)
    }

    /// Another server over the same sandbox, with data of its own: another node. Whoever starts it drains it.
    func node(in folder: TemporaryFolder) throws -> Server {
        var settings = configuration
        settings.dataFolder = folder.url.path
        return try TestBed.serve(settings, clock, log.logger)
    }

    /// What explains queries beside the server, over the same data folder.
    func explainer() throws -> Explainer {
        let clock = clock
        return try Explainer(configuration, clock: { UnixTime(milliseconds: clock.milliseconds) }) { _ in }
    }

    // MARK: - Asking

    /// Sends a request on a connection of its own.
    func send(
        _ method: String = "POST",
        _ path: String = "/graphql",
        headers: [(name: String, value: String)] = TestBed.json,
        body: [UInt8] = []
    ) async throws -> RawClient.Response {
        try await TestBed.send(method, path, port: server.port, headers: headers, body: body)
    }

    static func send(
        _ method: String = "POST",
        _ path: String = "/graphql",
        port: UInt16,
        headers: [(name: String, value: String)] = TestBed.json,
        body: [UInt8] = []
    ) async throws -> RawClient.Response {
        var head = "\(method) \(path) HTTP/1.1\r\nConnection: close\r\n"
        if !headers.contains(where: { $0.name == "Host" }) { head += "Host: test\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !body.isEmpty || method == "POST" { head += "Content-Length: \(body.count)\r\n" }
        let bytes = Array((head + "\r\n").utf8) + body
        return try await onThread {
            let client = try RawClient(port: port)
            client.send(bytes)
            return try client.readResponse(head: method == "HEAD")
        }
    }

    static let json = [(name: "Content-Type", value: "application/json")]

    /// Posts a GraphQL request and returns its response.
    func ask(_ query: String, _ variables: JSONValue? = nil) async throws -> JSONValue {
        let response = try await send(body: TestBed.body(query, variables))
        return try JSONValue(parsing: response.body)
    }

    static func body(_ query: String, _ variables: JSONValue?, extensions: JSONValue? = nil) -> [UInt8] {
        let members =
            [JSONValue.Member("query", .string(query))] + (variables.map { [.init("variables", $0)] } ?? [])
            + (extensions.map { [.init("extensions", $0)] } ?? [])
        return Array(JSONValue.object(members).text.utf8)
    }

    /// Waits until no call is under way: one that nobody waits for any more ends a little later than its deadline.
    func settle(_ gauges: [String] = ["under_way"]) async throws {
        try await until {
            let text = try await metrics()
            return gauges.allSatisfy { text.contains("\nengageql_upstream_\($0) 0\n") }
        }
    }

    /// The counters, asked for in the process, where no key is needed.
    func metrics() async throws -> String {
        let request = TransportRequest(method: "GET", url: "http://localhost/metrics", headers: [], body: [])
        let response = try await ServerTransport(server).send(request, deadline: UnixTime.now())
        return String(decoding: response.body, as: UTF8.self)
    }

    /// Changes the sandbox by one of its admin routes.
    func put(_ route: String, _ settings: JSONValue) async throws {
        let body = Array(settings.text.utf8)
        let response = try await TestBed.send("PUT", "/sandbox/\(route)", port: sandbox.port, body: body)
        guard response.status == 200 else { throw Failure(reason: "PUT /sandbox/\(route): \(response.text)") }
    }

    struct Failure: Error {
        let reason: String
    }

    // MARK: - Parts

    /// What every server of a test has: a free port, a folder of its own, and no second attempts that hide the first.
    static func settings(in folder: TemporaryFolder) -> ServerConfiguration {
        var settings = ServerConfiguration()
        settings.http.port = 0
        settings.http.workers = 1
        settings.hosts = ["test"]
        settings.dataFolder = folder.url.path
        settings.schemaFile = TestBed.packageFolder + "/schema.graphql"
        settings.queriesFolder = TestBed.packageFolder + "/config/queries"
        settings.upstream.retry = .never
        settings.upstream.appAuthorization = .signature
        // What is past its time is waited for, so that each step of a test sees its own calls.
        settings.cache.timeToLive.staleWhileRevalidate = 0
        settings.refreshEarly = false
        // The clock stands still: who waits for the quota looks again when somebody asks.
        settings.pacing.lookMilliseconds = 86_400_000
        settings.pacing.sleep = { milliseconds in
            let isPause = (5_001..<50_000).contains(milliseconds)
            try await Task.sleep(for: isPause ? .seconds(3600) : .milliseconds(milliseconds))
        }
        // Long enough for a busy machine, and not until the next minute of the quota.
        settings.deadlineSeconds = 50
        settings.upstream.transport.connectTimeoutMilliseconds = 50_000
        return settings
    }

    /// Where `Package.swift` lies.
    static let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    static func serve(
        _ settings: ServerConfiguration,
        _ clock: ManualClock,
        _ logger: Logger
    ) throws -> Server {
        try Server(settings, clock: { UnixTime(milliseconds: clock.milliseconds) }, logger: logger)
    }

    /// Every secret that the server or the sandbox has: none may stand in a response or in a log.
    var secrets: [String] {
        let given = configuration.accounts.flatMap { account in
            [account.consumer.secret, account.token?.token, account.token?.secret, account.bearer]
        }
        let world = sandbox.world
        return given.compactMap { $0?.reveal() }
            + world.accounts.flatMap { [$0.token, $0.tokenSecret] }.compactMap(\.self)
            + world.applications.flatMap { [$0.consumerSecret, $0.bearerToken] }
    }

    /// The sandbox's accounts that have tokens, the default one first.
    static func accounts(_ world: SandboxWorld) -> [AccountConfiguration] {
        let application = world.defaultApplication
        let consumer = ConsumerKey(key: application.consumerKey, secret: Secret(application.consumerSecret))
        return world.accounts.compactMap { account in
            guard let token = account.token, let secret = account.tokenSecret else { return nil }
            return AccountConfiguration(
                name: account.name,
                consumer: consumer,
                token: AccessToken(token: Secret(token), secret: Secret(secret)),
                bearer: nil
            )
        }
    }
}
