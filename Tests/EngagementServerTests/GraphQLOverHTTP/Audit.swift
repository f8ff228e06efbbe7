import TestSupport

/// One audit of the suite that is widely used for GraphQL over HTTP: its identifier there, the request, what must come of it.
///
/// The list is that of the draft of 2025. What is a MAY or a SHOULD there is a must here.
struct Audit {
    let id: String
    let title: String
    let probe: Probe
    let expectation: Expectation

    enum Expectation {
        case status(ClosedRange<Int>)
        /// Status 200 under a media type.
        case mediaType(String)
        /// Status 200 and a body that is UTF-8.
        case utf8
        /// Status 200 and no errors.
        case noErrors
        /// No `data`.
        case noData
    }

    private init(_ id: String, _ title: String, _ probe: Probe, _ expectation: Expectation = .status(200...200)) {
        self.id = id
        self.title = title
        self.probe = probe
        self.expectation = expectation
    }

    /// What is wrong with a response; nil if nothing is.
    func problem(with response: RawClient.Response) -> String? {
        let isRight: Bool
        switch expectation {
        case .status(let statuses): isRight = statuses.contains(response.status)
        case .mediaType(let type): isRight = response.status == 200 && response.contentType.contains(type)
        case .utf8: isRight = response.status == 200 && String(validating: response.body, as: UTF8.self) != nil
        case .noErrors: isRight = response.status == 200 && response.data == .present && response.errorCount == 0
        case .noData: isRight = response.data == .absent && response.errorCount > 0
        }
        return isRight ? nil : "\(id) \(title): \(response.status) \(response.contentType) \(response.text)"
    }
}

extension Audit {
    static let all: [Audit] =
        mediaTypes + methods + parameterTypes + parameters + urlParameters + failuresInJSON + failuresInGraphQLResponse

    private static let typename = "{'query':'{ __typename }'}"
    private static let named = "{'query':'query Query { __typename }','operationName':'Query'}"
    private static let typeByName =
        "{'query':'query Type($name: String!) { __type(name: $name) { name } }','variables':{'name':'sometype'}}"
    private static let unknownField = "{'query':'{ 8f31403dfe404bccbb0e835f2629c6a7 }'}"
    private static let nullVariable = "{'query':'query CoerceFailure($id: ID!){ __typename }','variables':{'id':null}}"

    private static let mediaTypes = [
        Audit(
            "22EB",
            "graphql-response+json is answered by its name",
            .request(typename, accept: Probe.graphqlResponse),
            .mediaType(Probe.graphqlResponse)
        ),
        Audit("4655", "so is JSON", .request(typename, accept: Probe.json), .mediaType(Probe.json)),
        Audit("47DE", "anything is JSON", .request(typename, accept: "*/*"), .mediaType(Probe.json)),
        Audit("80D8", "nothing is JSON", .request(typename), .mediaType(Probe.json)),
        Audit("82A3", "responses are UTF-8", .request(typename), .utf8),
        Audit(
            "BF61",
            "requests may say that they are UTF-8",
            .post(
                #"{"query":"{ __type(name: \"Run🏃Swim🏊\") { name } }"}"#,
                contentType: "application/json; charset=utf-8"
            )
        ),
        Audit("78D5", "and are, if they do not", .request(typename)),
    ]

    private static let methods = [
        Audit("2C94", "POST is answered", .request(typename)),
        Audit("5A70", "GET is answered", .get([(name: "query", value: "{ __typename }")])),
        Audit(
            "9C48",
            "GET does not execute mutations",
            .get([(name: "query", value: "mutation { __typename }")], accept: Probe.graphqlResponse),
            .status(400...499)
        ),
        Audit("9ABE", "POST has a content type", .post("", contentType: nil), .status(400...499)),
        Audit("03D4", "POST may be JSON", .request(typename)),
        Audit("A5BF", "POST has a body", .post(""), .status(400...400)),
    ]

    private static let parameterTypes: [Audit] = {
        let notText = ["{'obj':'ect'}", "0", "false", "['array']"]
        let notMap = ["'string'", "0", "false", "['array']"]
        let families: [(id: String, name: String, values: [String])] = [
            ("LKJ", "query", notText), ("6C0", "operationName", notText),
            ("476", "variables", notMap), ("58B", "extensions", notMap),
        ]
        return families.flatMap { family in
            family.values.enumerated().map { index, value in
                let query = family.name == "query" ? "" : "'query':'{ __typename }',"
                let probe = Probe.request("{\(query)'\(family.name)':\(value)}")
                return Audit("\(family.id)\(index)", "\(value) is no \(family.name)", probe, .status(400...400))
            }
        }
    }()

    private static let parameters: [Audit] = {
        let nulls = ["variables", "operationName", "extensions"].enumerated().flatMap { index, name in
            let request = "{'query':'{ __typename }','\(name)':null}"
            return [
                Audit("94B\(index)", "null is no \(name)", .request(request, accept: Probe.graphqlResponse), .noErrors),
                Audit("022\(index)", "also in JSON", .request(request, accept: Probe.json), .noErrors),
            ]
        }
        let extended = "{'query':'{ __typename }','extensions':{'some':'value'}}"
        return nulls + [
            Audit(
                "423L",
                "a request has a query",
                .request("{'notquery':'{ __typename }'}", accept: Probe.graphqlResponse),
                .status(400...400)
            ),
            Audit("34A2", "which is a text", .request(typename, accept: Probe.graphqlResponse)),
            Audit("13EE", "also in JSON", .request(typename, accept: Probe.json), .noErrors),
            Audit("8161", "it may name an operation", .request(named, accept: Probe.graphqlResponse)),
            Audit("B8B3", "also in JSON", .request(named, accept: Probe.json), .noErrors),
            Audit("2EA1", "it may have variables", .request(typeByName, accept: Probe.graphqlResponse)),
            Audit("28B9", "also in JSON", .request(typeByName, accept: Probe.json), .noErrors),
            Audit("428F", "it may have extensions", .request(extended, accept: Probe.graphqlResponse)),
            Audit("1B7A", "also in JSON", .request(extended, accept: Probe.json), .noErrors),
        ]
    }()

    private static let urlParameters: [Audit] = {
        let items = [
            (name: "query", value: "query Type($name: String!) { __type(name: $name) { name } }"),
            (name: "variables", value: #"{"name":"sometype"}"#),
        ]
        return [
            Audit("D6D5", "a URL may have variables", .get(items, accept: Probe.graphqlResponse)),
            Audit("6A70", "also in JSON", .get(items, accept: Probe.json), .noErrors),
        ]
    }()

    private static let failuresInJSON = [
        Audit("B6DC", "what is no JSON is the client's fault", .post(#"{ "not a JSON"#), .status(400...499)),
        Audit("BCF8", "and has a status for it", .post(#"{ "not a JSON"#), .status(400...400)),
        Audit("8764", "so is a misspelt query", .request("{'qeury':'{ __typename }'}"), .status(400...599)),
        Audit("3E3A", "and has a status for it", .request("{'qeury':'{ __typename }'}"), .status(400...400)),
        Audit("572B", "what cannot be parsed is 200 in JSON", .request("{'query':'{'}", accept: Probe.json)),
        Audit("FDE2", "so is what is not valid", .request(unknownField, accept: Probe.json)),
        Audit("7B9B", "so are variables that do not fit", .request(nullVariable, accept: Probe.json)),
    ]

    private static let failuresInGraphQLResponse: [Audit] = {
        func failing(_ text: String) -> Probe { .request(text, accept: Probe.graphqlResponse) }
        return [
            Audit("865D", "what cannot be parsed is an error", failing("{'query':'{'}"), .status(400...599)),
            Audit("556A", "400, to be exact", failing("{'query':'{'}"), .status(400...400)),
            Audit("D586", "without data", failing("{'query':'{'}"), .noData),
            Audit("51FE", "what is not valid is an error", failing(unknownField), .status(400...599)),
            Audit("74FF", "400, to be exact", failing(unknownField), .status(400...400)),
            Audit("5E5B", "without data", failing(unknownField), .noData),
            Audit("86EE", "so are variables that do not fit", failing(nullVariable), .status(400...400)),
        ]
    }()
}
