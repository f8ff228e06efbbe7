import Engagement
import EngagementAPI
import EngagementServer
import JSON

/// A running server, as `engageql explain --server` and `engageql cache purge --server` ask it.
struct RemoteServer {
    /// Of its GraphQL endpoint.
    let url: String

    /// - Parameter base: Where the server is, with or without `/graphql`.
    init(_ base: String) {
        var base = base[...]
        while base.last == "/" { base.removeLast() }
        url = base.hasSuffix("/graphql") ? String(base) : base + "/graphql"
    }

    /// - Throws: ``Failure`` if there is no answer, or it is none of GraphQL.
    func response(to request: ExplainRequest) async throws(Failure) -> JSONValue {
        let value = try await answer(to: request.body)
        guard value["errors"] != nil || value["extensions"]?["explain"] != nil else {
            throw Failure(.unavailable, "\(url) did not explain the query but ran it: it is another GraphQL server")
        }
        return value
    }

    /// - Parameter body: The JSON of a GraphQL request.
    /// - Throws: ``Failure`` if there is no answer, or it is none of GraphQL.
    func answer(to body: [UInt8]) async throws(Failure) -> JSONValue {
        let post = TransportRequest(
            url: url,
            headers: [HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept", "application/json")],
            body: body
        )
        let response: TransportResponse
        do throws(TransportError) {
            response = try await CurlTransport().send(post, deadline: UnixTime.now().advanced(bySeconds: 30))
        } catch {
            throw Failure(.unavailable, "\(url) cannot be asked: \(error)")
        }
        guard let value = try? JSONValue(parsing: response.body),
            value["errors"]?.array != nil || value["data"] != nil
        else {
            throw Failure(.unavailable, "\(url) answers \(response.status) and no GraphQL: is it an EngageQL server?")
        }
        return value
    }
}
