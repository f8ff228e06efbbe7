/// In which notation rows are written.
internal enum RowFormat: String, CaseIterable, Sendable {
    case csv
    case tsv
    case ndjson
    /// An array of flat objects.
    case json

    /// The value of `Content-Type`.
    var mediaType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8; header=present"
        case .tsv: "text/tab-separated-values; charset=utf-8"
        case .ndjson: "application/x-ndjson; charset=utf-8"
        case .json: "application/json; shape=rows; charset=utf-8"
        }
    }

    /// The format that an `Accept` header prefers to a GraphQL response (RFC 9110 §12.5.1); nil if it does not.
    ///
    /// It has to be named: what accepts anything gets what GraphQL clients get. Of several that it accepts equally it is the
    /// first.
    init?(accept: String?) {
        // What most clients send needs no parsing.
        guard let accept, accept != "*/*", accept != "application/json" else { return nil }
        var best: (format: RowFormat?, quality: Double) = (nil, 0)
        for range in MediaRange.list(accept) where range.quality > best.quality && !range.hasForeignCharset {
            best = (RowFormat(range), range.quality)
        }
        guard let format = best.format else { return nil }
        self = format
    }

    private init?(_ range: MediaRange) {
        switch (range.type, range.subtype) {
        case ("text", "csv"): self = .csv
        case ("text", "tab-separated-values"): self = .tsv
        case ("application", "x-ndjson"), ("application", "ndjson"), ("application", "jsonl"): self = .ndjson
        case ("application", "json") where range.hasRowShape: self = .json
        default: return nil
        }
    }
}
