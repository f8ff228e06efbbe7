internal import Engagement
internal import JSON
internal import Synchronization

/// What the admin routes tell, as JSON.
struct Description {
    let endpoint: SandboxEndpoint

    /// The answer of `GET /sandbox`.
    var whole: JSONValue {
        let world = endpoint.world
        return .object([
            .init("what", .string("An emulator of the Engagement API. Its numbers are made up.")),
            .init("endpoints", .array(Endpoint.allCases.map { .string("POST \($0.path)") })),
            .init("applications", .array(world.applications.map(\.settings))),
            .init("accounts", .array(world.accounts.map(\.settings))),
            .init("exampleTweets", .array(SandboxWorld.examples(at: endpoint.now).map(example))),
            .init("listedTweets", .array(world.listedTweets.map { tweet($0, in: world) })),
            .init("settings", settings),
        ])
    }

    /// The listed Tweets, as settings write them: what `PUT` takes.
    var tweets: JSONValue {
        .object([.init("tweets", .array(endpoint.world.listedTweets.map(\.settings)))])
    }

    /// The accounts, as settings write them.
    var accounts: JSONValue {
        .object([.init("accounts", .array(endpoint.world.accounts.map(\.settings)))])
    }

    /// The applications, as settings write them.
    var applications: JSONValue {
        .object([.init("applications", .array(endpoint.world.applications.map(\.settings)))])
    }

    /// The answer of the routes that change something else.
    var settings: JSONValue {
        let now = endpoint.now
        return endpoint.state.withLock { state in
            .object([
                .init("now", .string(now.iso8601)),
                .init("quotaPerMinute", .integer(Int64(state.quota.perMinute))),
                .init("quotaPerSecond", .integer(Int64(state.quota.perSecond))),
                .init("quotaHeaders", .string(state.quota.headers.rawValue)),
                .init("seed", .string("\(endpoint.seed)")),
                .init("switches", .object(state.switches.settings)),
                .init("faults", .array(state.faults.rules.map(Description.rule))),
            ])
        }
    }

    /// The answer of `GET /sandbox/calls`.
    var calls: JSONValue {
        let log = endpoint.state.withLock { $0.log }
        let statuses = log.byStatus.sorted { $0.key < $1.key }
        return .object([
            .init("total", .integer(Int64(log.total))),
            .init("tweets", .integer(Int64(log.tweets))),
            .init("tokenCalls", .integer(Int64(log.tokenCalls))),
            .init(
                "byEndpoint",
                .object(Endpoint.allCases.map { .init($0.rawValue, .integer(Int64(log.byEndpoint[$0] ?? 0))) })
            ),
            .init("byStatus", .object(statuses.map { .init("\($0.key)", .integer(Int64($0.value))) })),
            .init("calls", .array(log.calls.map(call))),
        ])
    }

    private func call(_ call: RecordedCall) -> JSONValue {
        let groupings = call.groupings.map { grouping in
            JSONValue.Member(grouping.name, .array(grouping.groupBy.map { .string($0.rawValue) }))
        }
        return .object([
            .init("number", .integer(Int64(call.number))),
            .init("time", .string(call.time.iso8601)),
            .init("path", .string(call.path)),
            .init("endpoint", text(call.endpoint?.rawValue)),
            .init("status", .integer(Int64(call.status))),
            .init("authentication", .string(call.authentication.rawValue)),
            .init("account", text(call.account?.rawValue)),
            .init("tweetIds", .array(call.tweets.map { .string($0.description) })),
            .init("engagementTypes", .array(call.types.map { .string($0.wireName) })),
            .init("groupings", .object(groupings)),
            .init("start", text(call.window?.start.start.iso8601)),
            .init("end", text(call.window?.end.start.iso8601)),
            .init("fault", text(call.fault?.name)),
            .init("errors", .array(call.errors.map(JSONValue.string))),
            .init("explanation", text(call.explanation)),
        ])
    }

    private func tweet(_ tweet: SandboxTweet, in world: SandboxWorld) -> JSONValue {
        .object([
            .init("id", .string(tweet.id.description)),
            .init("owner", .string(world.owner(of: tweet.id).name.rawValue)),
            .init("state", .string(tweet.state.rawValue)),
            .init("postedAt", text(tweet.id.createdAt?.iso8601)),
            .init("note", .string(tweet.note)),
        ])
    }

    private func example(_ example: (id: TweetID, note: String)) -> JSONValue {
        .object([.init("id", .string(example.id.description)), .init("note", .string(example.note))])
    }

    private static func rule(_ rule: FaultPlan.Rule) -> JSONValue {
        .object([
            .init("fault", .string(rule.fault.name)),
            .init("milliseconds", rule.fault.milliseconds.map { .integer(Int64($0)) } ?? .null),
            .init("tweets", rule.fault.tweets.map { .integer(Int64($0)) } ?? .null),
            .init("timesLeft", rule.times.map { .integer(Int64($0)) } ?? .null),
            .init("endpoint", rule.endpoint.map { .string($0.rawValue) } ?? .null),
            .init("until", rule.end.map { .string($0.iso8601) } ?? .null),
        ])
    }

    private func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}

extension SandboxWorld {
    fileprivate var listedTweets: [SandboxTweet] { tweets.values.sorted { $0.id < $1.id } }
}
