internal import Bytes
internal import Engagement
internal import MetricCache
internal import MetricLoader
internal import MicroHTTP

/// The memory of responses as the endpoint sees it: what a request was answered before, and what it is answered now.
internal struct RememberedResponses: Sendable {
    let memory: ResponseMemory
    let account: AccountName
    let timeToLive: TimeToLive
    let clock: TimeSource
    let observer: Observer

    /// The response to the same bytes, if it still holds. Its numbers count as found.
    func response(to bytes: ArraySlice<UInt8>, _ mediaType: ResponseMediaType) -> HTTPResponse? {
        guard let entry = memory.entry(for: key(bytes, mediaType), now: clock()) else { return nil }
        observer.observe(.loader(.lookedUp(CellCounts(fresh: entry.cellCount))))
        return HTTPResponse(status: entry.status, headers: mediaType.headers, body: .bytes(entry.body))
    }

    /// Keeps a response if it may be given again and the request came before.
    func offer(
        _ response: HTTPResponse,
        _ answer: OperationAnswer,
        for bytes: ArraySlice<UInt8>,
        _ mediaType: ResponseMediaType
    ) {
        let key = key(bytes, mediaType)
        guard memory.wants(key), case .bytes(let body) = response.body else { return }
        let validUntil = answer.validUntil(timeToLive)
        guard validUntil > clock() else { return }
        let entry = ResponseMemory.Entry(
            status: response.status,
            body: body,
            cellCount: answer.cellCount,
            validUntil: validUntil
        )
        memory.keep(entry, for: key)
    }

    private func key(_ bytes: ArraySlice<UInt8>, _ mediaType: ResponseMediaType) -> ResponseMemory.Key {
        ResponseMemory.Key(request: ByteKey(bytes), mediaType: mediaType, account: account)
    }
}
