internal import Engagement
internal import Gzip
internal import Synchronization

/// Steps 1 to 12 of dossier §13, in its order.
extension SandboxEndpoint {
    /// The answer to a call of the API, around a fault that may strike once the endpoint is known.
    func answer(
        _ request: SandboxRequest,
        _ endpoint: Endpoint?,
        at now: UnixTime,
        recording record: inout RecordedCall
    ) -> SandboxReply {
        let isReplaying = state.withLock { $0.replay != nil }
        if isReplaying { return replay(request, endpoint, at: now, recording: &record) }
        guard let endpoint else { return refuse(Refusal(404, InventedWording.notFound), recording: &record).packed() }
        guard request.method == "POST" else {
            var answer = refuse(Refusal(405, InventedWording.methodNotAllowed), recording: &record)
            answer.headers.append(("Allow", "POST"))
            return answer.packed()
        }
        let (fault, replacement, switches) = strike(endpoint, at: now)
        record.fault = fault
        let answer =
            replacement ?? serve(request, endpoint, at: now, switches: switches, fault: fault, recording: &record)
        return send(answer, for: request, switches, fault)
    }

    /// The answer of a recording; where a client got none, the connection closes. Nothing is checked but that gzip is accepted;
    /// faults strike as they do otherwise.
    private func replay(
        _ request: SandboxRequest,
        _ endpoint: Endpoint?,
        at now: UnixTime,
        recording record: inout RecordedCall
    ) -> SandboxReply {
        let (fault, replacement, switches) = strike(endpoint, at: now)
        record.fault = fault
        record.authentication = AuthorizationHeader(request.header("Authorization")).kind
        let body = try? InsightsBody(request.body, idsAsStringsOnly: false)
        record.tweets = body?.tweetIDs ?? []
        record.types = (body?.engagementTypes ?? []).compactMap { EngagementType(wireName: $0) }
        if let replacement { return send(replacement, for: request, switches, fault) }
        if let body, let refusal = fault?.refusal(of: body, in: world) {
            return send(refuse(refusal, recording: &record), for: request, switches, fault)
        }
        guard request.acceptsGzip || switches.withoutGzip == .plain else {
            return refuse(Refusal(406, Wording.gzipRequired), recording: &record).packed()
        }
        let exchange = state.withLock { $0.replay?.answer(to: request) }
        if exchange?.failure != nil { return SandboxReply.none }
        let answer = exchange?.answer ?? refuse(Refusal(404, InventedWording.notRecorded), recording: &record)
        return send(answer, for: request, switches, fault)
    }

    /// The fault that befalls a call now, what is answered for it, and the switches as they are.
    private func strike(_ endpoint: Endpoint?, at now: UnixTime) -> (Fault?, PlainReply?, SandboxSwitches) {
        state.withLock { state in
            let fault = endpoint.flatMap { state.faults.take(for: FaultTarget($0), at: now) }
            return (fault, fault?.replacement(at: now, quota: state.quota), state.switches)
        }
    }

    /// Step 12's end: packs an answer, and spoils it on its way if a fault says so.
    private func send(
        _ answer: PlainReply,
        for request: SandboxRequest,
        _ switches: SandboxSwitches,
        _ fault: Fault?
    ) -> SandboxReply {
        var answer = answer
        fault?.spoil(&answer)
        var reply = request.acceptsGzip || switches.withoutGzip == .refused ? answer.packed() : answer.unpacked()
        fault?.spoil(&reply, plain: answer.body)
        return reply
    }

    private func serve(
        _ request: SandboxRequest,
        _ endpoint: Endpoint,
        at now: UnixTime,
        switches: SandboxSwitches,
        fault: Fault?,
        recording record: inout RecordedCall
    ) -> PlainReply {
        var quotaHeaders: [(name: String, value: String)] = []
        do throws(Refusal) {
            guard request.acceptsGzip || switches.withoutGzip == .plain else {
                throw Refusal(406, Wording.gzipRequired)
            }
            let world = world
            let caller = try admit(
                request,
                endpoint,
                of: world,
                at: now,
                switches: switches,
                recording: &record,
                quotaHeaders: &quotaHeaders
            )
            if switches.strict, request.mediaType != "application/json" {
                throw Refusal(400, InventedWording.contentType)
            }
            let body = try InsightsBody(
                try SandboxEndpoint.body(of: request, switches),
                idsAsStringsOnly: switches.idsAsStringsOnly
            )
            let call = try InsightsCall(body, for: endpoint, at: now, switches: switches)
            record.tweets = call.tweets
            record.types = call.types
            record.groupings = call.groupings
            record.window = call.window?.hours
            if let refusal = fault?.refusal(of: body, in: world) { throw refusal }
            let metrics = SyntheticMetrics(seed: seed, world: world, favoritesSince: switches.favoritesSince)
            let answer = try InsightsAnswer(call, for: caller, in: world, metrics, at: now, switches: switches)
            return PlainReply(200, answer.body, headers: quotaHeaders)
        } catch {
            var answer = refuse(error, recording: &record)
            answer.headers += quotaHeaders
            return answer
        }
    }

    /// Steps 3 to 6: who calls, whether the app may, and whether a call is left. The quota's headers are on every answer from
    /// there on; before, it is not known whose quota it would be.
    private func admit(
        _ request: SandboxRequest,
        _ endpoint: Endpoint,
        of world: SandboxWorld,
        at now: UnixTime,
        switches: SandboxSwitches,
        recording record: inout RecordedCall,
        quotaHeaders: inout [(name: String, value: String)]
    ) throws(Refusal) -> Caller {
        let authenticator = Authenticator(world: world, toleranceSeconds: toleranceSeconds)
        let caller = try state.withLock { state throws(Refusal) in
            try authenticator.authenticate(request, for: endpoint, at: now, nonces: &state.nonces)
        }
        record.authentication = caller.kind
        record.account = caller.account?.name
        guard caller.application.isAllowListed else {
            throw Refusal(switches.notAllowListedStatus.code, Wording.applicationNotAuthorized)
        }
        let grant = state.withLock { $0.quota.take(from: caller.pool, at: now) }
        quotaHeaders = grant.headers
        guard grant.isGranted else { throw Refusal(429, InventedWording.rateLimited) }
        return caller
    }

    private func refuse(_ refusal: Refusal, recording record: inout RecordedCall) -> PlainReply {
        record.errors = refusal.errors
        record.explanation = refusal.explanation
        return PlainReply(refusal)
    }

    /// The request's body, unpacked if a switch allows that it is packed at all.
    private static func body(of request: SandboxRequest, _ switches: SandboxSwitches) throws(Refusal) -> [UInt8] {
        guard switches.gzippedRequests, request.header("Content-Encoding")?.lowercased() == "gzip" else {
            return request.body
        }
        do {
            return try Gzip.decompress(request.body, limit: maximumUnpackedBytes)
        } catch {
            throw Refusal(400, InventedWording.badGzip, explanation: "\(error)")
        }
    }

    /// As much as the server takes of a body that is not packed.
    private static let maximumUnpackedBytes = 1024 * 1024
}
