import Digests
import Engagement
import Synchronization
import TestSupport

@testable import EngagementAPI

/// The constants of dossier §10, V1 and V2.
enum Known {
    static let consumer = ConsumerKey(
        key: "xvz1evFS4wEEPTGEFPHBog",
        secret: Secret("kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw")
    )
    static let token = AccessToken(
        token: Secret("370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"),
        secret: Secret("LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE")
    )
    static let nonce = "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"
    static let timestamp: Int64 = 1_318_622_958
    static let account = AccountName("acme")
    static let user = Credentials.user(account: account, consumer: consumer, token: token)
    static let appOnly = Credentials.appOnly(account: account, consumer: consumer)
    static let bearer = Credentials.bearer(account: account, token: Secret("AAAAbearerAAAA"))

    static let everySecret = [
        consumer.secret.reveal(), token.token.reveal(), token.secret.reveal(), "AAAAbearerAAAA",
    ]
}

extension EngagementCall {
    /// Favourites of two Tweets.
    static let sample = EngagementCall(
        endpoint: .totals,
        tweets: [TweetID(rawValue: 1_070_059_276_213_702_656), TweetID(rawValue: 223_456_789)],
        types: EngagementTypeSet([.favorites, .retweets])
    )
}

/// A response to ``EngagementCall/sample``.
let sampleBody = #"{"counts":{"1070059276213702656":{"favorites":"69","retweets":"26"}}}"#

/// A transport that answers from a list and remembers what it was asked.
final class ScriptedTransport: HTTPTransport {
    private let state: Mutex<(answers: [Result<TransportResponse, TransportError>], requests: [TransportRequest])>

    init(_ answers: [Result<TransportResponse, TransportError>]) {
        state = Mutex((answers, []))
    }

    convenience init(status: Int, _ body: String, headers: [HTTPHeader] = []) {
        self.init([.success(TransportResponse(status: status, headers: headers, body: Array(body.utf8)))])
    }

    var requests: [TransportRequest] { state.withLock { $0.requests } }

    /// The last answer is given for ever.
    func send(
        _ request: TransportRequest,
        deadline: UnixTime
    ) async throws(TransportError) -> TransportResponse {
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
        }
        return try answer.get()
    }
}

/// Values that closures of any thread add to.
final class Recorder<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    var all: [Element] { elements.withLock { $0 } }
    func record(_ element: Element) { elements.withLock { $0.append(element) } }
}

/// A client whose clock moves only when it sleeps.
struct Bench {
    let clock = ManualClock(seconds: Known.timestamp)
    let delays = Recorder<Int64>()
    let events = Recorder<EngagementClientEvent>()
    let transport: ScriptedTransport
    let client: EngagementClient

    init(
        _ transport: ScriptedTransport,
        retry: RetryPolicy = .never,
        limits: ResponseLimits = ResponseLimits(),
        governor: CallGovernor? = nil,
        random: Double = 1
    ) {
        self.transport = transport
        client = EngagementClient(
            baseURL: "https://data-api.twitter.com",
            transport: transport,
            retry: retry,
            clock: { [clock] in UnixTime(milliseconds: clock.milliseconds) },
            limits: limits,
            governor: governor,
            nonce: { Known.nonce },
            random: { random },
            sleep: { [clock, delays] milliseconds in
                delays.record(milliseconds)
                clock.advance(milliseconds: milliseconds)
            },
            observe: { [events] in events.record($0) }
        )
    }

    /// The outcome of `call` with `seconds` to go.
    func outcome(
        _ call: EngagementCall = .sample,
        as credentials: Credentials = Known.user,
        seconds: Int64 = 60,
        urgency: CallUrgency = .interactive
    ) async -> Result<EngagementReply, EngagementAPIError> {
        let deadline = UnixTime(milliseconds: clock.milliseconds + seconds * 1000)
        do throws(EngagementAPIError) {
            return .success(try await client.perform(call, as: credentials, deadline: deadline, urgency: urgency))
        } catch {
            return .failure(error)
        }
    }
}

extension Result {
    var error: Failure? {
        if case .failure(let error) = self { return error }
        return nil
    }

    var value: Success? { try? get() }
}
