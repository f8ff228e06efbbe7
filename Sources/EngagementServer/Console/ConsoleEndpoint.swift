internal import MicroHTTP

/// `GET /` and `GET /graphiql` for browsers: the console, and GraphiQL if it is there; or how to get them.
internal struct ConsoleEndpoint: Sendable {
    /// Nil if it has not been bundled.
    let page: ConsolePage?
    /// Where it was looked for.
    let path: String
    /// Nil if nobody has put it there.
    let graphiQL: GraphiQLPage?
    /// Where it was looked for.
    let graphiQLPath: String

    /// Reads both files. The console has a link to GraphiQL only if that is there.
    init(path: String, graphiQLPath: String) {
        let graphiQL = GraphiQLPage(contentsOf: graphiQLPath)
        let html = ConsolePage.contents(of: path)
        self.init(html, path: path, graphiQL: graphiQL, graphiQLPath: graphiQLPath)
    }

    init(_ html: [UInt8]?, path: String, graphiQL: GraphiQLPage?, graphiQLPath: String) {
        page = html.map { ConsolePage(graphiQL == nil ? $0 : ConsoleEndpoint.linked($0)) }
        self.path = path
        self.graphiQL = graphiQL
        self.graphiQLPath = graphiQLPath
    }

    /// The answer to who would read HTML; nil for everybody else, to whom this path says what it always said.
    func response(to request: borrowing HTTPRequest) -> HTTPResponse? {
        guard ConsoleEndpoint.isBrowser(request) else { return nil }
        return page?.response(to: request)
            ?? ConsoleEndpoint.missing(
                """
                This server has no console: there is no file \(path) (server.consoleFile).

                make console makes it, from the sources in Console and libraries that Debian packages. Then start the server again.
                Queries go to /graphql all the same, and /q lists the saved ones.

                """
            )
    }

    /// The same of `/graphiql`.
    func graphiQLResponse(to request: borrowing HTTPRequest) -> HTTPResponse? {
        guard ConsoleEndpoint.isBrowser(request) else { return nil }
        return graphiQL?.page.response(to: request)
            ?? ConsoleEndpoint.missing(
                """
                This server has no GraphiQL: make graphiql puts it into \(graphiQLPath) (server.graphiqlFile), for the next start.

                """
            )
    }

    private static func isBrowser(_ request: borrowing HTTPRequest) -> Bool {
        guard request.method == .get || request.method == .head else { return false }
        let ranges = MediaRange.list(request.header("accept") ?? "")
        return ranges.contains { $0.type == "text" && $0.subtype == "html" && $0.quality > 0 }
    }

    private static func missing(_ text: String) -> HTTPResponse {
        var response = HTTPResponse.text(404, text)
        // It is made a moment later, and is there then.
        response.headers.append(CacheControl.noStore)
        return response
    }

    /// The page with a link where it has a place for it.
    private static func linked(_ html: [UInt8]) -> [UInt8] {
        guard let place = html.firstRange(of: Array("<!-- GRAPHIQL -->".utf8)) else { return html }
        let link = Array(#"<a class="quiet" id="graphiql" href="/graphiql">GraphiQL</a>"#.utf8)
        return html[..<place.lowerBound] + link + html[place.upperBound...]
    }
}
