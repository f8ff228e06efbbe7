internal import Engagement
internal import JSON
internal import Settings
internal import Synchronization

/// The routes below `/sandbox`: for the people and tests that steer the sandbox, not part of the API. Plain JSON.
///
/// | Route | What |
/// |---|---|
/// | `GET /sandbox` | what this is, the credentials that open it, the Tweets that are listed |
/// | `GET`, `DELETE /sandbox/calls` | the calls received, with counters; forget them |
/// | `PUT /sandbox/faults` | `{"faults": [{"fault": "429", "times": 3}]}` replaces the plan |
/// | `PUT /sandbox/switches` | `{"counts": "bare"}` changes those it names |
/// | `PUT /sandbox/clock` | `{"advanceSeconds": 3600}` |
/// | `PUT /sandbox/quota` | `{"perMinute": 10}`, and counts anew |
struct AdminRoutes {
    let endpoint: SandboxEndpoint

    private static let prefix = "/sandbox"

    /// Whether a path is one of these.
    static func own(_ path: String) -> Bool { path == prefix || path.hasPrefix(prefix + "/") }

    func respond(to request: SandboxRequest) -> SandboxReply {
        do throws(SettingsError) {
            switch (request.method, request.path.dropFirst(AdminRoutes.prefix.count)) {
            case ("GET", ""), ("GET", "/"):
                return AdminRoutes.reply(200, Description(endpoint: endpoint).whole)
            case ("GET", "/calls"):
                return AdminRoutes.reply(200, Description(endpoint: endpoint).calls)
            case ("DELETE", "/calls"):
                endpoint.forgetCalls()
                return AdminRoutes.reply(200, Description(endpoint: endpoint).calls)
            case ("PUT", "/faults"): try setFaults(request)
            case ("PUT", "/switches"): try setSwitches(request)
            case ("PUT", "/clock"): try moveClock(request)
            case ("PUT", "/quota"): try setQuota(request)
            default:
                return AdminRoutes.reply(404, .object([.init("error", .string("no such route of the sandbox"))]))
            }
            return AdminRoutes.reply(200, Description(endpoint: endpoint).settings)
        } catch {
            return AdminRoutes.reply(400, .object([.init("error", .string(error.description))]))
        }
    }

    private func setFaults(_ request: SandboxRequest) throws(SettingsError) {
        let settings = try AdminRoutes.settings(request)
        try settings.allow(["faults"])
        endpoint.setFaults(try FaultPlan(try settings.required("faults")))
    }

    private func setSwitches(_ request: SandboxRequest) throws(SettingsError) {
        let settings = try AdminRoutes.settings(request)
        try endpoint.state.withLock { state throws(SettingsError) in
            var switches = state.switches
            try switches.apply(settings)
            state.switches = switches
        }
    }

    private func moveClock(_ request: SandboxRequest) throws(SettingsError) {
        let settings = try AdminRoutes.settings(request)
        try settings.allow(["advanceSeconds"])
        let century: Int64 = 3_155_760_000
        endpoint.advance(seconds: try settings.required("advanceSeconds").integer(in: -century...century))
    }

    private func setQuota(_ request: SandboxRequest) throws(SettingsError) {
        let settings = try AdminRoutes.settings(request)
        try settings.allow(["perMinute"])
        endpoint.setQuota(perMinute: Int(try settings.required("perMinute").integer(in: 0...1_000_000)))
    }

    /// JSON is checked as such first, with its limit on nesting, and then read as the YAML that it also is.
    private static func settings(_ request: SandboxRequest) throws(SettingsError) -> SettingsNode {
        let source = "request body"
        do {
            var reader = JSONReader(request.body, maximumDepth: 16)
            try reader.skipValue()
            try reader.readEnd()
        } catch {
            throw SettingsError(source: source, line: nil, key: "", reason: error.description)
        }
        return try SettingsNode(parsing: String(decoding: request.body, as: UTF8.self), source: source)
    }

    private static func reply(_ status: Int, _ value: JSONValue) -> SandboxReply {
        SandboxReply(status: status, headers: [("Content-Type", "application/json")], body: value.bytes)
    }
}
