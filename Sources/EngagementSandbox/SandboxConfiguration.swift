public import Engagement
internal import Foundation
public import Settings

/// Everything that decides how a sandbox answers. The defaults are those of `config/sandbox.yaml`.
public struct SandboxConfiguration: Sendable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port to listen on; 0 takes any free one.
    public var port: UInt16 = 8089
    /// Who and what exists.
    public var world = SandboxWorld.standard
    /// Which numbers there are; see ``SyntheticMetrics``.
    public var seed: UInt64 = 1
    /// How many calls a minute each pool has: one pool for each user's tokens, one for each application without them.
    public var quotaPerMinute = 300
    /// How many calls a second each pool has; 0: no such limit.
    public var quotaPerSecond = 0
    /// Which headers tell of the quota.
    public var quotaHeaders = QuotaHeaders.all
    /// How long every answer of the API takes at least.
    public var latencyMilliseconds = 0
    /// How far an OAuth timestamp may lie from the sandbox's clock, either way.
    public var timestampToleranceSeconds = 300
    /// What to do where sources disagree.
    public var switches = SandboxSwitches()
    /// What goes wrong.
    public var faults = FaultPlan()
    /// The file that every exchange of the API is appended to; see ``RecordedExchange``.
    public var record: String?
    /// The recording whose answers are given in place of made-up ones. Not together with ``record``.
    public var replay: String?
    /// Told what goes wrong beside the answers.
    public var onEvent: @Sendable (SandboxEvent) -> Void = { _ in }
    /// The clock, before the admin route moves it.
    public var clock: TimeSource = UnixTime.now

    /// The defaults.
    public init() {}

    /// Reads a YAML file such as `config/sandbox.yaml`. What it leaves out keeps its default.
    ///
    /// - Throws: ``SettingsError`` with file, line and key if the file cannot be read or used.
    public init(yamlFile path: String) throws(SettingsError) {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw SettingsError(source: path, line: nil, key: "", reason: "cannot be read as UTF-8 text")
        }
        try self.init(yaml: text, source: path)
    }

    /// Reads the text of such a file; `source` names it in errors.
    public init(yaml text: String, source: String) throws(SettingsError) {
        let settings = try SettingsNode(parsing: text, source: source)
        try settings.allow([
            "host", "port", "seed", "quotaPerMinute", "quotaPerSecond", "quotaHeaders", "latencyMilliseconds",
            "timestampToleranceSeconds", "switches",
            "faults", "record", "replay", "accounts", "applications", "tweets",
        ])
        if let node = settings.child("host") { host = try node.name() }
        if let node = settings.child("port") { port = UInt16(try node.integer(in: 0...65_535)) }
        if let node = settings.child("seed") { seed = UInt64(try node.integer(in: 0...Int64.max)) }
        if let node = settings.child("quotaPerMinute") { quotaPerMinute = Int(try node.integer(in: 0...1_000_000)) }
        if let node = settings.child("quotaPerSecond") { quotaPerSecond = Int(try node.integer(in: 0...1_000_000)) }
        if let node = settings.child("quotaHeaders") { quotaHeaders = try node.choice(of: QuotaHeaders.self) }
        if let node = settings.child("latencyMilliseconds") {
            latencyMilliseconds = Int(try node.integer(in: 0...600_000))
        }
        if let node = settings.child("timestampToleranceSeconds") {
            timestampToleranceSeconds = Int(try node.integer(in: 0...86_400))
        }
        if let node = settings.child("switches") { try switches.apply(node) }
        if let node = settings.child("faults") { faults = try FaultPlan(node) }
        if let node = settings.child("record") { record = try node.name() }
        if let node = settings.child("replay") {
            replay = try node.name()
            guard record == nil else { throw node.error("a replay cannot be recorded: give either record or replay") }
        }
        world = try SandboxWorld(settings)
    }
}
