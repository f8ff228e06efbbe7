internal import Bytes
internal import Engagement
internal import EngagementGraph
internal import JSON
internal import MicroHTTP

/// `/odata`: the numbers of lists as an OData 4.0 feed, for Excel, Power BI and Tableau.
internal struct ODataEndpoint: Sendable {
    let numbers: ODataNumbers
    let crossOrigin: CrossOrigin

    static let path = "/odata"
    private static let methods = "GET, HEAD, OPTIONS"
    private static let version = (name: "OData-Version", value: "4.0")
    /// What of a request chooses between responses with the same URL.
    private static let vary = (name: "Vary", value: "Accept, Accept-Encoding, Prefer, X-Forwarded-Proto")

    private var runner: OperationRunner { numbers.runner }

    /// Whether a path is below `/odata`.
    static func owns(_ path: String) -> Bool { path == self.path || path.hasPrefix(self.path + "/") }

    func respond(to request: borrowing HTTPRequest) -> HTTPReply {
        if request.method == .options { return .now(crossOrigin.options(request, allow: ODataEndpoint.methods)) }
        let headers = [ODataEndpoint.version] + crossOrigin.headers(for: request)
        do throws(ODataError) {
            let rest = String(request.path.dropFirst(ODataEndpoint.path.count))
            if rest.hasPrefix("/$batch") {
                throw ODataError.unsupported("$batch", "There are no batches: send each request by itself.")
            }
            guard request.method == .get || request.method == .head else {
                let error = ODataError(405, "MethodNotAllowed", "The feed is read only: ask by GET.")
                let allow = [(name: "Allow", value: ODataEndpoint.methods)]
                return .now(error.response(headers: allow)).adding(headers)
            }
            guard !crossOrigin.refuses(request) else {
                throw ODataError(
                    403,
                    "CrossOrigin",
                    "A page of another site may not ask, unless cors.origins allows it."
                )
            }
            try ODataEndpoint.checkVersion(request)
            return try answer(request, ODataPath(rest)).adding(headers + [ODataEndpoint.vary])
        } catch {
            return .now(error.response()).adding(headers)
        }
    }

    /// Whoever reads version 4 at most reads us (Protocol 4.0 §8.2.7).
    private static func checkVersion(_ request: borrowing HTTPRequest) throws(ODataError) {
        guard let text = request.header("odata-maxversion"), let version = Double(text), version < 4 else { return }
        throw ODataError(400, "UnsupportedVersion", "The feed is OData 4.0.", target: "OData-MaxVersion")
    }

    private func answer(_ request: borrowing HTTPRequest, _ path: ODataPath) throws(ODataError) -> HTTPReply {
        guard let items = request.validQueryItems else {
            throw ODataError.malformed("URL", "The URL has bytes that are not UTF-8.")
        }
        let conditions = CacheConditions(request, obeying: numbers.responder.obedience)
        let directory = runner.lists.directory
        let sets = ODataSets(directory)
        let root = ODataEndpoint.root(request)
        let (name, subject, key): (String, ODataRequest.Subject, [ODataPath.Key])
        switch path {
        case .service: return .now(try service(request, items, sets, root, conditions))
        case .metadata: return .now(try metadata(request, items, sets, conditions))
        case .entities(let set): (name, subject, key) = (set, .entities, [])
        case .count(let set): (name, subject, key) = (set, .count, [])
        case .entity(let set, let keys): (name, subject, key) = (set, .entity, keys)
        }
        let set = try sets.set(named: name)
        let wanted = try ODataRequest(request, set, subject, key: key, items, root: root, now: runner.clock())
        guard set.table != .lists else {
            return .now(try ODataLists(lists: runner.lists).answer(wanted, directory, conditions))
        }
        // No URL has a space.
        let query = "\(request.rawQuery ?? "") \(request.withheldQuery ?? "")"
        let line = "\(request.path)?\(query) \(root) \(wanted.format.form)"
        let memoryKey = numbers.responder.key(Array(line.utf8)[...], .json)
        if let response = numbers.responder.remembered(memoryKey, conditions) { return .now(response) }
        return try numbers.answer(wanted, directory, conditions, key: memoryKey)
    }

    /// `http://host/odata`, by what the client or the proxy before us says; without a host, the path alone.
    private static func root(_ request: borrowing HTTPRequest) -> String {
        let host = request.header("host") ?? ""
        let isSound =
            !host.isEmpty && host.count <= 255
            && host.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || ".-:[]_".utf8.contains($0) }
        guard isSound else { return path }
        let scheme = request.header("x-forwarded-proto")?.lowercased() == "https" ? "https" : "http"
        return "\(scheme)://\(host)\(path)"
    }

    // MARK: - Documents

    /// The service document (JSON Format 4.0 §5).
    private func service(
        _ request: borrowing HTTPRequest,
        _ items: [(name: String, value: String)],
        _ sets: ODataSets,
        _ root: String,
        _ conditions: CacheConditions
    ) throws(ODataError) -> HTTPResponse {
        let format = try ODataFormat(request, format: try Self.onlyFormat(items))
        let list = sets.all.map { set in
            JSONValue.object([
                .init("name", .string(set.name)), .init("kind", "EntitySet"), .init("url", .string(set.name)),
            ])
        }
        var members: [JSONValue.Member] = []
        if format.metadata != .none { members.append(.init("@odata.context", .string("\(root)/$metadata"))) }
        members.append(.init("value", .array(list)))
        return ODataDocument.response(ODataDocument.bytes(.object(members)), format.mediaType, format, conditions)
    }

    private func metadata(
        _ request: borrowing HTTPRequest,
        _ items: [(name: String, value: String)],
        _ sets: ODataSets,
        _ conditions: CacheConditions
    ) throws(ODataError) -> HTTPResponse {
        if let format = try Self.onlyFormat(items), !["xml", "application/xml"].contains(format) {
            throw ODataError(415, "UnsupportedFormat", "$metadata is XML.", target: "$format")
        }
        var format = ODataFormat()
        format.isPacked = DropInResponse.acceptsGzip(request.header("accept-encoding"))
        let document = ODataMetadata(sets: sets, schema: runner.schema.schema).document
        return ODataDocument.response(document, "application/xml;charset=utf-8", format, conditions)
    }

    /// The only option that documents have.
    private static func onlyFormat(_ items: [(name: String, value: String)]) throws(ODataError) -> String? {
        if let other = items.first(where: { $0.name.hasPrefix("$") && $0.name != "$format" }) {
            throw ODataError.malformed(other.name, "\(other.name.prefix(40)) has no meaning here.")
        }
        return items.first { $0.name == "$format" }?.value
    }
}
