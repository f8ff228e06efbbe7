internal import Bytes
internal import Engagement
internal import EngagementGraph
internal import JSON
internal import MetricCache
internal import MetricLoader
internal import MicroHTTP

/// From answers to responses that caches understand: with how long they hold, or without a body for a client that has it.
///
/// Responses to requests that came before are remembered, and given again with headers of this moment.
internal final class AnswerResponder: Sendable {
    let memory: ResponseMemory
    let account: AccountName
    let schema: EngagementSchema
    /// Hash of the schema's text.
    let contract: [UInt8]
    let timeToLive: TimeToLive
    let obedience: RequestObedience
    let clock: TimeSource
    let observer: Observer
    /// What holds now.
    let revision: @Sendable () -> AnswerRevision
    /// The version of the lists.
    let listVersion: @Sendable () -> UInt64
    /// Nil where nothing is fetched.
    let early: EarlyRefresh?
    /// Nil if no cache reads such keys.
    let surrogateKeys: SurrogateKeys?
    private let lengths = BodyLengths()

    init(
        memory: ResponseMemory,
        account: AccountName,
        schema: EngagementSchema,
        contract: [UInt8],
        timeToLive: TimeToLive,
        obedience: RequestObedience,
        clock: @escaping TimeSource,
        observer: Observer,
        revision: @escaping @Sendable () -> AnswerRevision,
        listVersion: @escaping @Sendable () -> UInt64,
        early: EarlyRefresh? = nil,
        surrogateKeys: SurrogateKeys? = nil
    ) {
        self.memory = memory
        self.account = account
        self.schema = schema
        self.contract = contract
        self.timeToLive = timeToLive
        self.obedience = obedience
        self.clock = clock
        self.observer = observer
        self.revision = revision
        self.listVersion = listVersion
        self.early = early
        self.surrogateKeys = surrogateKeys
    }

    /// The response to the same request, if it still holds. Its numbers count as found.
    func remembered(_ key: ResponseMemory.Key, _ conditions: CacheConditions) -> HTTPResponse? {
        let now = clock()
        guard let entry = memory.entry(for: key, now: now), entry.revision == revision(),
            entry.lists == nil || entry.lists == listVersion(), entry.life.meets(conditions.demand, now: now)
        else { return nil }
        observer.observe(.loader(.lookedUp(CellCounts(fresh: entry.cellCount))))
        if !conditions.demand.onlyIfCached { early?.noteRead(entry.life, of: entry.needs, now: now) }
        let life = entry.life
        let headers = entry.headers.headers(
            timeToLive: life.timeToLive(now),
            isPrivate: conditions.isAuthenticated
        ) {
            let status = entry.cellCount > 0 ? CacheStatus.remembered(life, now: now) : nil
            let tag = life.hasTag(now) ? entry.tag : nil
            return (self.headers(life, status, tag, conditions, now: now), tag)
        }
        if let tag = headers.tag, conditions.ifNoneMatch?.holds(tag) == true {
            return notModified(headers.own, length: entry.body.count)
        }
        return HTTPResponse(status: entry.status, headers: headers.all, body: .bytes(entry.body))
    }

    /// The response to what became of an operation.
    ///
    /// - Parameters:
    ///   - key: Under which it may be given again; nil if it may not.
    ///   - format: What `write` writes, as far as the request does not say it: part of the entity tag.
    ///   - write: Not called if the client has the response already, unless nobody knows any more how long it was.
    func response(
        to outcome: OperationOutcome,
        _ conditions: CacheConditions,
        key: ResponseMemory.Key?,
        format: String,
        write: (OperationOutcome) -> HTTPResponse
    ) -> HTTPResponse {
        guard case .answered(var answer) = outcome else {
            return write(outcome).adding([CacheControl.noStore])
        }
        let now = clock()
        let life = AnswerLife(answer, timeToLive)
        if life.isFresh, !conditions.demand.onlyIfCached { early?.noteRead(life, of: answer.plan.needs, now: now) }
        let status = CacheStatus.value(of: answer, life, conditions.demand, now: now)
        var tag: EntityTag?
        if conditions.isSafe, life.hasTag(now) {
            tag = EntityTag(answer, format: format, contract: contract, schema: schema)
        }
        let headers = headers(life, status, tag, conditions, now: now)
        let isKnown = tag.map { conditions.ifNoneMatch?.holds($0) == true } ?? false
        if isKnown, let length = tag.flatMap({ lengths[$0] }) { return notModified(headers, length: length) }
        if answer.wanted.contains(.cache) {
            let (found, tables) = (answer.found, answer.tables)
            let report = CacheReport.value(answer.plan, found: found, tables: tables, timeToLive, now: now)
            answer = answer.adding(.init("cache", report))
        }
        var response = write(.answered(answer))
        if let surrogateKeys { response.headers.append(surrogateKeys.value(of: answer.plan.needs)) }
        if let tag, case .bytes(let body) = response.body {
            lengths.note(body.count, of: tag)
            if isKnown { return notModified(headers, length: body.count) }
        }
        if let key { offer(response, answer, life, tag, for: key, now: now) }
        // RFC 9111 §5.2.1.7: there is no such thing as half an answer from a cache.
        let isLacking = conditions.isSafe && conditions.demand.onlyIfCached && !life.isComplete
        return HTTPResponse(status: isLacking ? 504 : response.status, headers: response.headers, body: response.body)
            .adding(headers)
    }

    /// The key of a request.
    ///
    /// - Parameter request: All that tells it from others: a body, which is JSON; or an URL after a question mark or a slash.
    func key(_ request: ArraySlice<UInt8>, _ mediaType: ResponseMediaType) -> ResponseMemory.Key {
        ResponseMemory.Key(request: ByteKey(request), mediaType: mediaType, account: account)
    }

    // MARK: - Parts

    private func headers(
        _ life: AnswerLife,
        _ status: String?,
        _ tag: EntityTag?,
        _ conditions: CacheConditions,
        now: UnixTime
    ) -> [(name: String, value: String)] {
        let control = CacheControl.value(of: life, isPrivate: conditions.isAuthenticated, now: now)
        var headers = [(name: "Cache-Control", value: control)]
        if let status { headers.append((name: "Cache-Status", value: status)) }
        if let oldest = life.oldest { headers.append((name: "EngageQL-As-Of", value: oldest.iso8601)) }
        if let tag { headers.append((name: "ETag", value: tag.text)) }
        return headers
    }

    /// - Parameter length: Of the body that is not sent.
    private func notModified(_ headers: [(name: String, value: String)], length: Int) -> HTTPResponse {
        HTTPResponse(status: 304, headers: headers, body: .stream(HTTPBodyStream(length: length) { .abort }))
    }

    /// Keeps a response if it may be given again and the request came before.
    private func offer(
        _ response: HTTPResponse,
        _ answer: OperationAnswer,
        _ life: AnswerLife,
        _ tag: EntityTag?,
        for key: ResponseMemory.Key,
        now: UnixTime
    ) {
        guard life.isRepeatable, memory.wants(key), life.isFresh, life.freshUntil > now,
            case .bytes(let body) = response.body
        else { return }
        let entry = ResponseMemory.Entry(
            status: response.status,
            headers: RememberedHeaders(response.headers),
            body: body,
            needs: answer.plan.needs,
            cellCount: answer.cellCount,
            life: life,
            tag: tag,
            revision: answer.revision,
            lists: answer.plan.lists?.version
        )
        memory.keep(entry, for: key)
    }
}

extension HTTPResponse {
    /// Adds headers, unless it says already that it must not be kept.
    fileprivate func adding(_ headers: [(name: String, value: String)]) -> HTTPResponse {
        var response = self
        let isSaid = self.headers.contains { $0.name == CacheControl.noStore.name }
        response.headers += isSaid ? headers.filter { $0.name != CacheControl.noStore.name } : headers
        return response
    }
}
