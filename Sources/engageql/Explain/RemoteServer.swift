import ArgumentParser
import Engagement
import EngagementAPI
import EngagementServer
import Foundation
import JSON

/// A server, as `engageql explain`, `engageql query` and `engageql cache purge` ask it.
struct RemoteServer {
    /// Of its GraphQL endpoint.
    let url: String
    private let transport: any HTTPTransport
    private let key: Secret?

    /// The environment variable that has the key for a server that asks for one. Arguments of a command stand in the list of
    /// processes, which everybody on the machine can read.
    static let keyVariable = "ENGAGEQL_KEY"

    /// A server that runs somewhere, asked with the key of the environment.
    init(_ base: String) {
        self.init(base, over: CurlTransport(), key: ProcessInfo.processInfo.environment[RemoteServer.keyVariable])
    }

    /// - Parameters:
    ///   - base: Where the server is, with or without `/graphql`.
    ///   - transport: The way there.
    init(_ base: String, over transport: any HTTPTransport, key: String? = nil) {
        self.transport = transport
        self.key = key.flatMap { $0.isEmpty ? nil : Secret($0) }
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
        if response.status == 401 {
            let reason =
                (try? JSONValue(parsing: response.body))?["errors"]?[0]?["message"]?.string ?? "it asks for a key"
            throw Failure(
                .unavailable,
                "\(url): \(reason) Put the key into the environment variable \(RemoteServer.keyVariable)."
            )
        }
        guard let value = try? JSONValue(parsing: response.body),
            value["errors"]?.array != nil || value["data"] != nil
        else {
            throw Failure(.unavailable, "\(url) answers \(response.status) and no GraphQL: is it an EngageQL server?")
        }
        return value
    }

    /// - Throws: ``Failure`` if there is no answer.
    func send(_ request: TransportRequest, within seconds: Int64) async throws(Failure) -> TransportResponse {
        var request = request
        if let key { request.headers.append(HTTPHeader("Authorization", "Bearer \(key.reveal())")) }
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
        try checkKey()
    }

    /// Checks the key of the environment, before it is sent anywhere.
    private static func checkKey() throws {
        guard let key = ProcessInfo.processInfo.environment[keyVariable], !key.isEmpty, APIKey(key) == nil else {
            return
        }
        throw ValidationError("\(keyVariable) holds no key: it has been cut, or copied wrongly.")
    }
}
