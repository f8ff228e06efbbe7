internal import MicroHTTP

/// How a response is written: what `Accept`, `$format` and `Prefer` ask for.
internal struct ODataFormat: Equatable, Sendable {
    /// How much a response tells besides the data (JSON Format 4.0 §3.1).
    enum MetadataLevel: String, CaseIterable, Sendable {
        case none, minimal, full
    }

    var metadata = MetadataLevel.minimal
    /// Whether 64-bit numbers are strings, for readers that have doubles only (JSON Format 4.0 §3.2).
    var isIEEE754Compatible = false
    /// `odata.maxpagesize`
    var pageRows: Int?
    /// Whether absent numbers say why, which `odata.include-annotations` asks for.
    var hasAnnotations = false
    /// Whether the body may be packed.
    var isPacked = false

    static let maximumPageRows = 10_000

    /// - Throws: ``ODataError`` with 406 if nothing of what is accepted is JSON, 415 for a `$format` that is not.
    init(_ request: borrowing HTTPRequest, format: String?) throws(ODataError) {
        isPacked = DropInResponse.acceptsGzip(request.header("accept-encoding"))
        if let format {
            guard let parameters = ODataFormat.parameters(format == "json" ? "application/json" : format) else {
                throw ODataError(415, "UnsupportedFormat", "$format is json or application/json;…", target: "$format")
            }
            try read(parameters)
        } else if let accept = request.header("accept") {
            try read(try ODataFormat.preferred(accept))
        }
        for preference in request.header("prefer")?.split(separator: ",") ?? [] { read(preference: preference) }
    }

    init() {}

    /// The value of `Content-Type`.
    var mediaType: String {
        "application/json;odata.metadata=\(metadata.rawValue)"
            + (isIEEE754Compatible ? ";IEEE754Compatible=true" : "") + ";charset=utf-8"
    }

    /// The preferences that were heeded, as `Preference-Applied` says them.
    var applied: [(name: String, value: String)] {
        var list: [String] = []
        if let pageRows { list.append("odata.maxpagesize=\(pageRows)") }
        if hasAnnotations { list.append("odata.include-annotations=\"\(ODataFormat.absence)\"") }
        return list.isEmpty ? [] : [(name: "Preference-Applied", value: list.joined(separator: ", "))]
    }

    /// The annotation of a number that is null: why, as a code.
    static let absence = "EngageQL.absence"

    /// What of this forms the bytes.
    var form: String {
        "\(metadata.rawValue) \(isIEEE754Compatible) \(pageRows ?? 0) \(hasAnnotations) \(isPacked)"
    }

    // MARK: - Reading

    /// The parameters of the JSON that a header prefers.
    private static func preferred(_ accept: String) throws(ODataError) -> [Substring] {
        var best: (parameters: [Substring], quality: Double)?
        for range in accept.split(separator: ",") {
            guard let parameters = parameters(String(range)) else { continue }
            let quality = parameters.first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if quality > best?.quality ?? 0 { best = (parameters, quality) }
        }
        if let best { return best.parameters }
        throw ODataError(406, "NotAcceptable", "The data is JSON: accept application/json.", target: "Accept")
    }

    /// The parameters of a media range that JSON fits, in lower case; nil for any other.
    private static func parameters(_ range: String) -> [Substring]? {
        let parts = range.lowercased().filter { $0 != " " && $0 != "\t" }.split(separator: ";")
        guard let name = parts.first, ["application/json", "application/*", "*/*"].contains(name) else { return nil }
        return Array(parts.dropFirst())
    }

    private mutating func read(_ parameters: [Substring]) throws(ODataError) {
        for parameter in parameters {
            let pair = parameter.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            switch pair[0] {
            case "odata.metadata":
                // A level that there is not is answered with the usual one, as by `odata=` of version 3.
                metadata = MetadataLevel(rawValue: String(pair[1])) ?? .minimal
            case "ieee754compatible": isIEEE754Compatible = pair[1] == "true"
            default: break
            }
        }
    }

    private mutating func read(preference: Substring) {
        let pair = preference.filter { $0 != " " && $0 != "\"" }.split(separator: "=", maxSplits: 1)
        guard pair.count == 2 else { return }
        switch pair[0].lowercased() {
        case "odata.maxpagesize", "maxpagesize":
            if let rows = Int(pair[1]), rows > 0 { pageRows = min(rows, ODataFormat.maximumPageRows) }
        case "odata.include-annotations", "include-annotations":
            hasAnnotations = ["*", "EngageQL.*", ODataFormat.absence].contains(String(pair[1]))
        default: break
        }
    }
}
