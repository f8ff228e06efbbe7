public import Engagement
internal import MicroHTTP

/// The Engagement API's emulator, served over HTTP on a port of this machine.
///
/// ```swift
/// var configuration = SandboxConfiguration()
/// configuration.port = 0
/// let sandbox = try SandboxServer(configuration)
/// print(sandbox.baseURL)                       // http://127.0.0.1:40123
/// sandbox.setFaults(FaultPlan([.init(.tooManyRequests, times: 2)]))
/// sandbox.stop()
/// ```
///
/// Credentials are values of ``world``: `world.defaultApplication.consumerKey`, `world.defaultAccount.token`.
public final class SandboxServer: Sendable {
    /// The API without its socket.
    public let endpoint: SandboxEndpoint

    private let host: String
    private let server: HTTPServer

    /// Starts listening.
    ///
    /// - Throws: `HTTPServerError` if the address cannot be listened on, ``SettingsError`` with file and line if a recording
    ///   cannot be written or read.
    public init(_ configuration: SandboxConfiguration) throws {
        endpoint = try SandboxEndpoint(configuration)
        host = configuration.host
        server = try HTTPServer(
            HTTPServerConfiguration(host: configuration.host, port: configuration.port, workers: 2),
            handler: SandboxHandler(endpoint: endpoint)
        )
    }

    /// The port it listens on.
    public var port: UInt16 { server.port }

    /// What a client puts before the API's paths, such as `http://127.0.0.1:8089`.
    public var baseURL: String {
        switch host {
        case "0.0.0.0", "::", "localhost": "http://127.0.0.1:\(port)"
        case _ where host.contains(":"): "http://[\(host)]:\(port)"
        default: "http://\(host):\(port)"
        }
    }

    /// Who and what exists.
    public var world: SandboxWorld { endpoint.world }

    /// The numbers, for checking an answer by arithmetic.
    public var metrics: SyntheticMetrics { endpoint.metrics }

    /// The sandbox's time.
    public var now: UnixTime { endpoint.now }

    /// The latest calls, oldest first. Those of the token service are counted only, in ``tokenCalls``.
    public var calls: [RecordedCall] { endpoint.calls }

    /// How often the token service was called.
    public var tokenCalls: Int { endpoint.tokenCalls }

    /// Empties the log of calls.
    public func forgetCalls() { endpoint.forgetCalls() }

    /// Replaces the fault plan; its times count from now.
    public func setFaults(_ plan: FaultPlan) { endpoint.setFaults(plan) }

    /// Replaces the switches.
    public func setSwitches(_ switches: SandboxSwitches) { endpoint.setSwitches(switches) }

    /// Replaces all accounts, applications and listed Tweets.
    public func setWorld(_ world: SandboxWorld) { endpoint.setWorld(world) }

    /// Sets the quota and starts counting anew; nil leaves a value as it is.
    public func setQuota(perMinute: Int? = nil, perSecond: Int? = nil, headers: QuotaHeaders? = nil) {
        endpoint.setQuota(perMinute: perMinute, perSecond: perSecond, headers: headers)
    }

    /// Moves the sandbox's clock, forwards or back.
    public func advance(seconds: Int64) { endpoint.advance(seconds: seconds) }

    /// Stops listening and closes every connection.
    public func stop() { server.stop() }
}
