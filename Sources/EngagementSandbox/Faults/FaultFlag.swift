extension FaultPlan.Rule {
    /// Reads the form of a command line: a fault's name, then optionally `=` and a number (of Tweets for the two that name
    /// Tweets, else of milliseconds), `*` and how many calls, `@` and an endpoint, in this order. `429*3`, `cut@historical`,
    /// `delay=1500*10@28hr`, `403-tweets=2`. Nil for anything else.
    public init?(flag: String) {
        var rest = flag[...]
        var endpoint: FaultTarget?
        if let name = FaultPlan.Rule.cut(&rest, at: "@") {
            guard let named = FaultTarget(rawValue: name) else { return nil }
            endpoint = named
        }
        var times: Int?
        if let text = FaultPlan.Rule.cut(&rest, at: "*") {
            guard let number = Int(text), (1...1_000_000).contains(number) else { return nil }
            times = number
        }
        var number: Int?
        if let text = FaultPlan.Rule.cut(&rest, at: "=") {
            guard let value = Int(text), (0...600_000).contains(value) else { return nil }
            number = value
        }
        let tweets = min(max(number ?? 1, 1), 250)
        guard let fault = Fault(name: String(rest), milliseconds: number ?? 1000, tweets: tweets) else { return nil }
        self.init(fault, times: times, endpoint: endpoint)
        guard FaultTarget.allCases.contains(where: befalls) else { return nil }
    }

    /// Takes the part after the last `separator` away.
    private static func cut(_ text: inout Substring, at separator: Character) -> String? {
        guard let place = text.lastIndex(of: separator) else { return nil }
        defer { text = text[..<place] }
        return String(text[text.index(after: place)...])
    }
}
