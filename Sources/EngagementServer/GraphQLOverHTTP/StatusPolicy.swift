/// Which edition of GraphQL over HTTP chooses status codes (`graphql.edition`).
///
/// The draft of 2025 is what clients and audits know; the first release, of September 2026, tells failures apart more finely.
public enum GraphQLOverHTTPEdition: String, CaseIterable, Sendable {
    case draft2025 = "2025"
    case september2026 = "2026"
}

/// At which point a request failed.
internal enum RequestFailure: Sendable {
    /// The body is no JSON, or no text: nothing can be read from it.
    case unreadable
    /// JSON, but not the parameters of a GraphQL request.
    case malformed
    /// A document that cannot be parsed.
    case unparsable
    /// A document that does not fit the schema or breaks a limit; no such operation; variables that do not fit.
    case invalid
    /// A persisted document that is not there. Clients send the document next.
    case notPersisted
    /// A document that the safelist does not have.
    case notAllowed
}

/// The status codes of GraphQL over HTTP, by edition, media type and what the response contains.
internal struct StatusPolicy: Sendable {
    let edition: GraphQLOverHTTPEdition

    /// The status of a response without `data`.
    ///
    /// Under `application/json` a client cannot tell our 400 from that of a proxy, so that every well-formed request is
    /// answered with 200.
    func status(of failure: RequestFailure, _ mediaType: ResponseMediaType) -> Int {
        switch (failure, mediaType) {
        case (.unreadable, _): 400
        case (.malformed, .json): 400
        case (_, .json): 200
        case (.unparsable, .graphqlResponse): 400
        case (.notPersisted, .graphqlResponse): 400
        case (.notAllowed, .graphqlResponse): 403
        case (.malformed, .graphqlResponse), (.invalid, .graphqlResponse): edition == .draft2025 ? 400 : 422
        }
    }

    /// The status of a response with `data`, null or not.
    func status(hasErrors: Bool, _ mediaType: ResponseMediaType) -> Int {
        guard hasErrors, mediaType == .graphqlResponse, edition == .september2026 else { return 200 }
        return 294
    }
}
