internal import Engagement

extension FaultPlan.Rule {
    /// Reads the form of a command line: a fault's name, then optionally `=` and milliseconds, `*` and how many calls, `@` and
    /// an endpoint, in this order. `429*3`, `cut@historical`, `delay=1500*10@28hr`. Nil for anything else.
    public init?(flag: String) {
        var rest = flag[...]
        var endpoint: Endpoint?
        if let name = FaultPlan.Rule.cut(&rest, at: "@") {
            guard let named = Endpoint(rawValue: name) else { return nil }
            endpoint = named
        }
        var times: Int?
        if let text = FaultPlan.Rule.cut(&rest, at: "*") {
            guard let number = Int(text), (1...1_000_000).contains(number) else { return nil }
            times = number
        }
        var milliseconds = 1000
        if let text = FaultPlan.Rule.cut(&rest, at: "=") {
            guard let number = Int(text), (0...600_000).contains(number) else { return nil }
            milliseconds = number
        }
        guard let fault = Fault(name: String(rest), milliseconds: milliseconds) else { return nil }
        self.init(fault, times: times, endpoint: endpoint)
    }

    /// Takes the part after the last `separator` away.
    private static func cut(_ text: inout Substring, at separator: Character) -> String? {
        guard let place = text.lastIndex(of: separator) else { return nil }
        defer { text = text[..<place] }
        return String(text[text.index(after: place)...])
    }
}
