internal import Bytes
internal import GraphQL
internal import JSON
internal import MicroHTTP

/// What a person sees at `/q` and `/q/<name>`: a page that needs nothing but itself, with a form for each query.
internal enum QueryPage {
    /// Whether an `Accept` header names HTML before anything else that we have: that of a browser's address bar does.
    static func isPreferred(_ accept: String?) -> Bool {
        guard let accept else { return false }
        var best = (isPage: false, quality: 0.0)
        for range in MediaRange.list(accept) where range.quality > best.quality {
            best = (range.type == "text" && range.subtype == "html", range.quality)
        }
        return best.isPage
    }

    /// The list of all.
    static func response(listing queries: [QueryDescription]) -> HTTPResponse {
        let items = queries.map { query in
            "<li><a href=\"/q/\(query.name)\">\(escape(query.name))</a> \(escape(query.description))</li>"
        }
        let none = "<p>There are none: put a query into config/queries, in a file that ends in .graphql.</p>"
        return page("Saved queries", items.isEmpty ? none : "<ul>\(items.joined())</ul>" + footer)
    }

    /// One query, with what it is asked with.
    static func response(_ query: QueryDescription) -> HTTPResponse {
        let fields = query.parameters.filter(\.isPlain).map(field)
        var body = "<p>\(escape(query.description))</p><form method=\"get\">\(fields.joined())<p>"
        for format in query.formats {
            let name = format.rawValue
            body += "<button formaction=\"/q/\(query.name).\(name)\">\(name.uppercased())</button> "
        }
        body += "<button formaction=\"/q/\(query.name)\">GraphQL response</button></p></form>"
        switch query.columns {
        case .success(let columns):
            let rows = columns.list.map { column in
                "<tr><td><code>\(escape(column.name))</code></td><td>\(escape(column.description ?? ""))</td></tr>"
            }
            body += "<h2>Columns</h2><table>\(rows.joined())</table>"
        case .failure(let error): body += "<p>\(escape(error.message))</p>"
        }
        return page(query.name, body + footer)
    }

    // MARK: - Parts

    private static let footer = "<p><a href=\"/q\">All saved queries</a> · <a href=\"/openapi.json\">OpenAPI</a></p>"

    private static func field(_ parameter: QueryDescription.Parameter) -> String {
        let name = escape(parameter.name)
        let required = parameter.isRequired ? " required" : ""
        let control: String
        if parameter.choices.isEmpty || parameter.isList {
            let hint = parameter.choices.isEmpty ? parameter.hint : parameter.choices.joined(separator: ",")
            let value = text(parameter.defaultValue).map { " value=\"\(escape($0))\"" } ?? ""
            control = "<input id=\"\(name)\" name=\"\(name)\" placeholder=\"\(escape(hint))\"\(value)\(required)>"
        } else {
            let options = parameter.choices.map { choice in
                let isDefault = parameter.defaultValue?.string == choice
                return "<option\(isDefault ? " selected" : "")>\(escape(choice))</option>"
            }
            let none = parameter.isRequired || parameter.defaultValue != nil ? "" : "<option></option>"
            control = "<select id=\"\(name)\" name=\"\(name)\">\(none)\(options.joined())</select>"
        }
        return "<p><label for=\"\(name)\">\(name) <small>\(escape(parameter.type))</small></label>\(control)</p>"
    }

    /// A default, as it is written in a URL.
    private static func text(_ value: JSONValue?) -> String? {
        guard let value, value != .null else { return nil }
        if let elements = value.array { return elements.compactMap(text).joined(separator: ",") }
        if let text = value.string { return text }
        var buffer = ByteBuffer()
        buffer.append(json: value)
        return buffer.freeze().text
    }

    private static func page(_ title: String, _ body: String) -> HTTPResponse {
        let html = """
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(escape(title))</title><style>\(style)</style><main><h1>\(escape(title))</h1>\(body)</main></html>
            """
        return HTTPResponse(status: 200, headers: headers, body: .bytes(ByteString(html)))
    }

    private static let style = """
        :root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem 1rem}main{max-width:46rem;margin:auto}\
        label{display:block;font-weight:600}small{font-weight:400;opacity:.7}input,select{font:inherit;width:100%;\
        box-sizing:border-box;padding:.4rem}button{font:inherit;padding:.4rem .8rem}td{padding:.2rem 1rem .2rem 0;\
        vertical-align:top;border-top:1px solid #8884}
        """

    private static let headers = [
        (name: "Content-Type", value: "text/html; charset=utf-8"),
        // Nothing but the style above: no script runs here, whatever a file's comment says.
        (name: "Content-Security-Policy", value: "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"),
        (name: "X-Content-Type-Options", value: "nosniff"),
    ]

    private static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
