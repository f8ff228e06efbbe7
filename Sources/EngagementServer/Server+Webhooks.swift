internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import GraphQL
internal import Logging

/// The webhooks of a server.
extension Server {
    /// What delivers the webhooks of the configuration, not yet begun.
    ///
    /// - Throws: ``ServerError`` for a document that is no subscription: better no start than a webhook that is silent.
    internal static func webhooks(
        _ configuration: ServerConfiguration,
        _ runner: OperationRunner,
        _ hub: LiveHub,
        _ logger: Logger
    ) throws(ServerError) -> [WebhookSender] {
        if configuration.webhooks.isEmpty { return [] }
        let transport = CurlTransport(clock: runner.clock)
        let places = WebhookPlaces(path: configuration.dataFolder.map { "\($0)/\(configuration.webhooksFileName)" }) {
            logger.warning("webhooks.json cannot be written: after a restart events may come again")
        }
        var senders: [WebhookSender] = []
        for webhook in configuration.webhooks {
            let operation: Operation
            do throws(GraphQLErrors) {
                let source = Source(webhook.document)
                let document = try PreparedDocument(
                    source,
                    schema: runner.schema.schema,
                    parserLimits: configuration.limits.parser
                )
                operation = try document.operation(named: nil).bind()
                _ = try operation.sourceField()
            } catch {
                let reasons = error.errors.map { error in
                    error.locations.first.map { "\($0.line):\($0.column): \(error.message)" } ?? error.message
                }
                throw ServerError(
                    .badConfiguration,
                    "the subscription of the webhook \(webhook.name): \(reasons.joined(separator: " "))"
                )
            }
            senders.append(
                WebhookSender(
                    webhook: webhook,
                    operation: operation,
                    hub: hub,
                    places: places,
                    transport: transport,
                    clock: runner.clock,
                    pacing: configuration.webhookPacing,
                    drainSeconds: configuration.drainSeconds,
                    logger: logger
                )
            )
        }
        return senders
    }
}
