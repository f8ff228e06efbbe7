internal import Engagement
internal import Settings

/// What goes wrong, and for how long: a list of rules, of which each call takes the first that applies.
public struct FaultPlan: Equatable, Sendable {
    /// The rules that are left, in order.
    public private(set) var rules: [Rule]

    /// A plan; without rules nothing goes wrong.
    public init(_ rules: [Rule] = []) {
        self.rules = rules
    }

    /// A fault and the calls that it befalls.
    public struct Rule: Equatable, Sendable {
        public var fault: Fault
        /// How many calls it befalls; nil: all.
        public var times: Int?
        /// Whose calls it befalls; nil: those of every endpoint of the API.
        public var endpoint: FaultTarget?
        /// How long it lasts, counted from when the plan is set; nil: for good.
        public var seconds: Int?

        /// When it ends, once the plan is set.
        var end: UnixTime?

        public init(_ fault: Fault, times: Int? = nil, endpoint: FaultTarget? = nil, seconds: Int? = nil) {
            self.fault = fault
            self.times = times
            self.endpoint = endpoint
            self.seconds = seconds
        }

        /// Whether it is about calls of `target`.
        func befalls(_ target: FaultTarget) -> Bool {
            (endpoint == nil ? target != .token : endpoint == target) && fault.befalls(target)
        }
    }

    /// Starts the clock of the rules that last for a while.
    mutating func start(at now: UnixTime) {
        for index in rules.indices {
            rules[index].end = rules[index].seconds.map { now.advanced(bySeconds: Int64($0)) }
        }
    }

    /// The fault that befalls a call now, if any, which uses it up.
    mutating func take(for target: FaultTarget, at now: UnixTime) -> Fault? {
        rules.removeAll { rule in rule.times == 0 || rule.end.map { $0 <= now } == true }
        guard let index = rules.firstIndex(where: { $0.befalls(target) }) else { return nil }
        let fault = rules[index].fault
        if let times = rules[index].times { rules[index].times = times - 1 }
        rules.removeAll { $0.times == 0 }
        return fault
    }
}

extension FaultPlan {
    /// Reads a list of rules: `fault` (a name), and optionally `times`, `endpoint`, `seconds`, `milliseconds`, `tweets`.
    init(_ settings: SettingsNode) throws(SettingsError) {
        var rules: [Rule] = []
        for element in try settings.elements() {
            try element.allow(["fault", "times", "endpoint", "seconds", "milliseconds", "tweets"])
            let node = try element.required("fault")
            let milliseconds = try element.child("milliseconds")?.integer(in: 0...600_000) ?? 1000
            let tweets = try element.child("tweets")?.integer(in: 1...250) ?? 1
            guard let fault = Fault(name: try node.text(), milliseconds: Int(milliseconds), tweets: Int(tweets)) else {
                let names = Fault.all().map(\.name).joined(separator: ", ")
                throw node.error("there is no such fault; known are \(names)")
            }
            let rule = Rule(
                fault,
                times: try element.child("times").map { node throws(SettingsError) in
                    Int(try node.integer(in: 1...1_000_000))
                },
                endpoint: try element.child("endpoint")?.choice(of: FaultTarget.self),
                seconds: try element.child("seconds").map { node throws(SettingsError) in
                    Int(try node.integer(in: 1...86_400))
                }
            )
            guard FaultTarget.allCases.contains(where: rule.befalls) else {
                throw element.error(
                    fault == .refusedToken
                        ? "befalls the token service only: set endpoint to token" : "cannot befall the token service"
                )
            }
            rules.append(rule)
        }
        self.init(rules)
    }
}
