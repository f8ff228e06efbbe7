/// The two media types of GraphQL over HTTP.
///
/// Clients that say nothing or accept anything get `application/json`, with status 200 for every well-formed request: some
/// show no message otherwise. `application/graphql-response+json` and its status codes are for those that name it.
internal enum ResponseMediaType: Sendable {
    case json
    case graphqlResponse

    /// The value of `Content-Type`.
    var headerValue: String {
        switch self {
        case .json: "application/json; charset=utf-8"
        case .graphqlResponse: "application/graphql-response+json; charset=utf-8"
        }
    }

    /// The headers of every response of this type.
    var headers: [(name: String, value: String)] {
        switch self {
        case .json: ResponseMediaType.jsonHeaders
        case .graphqlResponse: ResponseMediaType.graphqlResponseHeaders
        }
    }

    private static let jsonHeaders = [(name: "Content-Type", value: json.headerValue)]
    private static let graphqlResponseHeaders = [(name: "Content-Type", value: graphqlResponse.headerValue)]

    /// Chooses by an `Accept` header (RFC 9110 §12.5.1); nil if it allows neither.
    init?(accept: String?) {
        // What most clients send needs no parsing.
        guard let accept, accept != "*/*", accept != "application/json" else {
            self = .json
            return
        }
        // An empty field names no type, and so leaves the choice to us.
        guard accept.contains(where: { $0 != " " && $0 != "," }) else {
            self = .json
            return
        }
        let ranges = MediaRange.list(accept)
        let json = ranges.quality(of: "application", "json")
        let graphqlResponse = ranges.quality(of: "application", "graphql-response+json")
        let isNamed = ranges.contains { $0.subtype == "graphql-response+json" }
        if isNamed, graphqlResponse > 0, graphqlResponse >= json {
            self = .graphqlResponse
        } else if json > 0 {
            self = .json
        } else if graphqlResponse > 0 {
            self = .graphqlResponse
        } else {
            return nil
        }
    }
}

/// One element of an `Accept` header.
internal struct MediaRange: Equatable, Sendable {
    /// `*` for any.
    let type: String
    /// `*` for any.
    let subtype: String
    /// 0 to 1; 0 forbids.
    let quality: Double
    /// Whether it asks for a character set that is not UTF-8, which we do not have.
    let hasForeignCharset: Bool
    /// Whether it asks for flat rows in place of a tree.
    let hasRowShape: Bool

    /// The elements of a header. What is no media range is passed over.
    static func list(_ header: String) -> [MediaRange] {
        header.split(separator: ",").compactMap { MediaRange(String($0)) }
    }

    init?(_ text: String) {
        let parts = text.lowercased().split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
        let names = (parts.first ?? "").split(separator: "/", maxSplits: 1)
        guard names.count == 2 else { return nil }
        type = String(names[0])
        subtype = String(names[1])
        var quality = 1.0
        var hasForeignCharset = false
        for parameter in parts.dropFirst() {
            if parameter.hasPrefix("q=") {
                quality = Double(parameter.dropFirst(2)).map { min(max($0, 0), 1) } ?? 0
            } else if parameter.hasPrefix("charset=") {
                let charset = parameter.dropFirst(8).filter { $0 != "\"" }
                hasForeignCharset = charset != "utf-8" && charset != "utf8"
            }
        }
        hasRowShape = parts.dropFirst().contains { $0 == "shape=rows" || $0 == "shape=\"rows\"" }
        self.quality = quality
        self.hasForeignCharset = hasForeignCharset
    }

    /// How closely this range fits a type: 0 for `*/*` to 2 for its name, nil if it does not.
    fileprivate func precision(for type: String, _ subtype: String) -> Int? {
        if hasForeignCharset { return nil }
        if self.type == type, self.subtype == subtype { return 2 }
        if self.type == type, self.subtype == "*" { return 1 }
        return self.type == "*" && self.subtype == "*" ? 0 : nil
    }
}

extension [MediaRange] {
    /// What the most precise range says of a type; 0 if none does.
    internal func quality(of type: String, _ subtype: String) -> Double {
        var best: (precision: Int, quality: Double) = (-1, 0)
        for range in self {
            guard let precision = range.precision(for: type, subtype), precision > best.precision else { continue }
            best = (precision, range.quality)
        }
        return best.quality
    }
}
