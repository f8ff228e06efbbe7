import Engagement
import EngagementAPI
import MetricLoader
import TestSupport
import Testing

@Suite("A clock that is set while requests wait")
struct ClockTests {
    @Test("Set back, it does not make a request wait longer than it would have")
    func setBack() async throws {
        let uptime = ManualClock(milliseconds: 0)
        let fixture = try LoaderFixture(pacing: Pacing(quietMilliseconds: 0, uptime: { uptime.milliseconds }))
        fixture.upstream.hold()
        let load = fixture.start(totals(tweets(1), types(.favorites)))
        await fixture.upstream.waitForHeld(1)

        // The deadline of 30 seconds is an hour away by the clock, and over by the other one. The quota is used up meanwhile.
        fixture.clock.advance(seconds: -3600)
        uptime.advance(milliseconds: 30_000)
        let error = EngagementAPIError(.rateLimited(resetAt: nil), "slow down")
        fixture.upstream.refuse(CallRefusal(until: fixture.now.advanced(bySeconds: 60), error: error))
        fixture.upstream.spoil { _, _ throws(EngagementAPIError) in throw error }
        fixture.upstream.release()

        let loaded = await load.value
        #expect(loaded.failures.map(\.error) == [error])
    }
}
