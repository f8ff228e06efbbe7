import Bytes
import Engagement
import MetricLoader
import Testing

@testable import EngagementServer

@Suite("Response memory")
struct ResponseMemoryTests {
    private let now = UnixTime(seconds: 1_800_000_000)

    private func key(
        _ request: String,
        _ mediaType: ResponseMediaType = .json,
        viewer: Int = 0
    ) -> ResponseMemory.Key {
        ResponseMemory.Key(
            request: ByteKey(Array(request.utf8)[...]),
            mediaType: mediaType,
            viewer: viewer
        )
    }

    private func entry(validFor seconds: Int64) -> ResponseMemory.Entry {
        ResponseMemory.Entry(
            status: 200,
            headers: RememberedHeaders([]),
            body: ByteString("{}"),
            needs: [],
            cellCount: 1,
            life: AnswerLife(
                isFresh: true,
                isComplete: true,
                isRepeatable: true,
                isPublic: true,
                mustRevalidate: false,
                freshUntil: now.advanced(bySeconds: seconds),
                staleFrom: now.advanced(bySeconds: seconds),
                earlySeconds: nil,
                staleSeconds: 0,
                oldest: now,
                oldestUnsealed: now
            ),
            tag: nil,
            revision: .zero
        )
    }

    @Test("a response is given again until its first number goes stale")
    func validity() {
        let memory = ResponseMemory(maximumBytes: 10_000)
        memory.keep(entry(validFor: 30), for: key("q"))
        #expect(memory.entry(for: key("q"), now: now.advanced(bySeconds: 29)) != nil)
        #expect(memory.entry(for: key("q"), now: now.advanced(bySeconds: 30)) == nil)
        // Gone for good, also for a clock that is set back.
        #expect(memory.entry(for: key("q"), now: now) == nil)
    }

    @Test("another viewer, media type or byte is another request")
    func separation() {
        let memory = ResponseMemory(maximumBytes: 10_000)
        memory.keep(entry(validFor: 30), for: key("q"))
        #expect(memory.entry(for: key("q", viewer: 1), now: now) == nil)
        #expect(memory.entry(for: key("q", .graphqlResponse), now: now) == nil)
        #expect(memory.entry(for: key("q "), now: now) == nil)
    }

    @Test("a request is worth keeping when it comes a second time")
    func admission() {
        let memory = ResponseMemory(maximumBytes: 10_000)
        #expect(!memory.wants(key("q")))
        #expect(memory.wants(key("q")))
    }

    @Test("a memory of no bytes keeps nothing")
    func off() {
        let memory = ResponseMemory(maximumBytes: 0)
        _ = memory.wants(key("q"))
        #expect(!memory.wants(key("q")))
    }
}
