internal import Bytes
public import Engagement
public import EngagementAPI
internal import Foundation
internal import MicroHTTP

/// Asks a server of the same process: its routes and rules as over HTTP, without a socket that somebody else could ask.
///
/// The URL's path and query count; host and port may be anything. A body comes as a whole, so ask large tables by pages. How
/// long an answer may take, the server decides (`server.deadlineSeconds`).
public struct ServerTransport: HTTPTransport {
    private let server: Server

    public init(_ server: Server) {
        self.server = server
    }

    public func send(
        _ request: TransportRequest,
        deadline: UnixTime
    ) async throws(TransportError) -> TransportResponse {
        guard let url = URLComponents(string: request.url) else {
            throw TransportError(.invalidRequest, "\(request.url) is no URL")
        }
        let reply = server.router.respondToOwner(
            HTTPRequest(
                method: HTTPMethod(request.method),
                path: url.percentEncodedPath,
                rawQuery: url.percentEncodedQuery,
                headers: request.headers.map { (name: $0.name, value: $0.value) },
                body: request.body
            )
        )
        let response =
            switch reply {
            case .now(let response): response
            case .later(let work): await work()
            }
        return TransportResponse(
            status: response.status,
            headers: response.headers.map { HTTPHeader($0.name, $0.value) },
            body: try await ServerTransport.bytes(of: response.body)
        )
    }

    private static func bytes(of body: HTTPBody) async throws(TransportError) -> [UInt8] {
        switch body {
        case .empty: return []
        case .bytes(let bytes): return bytes.array
        case .none, .upgrade: throw TransportError(.connectionLost, "the server gave no answer")
        case .stream(let stream):
            var bytes: [UInt8] = []
            while true {
                switch await stream.next() {
                case .bytes(let part): bytes += part.array
                case .end: return bytes
                case .abort, .reset: throw TransportError(.connectionLost, "the answer was cut off")
                }
            }
        }
    }
}
