internal import Engagement
internal import JSON
internal import Settings

extension SandboxTweet {
    /// Reads an element of `tweets`, whose owner must be one of `accounts`.
    init(_ node: SettingsNode, accounts: Set<AccountName>) throws(SettingsError) {
        try node.allow(["id", "owner", "state", "since", "hasVideo", "lifetime", "hourly", "note"])
        let idNode = try node.required("id")
        guard let id = TweetID(try idNode.text()) else { throw idNode.error("expected a Tweet id") }
        var owner: AccountName?
        if let ownerNode = node.child("owner") {
            let name = AccountName(try ownerNode.name())
            guard accounts.contains(name) else { throw ownerNode.error("there is no account named \(name)") }
            owner = name
        }
        self.init(
            id: id,
            owner: owner,
            state: try node.child("state")?.choice(of: State.self) ?? .available,
            since: try node.child("since")?.time(),
            hasVideo: try node.child("hasVideo")?.boolean(),
            counts: try SandboxTweet.counts(node),
            note: try node.child("note")?.text() ?? ""
        )
    }

    private static func counts(_ node: SettingsNode) throws(SettingsError) -> Counts {
        switch (node.child("lifetime"), node.child("hourly")) {
        case (nil, nil): return .synthetic
        case (let lifetime?, nil): return try SandboxTweet.lifetime(lifetime)
        case (nil, let hourly?): return try SandboxTweet.hourly(hourly)
        case (_?, let hourly?): throw hourly.error("a Tweet has either lifetime or hourly")
        }
    }

    private static func lifetime(_ node: SettingsNode) throws(SettingsError) -> Counts {
        var counts: [EngagementType: Int64] = [:]
        for (name, value) in try node.members() {
            counts[try SandboxTweet.type(name, value)] = try value.integer(in: 0...1_000_000_000_000)
        }
        return .lifetime(counts)
    }

    /// `{from: 2016-02-10T17:00:00Z, impressions: [551, 412]}`.
    private static func hourly(_ node: SettingsNode) throws(SettingsError) -> Counts {
        let first = try node.required("from").time().flooredHour
        var counts: [EngagementType: [Int64]] = [:]
        for (name, value) in try node.members() where name != "from" {
            var hours: [Int64] = []
            for hour in try value.elements() { hours.append(try hour.integer(in: 0...1_000_000_000_000)) }
            counts[try SandboxTweet.type(name, value)] = hours
        }
        return .hours(first: first, counts)
    }

    private static func type(_ name: String, _ node: SettingsNode) throws(SettingsError) -> EngagementType {
        guard let type = EngagementType(wireName: name) else { throw node.error("there is no such metric") }
        return type
    }
}

extension SandboxTweet {
    /// The same as settings write it.
    var settings: JSONValue {
        var members: [JSONValue.Member] = [.init("id", .string(id.description))]
        if let owner { members.append(.init("owner", .string(owner.rawValue))) }
        members.append(.init("state", .string(state.rawValue)))
        if let since { members.append(.init("since", .string(since.iso8601))) }
        if let hasVideo { members.append(.init("hasVideo", .boolean(hasVideo))) }
        switch counts {
        case .synthetic: break
        case .lifetime(let counts):
            let counts = SandboxTweet.ordered(counts).map { JSONValue.Member($0.key.wireName, .integer($0.value)) }
            members.append(.init("lifetime", .object(counts)))
        case .hours(let first, let counts):
            let counts = SandboxTweet.ordered(counts).map { type, hours in
                JSONValue.Member(type.wireName, .array(hours.map(JSONValue.integer)))
            }
            members.append(.init("hourly", .object([.init("from", .string(first.start.iso8601))] + counts)))
        }
        members.append(.init("note", .string(note)))
        return .object(members)
    }

    private static func ordered<Value>(
        _ counts: [EngagementType: Value]
    ) -> [(key: EngagementType, value: Value)] {
        counts.sorted { $0.key.rawValue < $1.key.rawValue }
    }
}
