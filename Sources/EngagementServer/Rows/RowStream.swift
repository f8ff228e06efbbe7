internal import Bytes
internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import GraphQL
internal import Gzip
internal import MicroHTTP

/// A table that is sent while it is made, a slice of Tweets at a time: its length in memory is that of a few slices.
///
/// Nobody gets half a table for a whole one: if a slice cannot be had the connection is cut, without the chunk that would end
/// it well (RFC 9112 §8).
internal actor RowStream {
    private let source: RowSource
    private let columns: RowColumns
    private let observer: Observer
    private var text: RowText
    private var packer: GzipStream?
    /// Slices that are being loaded, in their order.
    private var ahead: [Task<OperationAnswer, Never>] = []
    private var nextTweet = 0
    private var isOver = false

    init(_ source: RowSource, _ request: RowRequest, _ columns: RowColumns, _ observer: Observer) {
        self.source = source
        self.columns = columns
        self.observer = observer
        text = RowText(request.format.notation(columns, request.options))
        packer = request.isPacked ? GzipStream(level: 1) : nil
    }

    deinit {
        for task in ahead { task.cancel() }
    }

    /// Loads the first slice, and returns why there is none: as long as nothing has been sent, that can still be said.
    func begin() async -> [GraphQLError] {
        await append(source.answer(take(source.first)))
    }

    /// What comes next of the body.
    func next() async -> HTTPBodyStream.Part {
        if isOver { return .end }
        // The first slice is there already: it goes out while the next ones are loaded.
        let isBeginning = ahead.isEmpty && nextTweet == source.first.upperBound
        while ahead.count < RowSource.lookAhead, nextTweet < source.slices.tweets {
            let range = take(source.range(from: nextTweet))
            ahead.append(Task { [source] in await source.answer(range) })
        }
        if isBeginning { return finishIfDone() }
        let errors = await append(ahead.removeFirst().value)
        guard errors.isEmpty else {
            observer.noteCutTable(errors.compactMap(\.code))
            return .abort
        }
        return finishIfDone()
    }

    private func take(_ range: Range<Int>) -> Range<Int> {
        nextTweet = range.upperBound
        return range
    }

    /// Writes the rows of a slice, unless upstream failed to give one of its numbers.
    private func append(_ answer: OperationAnswer) -> [GraphQLError] {
        let resolver = answer.makeResolver()
        let absences = resolver.absences
        if absences.contains(where: \.isUpstreamFailure) { return absences }
        var reader = RowReader(answer.operation, resolver, columns)
        reader.read { text.append($0) }
        return []
    }

    private func finishIfDone() -> HTTPBodyStream.Part {
        isOver = ahead.isEmpty && nextTweet == source.slices.tweets
        if isOver { text.end() }
        let bytes = text.take()
        guard var packer = packer.take() else { return .bytes(bytes) }
        let packed = packer.append(bytes)
        guard isOver else {
            self.packer = consume packer
            return .bytes(packed)
        }
        var buffer = ByteBuffer(capacity: packed.count + 64)
        buffer.append(packed)
        buffer.append(packer.finish())
        return .bytes(buffer.freeze())
    }
}

/// Where the rows of a stream come from: an operation, its plan cut into slices, and who answers them.
internal struct RowSource: Sendable {
    let runner: OperationRunner
    let operation: Operation
    let slices: PlanSlices
    let freshness: FreshnessDemand

    /// How many slices are loaded while one is sent: enough that calls upstream go side by side.
    static let lookAhead = 4
    /// How many cells, or rows if there are more of them, a slice has at most, unless a single Tweet has more: a megabyte.
    static let cellsPerSlice = 65_536
    /// How many Tweets it has at most: of Tweets with few cells, ten calls.
    private static let tweetsPerSlice = 2500

    /// As many Tweets as one call takes, so that the first rows come with the first answer.
    var first: Range<Int> { 0..<min(slices.tweets, slices.tweetsPerCall, largest) }

    /// The slice that begins with the Tweet at `start`: calls that are full, if it has room for one.
    func range(from start: Int) -> Range<Int> {
        let calls = largest / slices.tweetsPerCall * slices.tweetsPerCall
        return start..<min(slices.tweets, start + (calls > 0 ? calls : largest))
    }

    func answer(_ range: Range<Int>) async -> OperationAnswer {
        await runner.answer(operation, slices[range], urgency: .export, freshness: freshness)
    }

    private var largest: Int {
        let weight = max(slices.cellsPerTweet, slices.rowsPerTweet, 1)
        return min(max(1, RowSource.cellsPerSlice / weight), RowSource.tweetsPerSlice)
    }
}
