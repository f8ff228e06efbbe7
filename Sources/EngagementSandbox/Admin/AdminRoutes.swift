internal import Engagement
internal import JSON
internal import Settings
internal import Synchronization

/// The routes below `/sandbox`: for the people and tests that steer the sandbox, not part of the API. Plain JSON, with the keys
/// of `config/sandbox.yaml`.
///
/// | Route | What |
/// |---|---|
/// | `GET /sandbox` | what this is, the credentials that open it, the Tweets that are listed, the settings |
/// | `GET`, `DELETE /sandbox/calls` | the calls received, with counters; forget them |
/// | `GET`, `PUT /sandbox/tweets` | `{"tweets": [{"id": "5", "owner": "globex", "state": "deleted"}]}` adds or replaces by id |
/// | `GET`, `PUT /sandbox/accounts` | `{"accounts": [{"name": "globex", "userId": "7"}]}` adds or replaces by name |
/// | `GET`, `PUT /sandbox/applications` | `{"applications": [{"name": "a", "consumerKey": "k", …}]}` likewise |
/// | `PUT /sandbox/faults` | `{"faults": [{"fault": "429", "times": 3}]}` replaces the plan |
/// | `PUT /sandbox/switches` | `{"counts": "bare"}` changes those it names |
/// | `PUT /sandbox/clock` | `{"advanceSeconds": 3600}` or `{"now": "2026-11-20T12:30:00Z"}` |
/// | `PUT /sandbox/quota` | `{"perMinute": 10, "perSecond": 2, "headers": "none"}` or some of it, and counts anew |
struct AdminRoutes {
    let endpoint: SandboxEndpoint

    private static let prefix = "/sandbox"

    /// Whether a path is one of these.
    static func own(_ path: String) -> Bool { path == prefix || path.hasPrefix(prefix + "/") }

    func respond(to request: SandboxRequest) -> SandboxReply {
        do throws(SettingsError) {
            guard let answer = try answer(request) else {
                let error = JSONValue.string("no such route of the sandbox")
                return AdminRoutes.reply(404, .object([.init("error", error)]))
            }
            return AdminRoutes.reply(200, answer)
        } catch {
            return AdminRoutes.reply(400, .object([.init("error", .string(error.description))]))
        }
    }

    /// Nil if there is no such route.
    private func answer(_ request: SandboxRequest) throws(SettingsError) -> JSONValue? {
        let description = Description(endpoint: endpoint)
        switch (request.method, request.path.dropFirst(AdminRoutes.prefix.count)) {
        case ("GET", ""), ("GET", "/"): return description.whole
        case ("GET", "/calls"): return description.calls
        case ("DELETE", "/calls"):
            endpoint.forgetCalls()
            return description.calls
        case ("GET", "/tweets"): return description.tweets
        case ("GET", "/accounts"): return description.accounts
        case ("GET", "/applications"): return description.applications
        case ("PUT", "/tweets"):
            try changeWorld(request, "tweets") { world, node throws(SettingsError) in try world.put(tweets: node) }
            return description.tweets
        case ("PUT", "/accounts"):
            try changeWorld(request, "accounts") { world, node throws(SettingsError) in try world.put(accounts: node) }
            return description.accounts
        case ("PUT", "/applications"):
            try changeWorld(request, "applications") { world, node throws(SettingsError) in
                try world.put(applications: node)
            }
            return description.applications
        case ("PUT", "/faults"): try setFaults(request)
        case ("PUT", "/switches"): try setSwitches(request)
        case ("PUT", "/clock"): try moveClock(request)
        case ("PUT", "/quota"): try setQuota(request)
        default: return nil
        }
        return description.settings
    }

    private func changeWorld(
        _ request: SandboxRequest,
        _ key: String,
        _ change: (inout SandboxWorld, SettingsNode) throws(SettingsError) -> Void
    ) throws(SettingsError) {
        let settings = try AdminRoutes.settings(request)
        try settings.allow([key])
        let node = try settings.required(key)
        try endpoint.state.withLock { state throws(SettingsError) in try change(&state.world, node) }
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
        try settings.allow(["advanceSeconds", "now"])
        if let node = settings.child("now") {
            guard settings.child("advanceSeconds") == nil else { throw node.error("give either now or advanceSeconds") }
            return endpoint.setClock(try node.time())
        }
        let century: Int64 = 3_155_760_000
        endpoint.advance(seconds: try settings.required("advanceSeconds").integer(in: -century...century))
    }

    private func setQuota(_ request: SandboxRequest) throws(SettingsError) {
        let settings = try AdminRoutes.settings(request)
        try settings.allow(["perMinute", "perSecond", "headers"])
        let perMinute = try settings.child("perMinute")?.integer(in: 0...1_000_000)
        let perSecond = try settings.child("perSecond")?.integer(in: 0...1_000_000)
        let headers = try settings.child("headers")?.choice(of: QuotaHeaders.self)
        guard perMinute != nil || perSecond != nil || headers != nil else {
            throw settings.error("needs perMinute, perSecond or headers")
        }
        endpoint.setQuota(perMinute: perMinute.map { Int($0) }, perSecond: perSecond.map { Int($0) }, headers: headers)
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
