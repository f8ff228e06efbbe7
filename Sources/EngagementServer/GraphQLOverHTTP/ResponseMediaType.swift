/// The two media types of GraphQL over HTTP.
///
/// Clients that say nothing, or accept anything, get `application/json` with status 200 for every well-formed request: some
/// show no message otherwise. `application/graphql-response+json` and its status codes are for those that ask for it by name.
internal enum ResponseMediaType: Sendable {
    case json
    case graphqlResponse

    var headerValue: String {
        switch self {
        case .json: "application/json; charset=utf-8"
        case .graphqlResponse: "application/graphql-response+json; charset=utf-8"
        }
    }

    /// The status of a request that is well-formed but was refused before it ran.
    var refusalStatus: Int {
        switch self {
        case .json: 200
        case .graphqlResponse: 400
        }
    }

    /// Chooses by an `Accept` header (RFC 9110 §12.5.1); nil if neither is acceptable.
    init?(accept: String?) {
        guard let accept else {
            self = .json
            return
        }
        if accept == "application/json" || accept == "*/*" {
            self = .json
            return
        }
        var json = AcceptedQuality()
        var graphqlResponse = AcceptedQuality()
        for item in accept.split(separator: ",") {
            let parts = item.split(separator: ";").map { $0.trimmingPrefix { $0 == " " || $0 == "\t" } }
            guard let first = parts.first else { continue }
            let type = String(first).lowercased().filter { $0 != " " && $0 != "\t" }
            let quality = parts.dropFirst().lazy.compactMap { part -> Double? in
                guard part.hasPrefix("q=") || part.hasPrefix("Q=") else { return nil }
                return Double(part.dropFirst(2).filter { $0 != " " && $0 != "\t" })
            }.first ?? 1
            switch type {
            case "application/json": json.note(quality, specificity: 2)
            case "application/graphql-response+json": graphqlResponse.note(quality, specificity: 2)
            case "application/*", "*/*":
                let specificity = type == "*/*" ? 0 : 1
                json.note(quality, specificity: specificity)
                // Only by name, and never better than what is preferred by default.
                graphqlResponse.note(min(quality, quality * 0.999), specificity: specificity)
            default: continue
            }
        }
        guard json.quality > 0 || graphqlResponse.quality > 0 else { return nil }
        self = graphqlResponse.quality >= json.quality && graphqlResponse.isNamed ? .graphqlResponse : .json
        if json.quality <= 0 { self = .graphqlResponse }
    }
}

/// What an `Accept` header says of one media type: the most specific range counts.
private struct AcceptedQuality {
    private(set) var quality = 0.0
    private var specificity = -1

    var isNamed: Bool { specificity == 2 }

    mutating func note(_ quality: Double, specificity: Int) {
        guard specificity > self.specificity else { return }
        self.specificity = specificity
        self.quality = quality
    }
}
