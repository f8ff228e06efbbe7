internal import Bytes
internal import Digests
internal import Engagement
internal import EngagementGraph
internal import GraphQL
internal import JSON

/// What one look at a subscription's numbers found, made once for all its subscribers.
internal struct LiveLook: Sendable {
    /// Grows from look to look.
    let number: Int
    /// The whole response; of a threshold, errors without data if there is anything to tell, or nil.
    let response: ByteString?
    /// The same for looks that show the same. Ages and wordings of a failure that goes on make no difference.
    let mark: String
    /// The Tweets that a threshold is waited for; nil of other subscriptions.
    let watched: [(tweet: TweetID, cell: Cell)]?

    init(number: Int, response: ByteString?, mark: String, watched: [(tweet: TweetID, cell: Cell)]? = nil) {
        self.number = number
        self.response = response
        self.mark = mark
        self.watched = watched
    }

    init(_ number: Int, _ answer: OperationAnswer) {
        self.number = number
        let resolver = answer.makeResolver()
        let absences = resolver.absences
        if answer.plan.live?.threshold != nil {
            watched = answer.plan.watched(in: answer.tables)
            response = absences.isEmpty ? nil : LiveLook.failure(absences)
            mark = LiveLook.mark([], absences, isStale: false)
            return
        }
        watched = nil
        var data = ByteBuffer()
        Executor.execute(answer.operation, with: resolver, into: &data)
        mark = LiveLook.mark(data.freeze().array, absences, isStale: !answer.extensions.isEmpty)
        var buffer = ByteBuffer()
        Executor.execute(
            answer.operation,
            with: resolver,
            additionalErrors: absences,
            extensions: answer.extensions,
            into: &buffer
        )
        response = buffer.freeze()
    }

    /// Errors without data.
    static func failure(_ errors: [GraphQLError]) -> ByteString {
        var buffer = ByteBuffer()
        buffer.append("{\"errors\":")
        buffer.append(errors: errors)
        buffer.append(",\"data\":null}")
        return buffer.freeze()
    }

    private static func mark(_ data: [UInt8], _ absences: [GraphQLError], isStale: Bool) -> String {
        var text = data
        for absence in absences {
            text +=
                "\n\(absence.code ?? "") \(absence.extensions.first { $0.name == "tweetIds" }?.value.array?.count ?? 0)"
                .utf8
        }
        if isStale { text += "\nSTALE".utf8 }
        return Base64.encode(Array(SHA256.hash(text).prefix(15)))
    }
}

/// How the events of a subscription to a threshold are written.
internal struct CrossingWriter: Sendable {
    let operation: Operation
    let plan: EngagementPlan
    let schema: EngagementSchema

    /// The whole response for one event.
    func response(to crossing: ThresholdCrossing) -> ByteString {
        let resolver = EngagementResolver(crossing, of: plan, schema: schema)
        var buffer = ByteBuffer()
        Executor.execute(operation, with: resolver, into: &buffer)
        return buffer.freeze()
    }
}
