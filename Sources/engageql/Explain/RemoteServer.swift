import ArgumentParser
import Engagement
import EngagementAPI
import EngagementServer
import JSON

/// A server, as `engageql explain`, `engageql query` and `engageql cache purge` ask it.
struct RemoteServer {
    /// Of its GraphQL endpoint.
    let url: String
    private let transport: any HTTPTransport

    /// - Parameters:
    ///   - base: Where the server is, with or without `/graphql`.
    ///   - transport: The way there.
    init(_ base: String, over transport: any HTTPTransport = CurlTransport()) {
        self.transport = transport
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
        let response = try await send(post, within: 30)
        guard let value = try? JSONValue(parsing: response.body),
            value["errors"]?.array != nil || value["data"] != nil
        else {
            throw Failure(.unavailable, "\(url) answers \(response.status) and no GraphQL: is it an EngageQL server?")
        }
        return value
    }

    /// - Throws: ``Failure`` if there is no answer.
    func send(_ request: TransportRequest, within seconds: Int64) async throws(Failure) -> TransportResponse {
        do throws(TransportError) {
            return try await transport.send(request, deadline: UnixTime.now().advanced(bySeconds: seconds))
        } catch {
            throw Failure(.unavailable, "\(url) cannot be asked: \(error)")
        }
    }

    /// The URL of another path of the server.
    func url(_ path: String) -> String { url.dropLast("/graphql".count) + path }
}

extension RemoteServer {
    /// Checks the option `--server` of a command that can also do its work itself.
    ///
    /// - Parameter isAlone: Whether no option is given that is about doing it itself.
    static func validate(_ server: String?, isAlone: Bool) throws {
        guard let server else { return }
        guard isAlone else {
            throw ValidationError("--server asks a server, which has its own --config, --data and --sandbox.")
        }
        guard EngagementClient.isUsable(baseURL: server) else {
            throw ValidationError("--server \(server): expected a URL such as http://127.0.0.1:8080.")
        }
    }
}
