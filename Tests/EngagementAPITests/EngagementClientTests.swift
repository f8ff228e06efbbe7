import Engagement
import Gzip
import Testing

@testable import EngagementAPI

@Suite("The client, over a scripted transport")
struct EngagementClientTests {
    private static func ok(_ headers: [HTTPHeader] = []) -> Result<TransportResponse, TransportError> {
        .success(TransportResponse(status: 200, headers: headers, body: Array(sampleBody.utf8)))
    }

    private static func status(_ status: Int, _ headers: [HTTPHeader] = []) -> Result<TransportResponse, TransportError>
    {
        .success(TransportResponse(status: status, headers: headers, body: []))
    }

    @Test("a call is signed, asks for gzip and carries JSON")
    func request() async throws {
        let bench = Bench(ScriptedTransport(status: 200, sampleBody))
        let reply = try #require(await bench.outcome().value)
        #expect(reply.counts.map(\.value) == [69, 26])
        let request = try #require(bench.transport.requests.first)
        #expect(request.method == "POST")
        #expect(request.url == "https://data-api.twitter.com/insights/engagement/totals")
        #expect(request.headers.contains(HTTPHeader("Accept-Encoding", "gzip")))
        #expect(request.headers.contains(HTTPHeader("Content-Type", "application/json")))
        let authorization = request.headers.first { $0.name == "Authorization" }?.value
        #expect(authorization?.contains(#"oauth_signature="%2FpMYbW9O1cKhdPGpgGyscSuMVoU%3D""#) == true)
    }

    @Test("each kind of credentials authorises in its way")
    func authorizations() async throws {
        for (credentials, expected) in [
            (Known.bearer, "Bearer AAAAbearerAAAA"),
            (Known.appOnly, #"oauth_signature="9zv9uOdXKDNqYsgMVfwfdnwXL8U%3D""#),
        ] {
            let bench = Bench(ScriptedTransport(status: 200, sampleBody))
            _ = await bench.outcome(as: credentials)
            let header = bench.transport.requests.first?.headers.first { $0.name == "Authorization" }
            #expect(header?.value.contains(expected) == true)
        }
    }

    @Test("an unusable base address is an invalid call")
    func baseURL() async {
        let client = EngagementClient(
            baseURL: "not an address",
            transport: ScriptedTransport(status: 200, sampleBody),
            retry: .never,
            clock: UnixTime.now
        )
        await #expect(throws: EngagementAPIError(.invalidCall, "")) {
            try await client.perform(.sample, as: Known.bearer, deadline: UnixTime(seconds: 4_000_000_000))
        }
    }

    // MARK: - Responses

    @Test("a gzip body is unpacked by its header or by its first bytes")
    func packed() async {
        for headers in [[HTTPHeader("Content-Encoding", "GZIP")], []] {
            let answer = TransportResponse(status: 200, headers: headers, body: Gzip.compress(Array(sampleBody.utf8)))
            #expect(await Bench(ScriptedTransport([.success(answer)])).outcome().value?.counts.count == 2)
        }
    }

    @Test(
        "JSON is accepted by any of its names",
        arguments: ["application/json", "Application/JSON; charset=utf-8", "application/problem+json", "text/json"]
    )
    func contentTypes(type: String) async {
        let transport = ScriptedTransport(status: 200, sampleBody, headers: [HTTPHeader("content-type", type)])
        #expect(await Bench(transport).outcome().value != nil)
    }

    @Test("a 200 of another type, another coding or with damage is invalid")
    func invalid() async throws {
        let packed = Gzip.compress(Array(sampleBody.utf8))
        let cases: [(headers: [HTTPHeader], body: [UInt8], isRetryable: Bool)] = [
            ([HTTPHeader("Content-Type", "text/html")], Array(sampleBody.utf8), false),
            ([HTTPHeader("Content-Encoding", "br")], Array(sampleBody.utf8), false),
            ([HTTPHeader("Content-Encoding", "gzip")], Array(packed.dropLast(5)), true),
            ([HTTPHeader("Content-Encoding", "gzip")], Array(sampleBody.utf8), true),
            ([], Array("OK".utf8), false),
        ]
        for (headers, body, isRetryable) in cases {
            let answer = TransportResponse(status: 200, headers: headers, body: body)
            let error = try #require(await Bench(ScriptedTransport([.success(answer)])).outcome().error)
            #expect(error.code == .invalidResponse)
            #expect(error.isRetryable == isRetryable)
            #expect(error.status == 200)
        }
    }

    @Test("a response that unpacks beyond the limit is refused")
    func bomb() async {
        let bomb = Gzip.compress([UInt8](repeating: 0x20, count: 100_000))
        for body in [bomb, [UInt8](repeating: 0x20, count: 10_001)] {
            let transport = ScriptedTransport([.success(TransportResponse(status: 200, body: body))])
            let bench = Bench(transport, limits: ResponseLimits(packedBytes: 50_000, bytes: 10_000))
            #expect(await bench.outcome().error?.code == .responseTooLarge)
            #expect(transport.requests.first?.maximumResponseBytes == 50_000)
        }
    }

    @Test("the rate limit of a response comes with the reply or the error")
    func rateLimit() async throws {
        let headers = [
            HTTPHeader("X-Per-Minute-Limit", "60"), HTTPHeader("x-per-minute-remaining", "12"),
            HTTPHeader("x-per-minute-reset", "1318623000"),
        ]
        let expected = RateLimit(perMinute: .init(limit: 60, remaining: 12, resetAt: UnixTime(seconds: 1_318_623_000)))
        let good = Bench(ScriptedTransport([EngagementClientTests.ok(headers)]))
        #expect(await good.outcome().value?.rateLimit == expected)
        let bad = Bench(ScriptedTransport([EngagementClientTests.status(429, headers)]))
        let error = try #require(await bad.outcome().error)
        #expect(error.rateLimit == expected)
        #expect(error.code == .rateLimited(resetAt: UnixTime(seconds: 1_318_623_000)))
        let silent = Bench(ScriptedTransport([EngagementClientTests.ok()]))
        #expect(try #require(await silent.outcome().value).rateLimit == nil)
    }

    // MARK: - Retry

    static let transient: [Result<TransportResponse, TransportError>] = [
        status(500), status(502), status(503), status(504), .failure(TransportError(.timedOut, "")),
        .failure(TransportError(.connectionFailed, "")), .failure(TransportError(.connectionLost, "")),
    ]

    @Test("what passes by itself is tried again", arguments: transient.indices)
    func retried(index: Int) async {
        let failure = EngagementClientTests.transient[index]
        let bench = Bench(ScriptedTransport([failure, failure, EngagementClientTests.ok()]), retry: RetryPolicy())
        #expect(await bench.outcome().value != nil)
        #expect(bench.transport.requests.count == 3)
        #expect(bench.delays.all == [250, 500])
    }

    static let permanent: [Result<TransportResponse, TransportError>] =
        [301, 400, 401, 403, 404, 406].map { status($0) } + [
            .failure(TransportError(.tlsFailed, "")), .failure(TransportError(.responseTooLarge, "")),
            .failure(TransportError(.invalidResponse, "")), .failure(TransportError(.cancelled, "")),
            .failure(TransportError(.invalidRequest, "")),
        ]

    @Test("what a second try cannot change is not tried again", arguments: permanent.indices)
    func notRetried(index: Int) async {
        let bench = Bench(ScriptedTransport([EngagementClientTests.permanent[index]]), retry: RetryPolicy())
        #expect(await bench.outcome().error != nil)
        #expect(bench.transport.requests.count == 1)
        #expect(bench.delays.all == [])
    }

    @Test("attempts are bounded, and the last error is thrown")
    func bounded() async {
        let policy = RetryPolicy(maximumAttempts: 6, firstDelayMilliseconds: 100, longestDelayMilliseconds: 500)
        let bench = Bench(
            ScriptedTransport([EngagementClientTests.status(500), EngagementClientTests.status(503)]),
            retry: policy
        )
        #expect(await bench.outcome().error?.code == .overloaded)
        #expect(bench.transport.requests.count == 6)
        #expect(bench.delays.all == [100, 200, 400, 500, 500])
    }

    @Test("jitter takes any part of the delay")
    func jitter() async {
        for (random, delays) in [(0.0, [0, 0, 0] as [Int64]), (0.5, [125, 250, 500])] {
            let bench = Bench(
                ScriptedTransport([EngagementClientTests.status(500)]),
                retry: RetryPolicy(),
                random: random
            )
            _ = await bench.outcome()
            #expect(bench.delays.all == delays)
        }
    }

    @Test("a wait that would reach the deadline is not begun")
    func deadline() async {
        let policy = RetryPolicy(maximumAttempts: 10, firstDelayMilliseconds: 600, longestDelayMilliseconds: 600)
        let bench = Bench(ScriptedTransport([EngagementClientTests.status(500)]), retry: policy)
        #expect(await bench.outcome(seconds: 1).error?.code == .serverError)
        #expect(bench.delays.all == [600])
        #expect(await bench.outcome(seconds: 0).error?.code == .timedOut)
        #expect(bench.transport.requests.count == 2)
    }

    @Test(
        "all waits of a call together stay within its deadline, whatever the luck",
        arguments: [0.01, 0.3, 0.5, 0.9, 0.999],
        [1, 2, 10, 60]
    )
    func waits(random: Double, seconds: Int64) async {
        let policy = RetryPolicy(maximumAttempts: 1000, firstDelayMilliseconds: 250, longestDelayMilliseconds: 8000)
        let bench = Bench(ScriptedTransport([EngagementClientTests.status(503)]), retry: policy, random: random)
        #expect(await bench.outcome(seconds: seconds).error?.code == .overloaded)
        #expect(bench.delays.all.count == bench.transport.requests.count - 1)
        let waited = bench.delays.all.reduce(0, +)
        #expect(waited < seconds * 1000)
        // The wait that was not begun would have been the next: time was not given away either.
        #expect(waited >= seconds * 1000 - 8000 || bench.delays.all.isEmpty)
    }

    @Test("a rate limit is waited for until its reset, if the deadline allows")
    func reset() async {
        let reset = HTTPHeader("x-per-minute-reset", String(Known.timestamp + 30))
        let refusal = EngagementClientTests.status(429, [HTTPHeader("x-per-minute-remaining", "0"), reset])
        let patient = Bench(ScriptedTransport([refusal, EngagementClientTests.ok()]), retry: RetryPolicy(), random: 0)
        #expect(await patient.outcome(seconds: 60).value != nil)
        #expect(patient.delays.all == [30_000])
        let hurried = Bench(ScriptedTransport([refusal, EngagementClientTests.ok()]), retry: RetryPolicy(), random: 0)
        #expect(
            await hurried.outcome(seconds: 20).error?.code
                == .rateLimited(resetAt: UnixTime(seconds: Known.timestamp + 30))
        )
        #expect(hurried.delays.all == [])
    }

    @Test("a rate limit without a reset waits as known clients do, or as Retry-After says")
    func unknownReset() async {
        let silent = Bench(
            ScriptedTransport([EngagementClientTests.status(429), EngagementClientTests.ok()]),
            retry: RetryPolicy(),
            random: 0
        )
        _ = await silent.outcome()
        #expect(silent.delays.all == [10_000])
        let refusal = EngagementClientTests.status(429, [HTTPHeader("Retry-After", "3")])
        let told = Bench(ScriptedTransport([refusal, EngagementClientTests.ok()]), retry: RetryPolicy(), random: 0)
        _ = await told.outcome()
        #expect(told.delays.all == [3000])
    }

    @Test("a reset at the end of time does not overflow")
    func farReset() async {
        let headers = [HTTPHeader("x-per-minute-remaining", "0"), HTTPHeader("x-per-minute-reset", "99999999999999")]
        let bench = Bench(ScriptedTransport([EngagementClientTests.status(429, headers)]), retry: RetryPolicy())
        #expect(await bench.outcome().error?.isRetryable == true)
        #expect(bench.delays.all == [])
    }

    @Test("each attempt has a nonce of its own")
    func nonces() async {
        #expect(EngagementClient.randomNonce() != EngagementClient.randomNonce())
        let count = Recorder<Int>()
        let transport = ScriptedTransport([EngagementClientTests.status(500), EngagementClientTests.ok()])
        let client = EngagementClient(
            baseURL: "https://a.example",
            transport: transport,
            retry: RetryPolicy(),
            clock: UnixTime.now,
            nonce: {
                count.record(1)
                return "nonce\(count.all.count)"
            },
            sleep: { _ in }
        )
        _ = try? await client.perform(.sample, as: Known.user, deadline: UnixTime(seconds: 4_000_000_000))
        let headers = transport.requests.compactMap { $0.headers.first?.value }
        #expect(headers.count == 2)
        #expect(headers[0].contains("nonce1") && headers[1].contains("nonce2"))
    }

    @Test("a task that is cancelled while it waits is not sent again")
    func cancelled() async {
        let transport = ScriptedTransport([EngagementClientTests.status(500)])
        let client = EngagementClient(
            baseURL: "https://a.example",
            transport: transport,
            retry: RetryPolicy(),
            clock: UnixTime.now,
            sleep: { _ in throw CancellationError() }
        )
        await #expect(throws: EngagementAPIError(.cancelled, "")) {
            try await client.perform(.sample, as: Known.bearer, deadline: UnixTime(seconds: 4_000_000_000))
        }
        #expect(transport.requests.count == 1)
    }

    @Test("what happened is told, attempt by attempt")
    func events() async {
        let bench = Bench(
            ScriptedTransport([EngagementClientTests.status(500), EngagementClientTests.ok()]),
            retry: RetryPolicy()
        )
        _ = await bench.outcome()
        let told = bench.events.all.map { event in
            switch event {
            case .failed(let attempt, let error): "failed \(attempt.number) \(error.code)"
            case .waiting(let attempt, let milliseconds): "waiting after \(attempt.number) \(milliseconds)"
            case .answered(let attempt, let bytes, _): "answered \(attempt.number) \(bytes == sampleBody.utf8.count)"
            }
        }
        #expect(told == ["failed 1 serverError", "waiting after 1 250", "answered 2 true"])
    }
}
