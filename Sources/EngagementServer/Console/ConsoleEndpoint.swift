internal import MicroHTTP

/// `GET /` for browsers: the console, or how to get it.
internal struct ConsoleEndpoint: Sendable {
    /// Nil if it has not been bundled.
    let page: ConsolePage?
    /// Where it was looked for.
    let path: String

    /// The answer to who would read HTML; nil for everybody else, to whom this path says what it always said.
    func response(to request: borrowing HTTPRequest) -> HTTPResponse? {
        guard request.method == .get || request.method == .head else { return nil }
        let ranges = MediaRange.list(request.header("accept") ?? "")
        guard ranges.contains(where: { $0.type == "text" && $0.subtype == "html" && $0.quality > 0 }) else {
            return nil
        }
        return page?.response(to: request) ?? missing
    }

    private var missing: HTTPResponse {
        var response = HTTPResponse.text(
            404,
            """
            This server has no console: there is no file \(path) (server.consoleFile).

            make console makes it, from the sources in Console and libraries that Debian packages. Then start the server again.
            Queries go to /graphql all the same, and /q lists the saved ones.

            """
        )
        // It is made a moment later, and is there then.
        response.headers.append(CacheControl.noStore)
        return response
    }
}
