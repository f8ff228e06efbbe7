internal import GraphQL
internal import JSON

/// The saved queries as an OpenAPI 3.1 document: one path for each query and format.
internal enum OpenAPIDocument {
    static func value(_ queries: [QueryDescription]) -> JSONValue {
        var paths: [JSONValue.Member] = [.init("/q", list)]
        for query in queries {
            paths.append(.init("/q/\(query.name)", path(query, nil)))
            paths += query.formats.map { .init("/q/\(query.name).\($0.rawValue)", path(query, $0)) }
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "EngageQL saved queries", "version": "1",
                "description": "Engagement metrics of Tweets as rows, one URL for each saved query.",
            ],
            "paths": .object(paths),
            "components": [
                "responses": ["Error": error], "schemas": ["Errors": errors],
            ],
        ]
    }

    private static func path(_ query: QueryDescription, _ format: RowFormat?) -> JSONValue {
        let parameters = query.parameters.filter(\.isPlain).map(parameter) + (format.map(RowParameters.all) ?? [])
        return [
            "get": [
                "operationId": .string("\(query.name).\(format?.rawValue ?? "response")"),
                "summary": .string(query.description.isEmpty ? query.name : query.description),
                "tags": [.string(query.name)],
                "parameters": .array(parameters),
                "responses": responses(query, format),
            ]
        ]
    }

    private static func parameter(_ parameter: QueryDescription.Parameter) -> JSONValue {
        var schema = RowSchema.value(parameter.kind, parameter.choices, isInput: true)
        if parameter.is32Bit {
            schema = schema.adding("minimum", .integer(Int64(Int32.min))).adding("maximum", .integer(Int64(Int32.max)))
        }
        if parameter.isList { schema = ["type": "array", "items": schema] }
        if let value = parameter.defaultValue { schema = schema.adding("default", value) }
        var members: [JSONValue.Member] = [
            .init("name", .string(parameter.name)), .init("in", "query"),
            .init("required", .boolean(parameter.isRequired)),
            .init("description", .string("\(parameter.type). \(parameter.hint)")),
            .init("schema", schema),
        ]
        if parameter.isList { members += [.init("style", "form"), .init("explode", .boolean(false))] }
        return .object(members)
    }

    private static func responses(_ query: QueryDescription, _ format: RowFormat?) -> JSONValue {
        let reference: JSONValue = ["$ref": "#/components/responses/Error"]
        var members: [JSONValue.Member] = [.init("200", success(query, format))]
        if format != nil {
            members.append(.init("206", ["description": "The range of bytes that was asked for."]))
        }
        members.append(.init("304", ["description": "What the client has still holds."]))
        for status in ["400", "403", "502", "504"] + (format == nil ? [] : ["416"]) {
            members.append(.init(status, reference))
        }
        return .object(members)
    }

    private static func success(_ query: QueryDescription, _ format: RowFormat?) -> JSONValue {
        let type = format.map { String($0.mediaType.prefix { $0 != ";" }) } ?? "application/json"
        let content: JSONValue
        switch (format, query.columns) {
        case (.json?, .success(let columns)): content = ["type": "array", "items": RowSchema.row(columns)]
        case (nil, _): content = ["type": "object"]
        default: content = ["type": "string"]
        }
        let description = format == nil ? "The GraphQL response." : "The rows."
        return ["description": .string(description), "content": .object([.init(type, ["schema": content])])]
    }

    private static let list: JSONValue = [
        "get": [
            "operationId": "list", "summary": "All saved queries.",
            "responses": [
                "200": [
                    "description": "Their names, parameters and columns.",
                    "content": ["application/json": ["schema": ["type": "object", "required": ["queries"]]]],
                ],
                "403": ["$ref": "#/components/responses/Error"],
            ],
        ]
    ]

    private static let error: JSONValue = [
        "description": "What is wrong, and what to do about it.",
        "content": ["application/json": ["schema": ["$ref": "#/components/schemas/Errors"]]],
    ]

    private static let errors: JSONValue = [
        "type": "object", "required": ["errors"],
        "properties": [
            "errors": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["message"], "properties": ["message": ["type": "string"]],
                ],
            ]
        ],
    ]
}

/// The parameters that every table has.
private enum RowParameters {
    static func all(_ format: RowFormat) -> [JSONValue] {
        let pages = [
            parameter(
                "limit",
                "At most so many rows; a Link header names the next page.",
                [
                    "type": "integer", "minimum": 1, "maximum": .integer(Int64(RowPage.maximumLimit)),
                ]
            )
        ]
        let plain = [
            parameter("decimal", "The decimal separator.", choice("point", "comma")),
            parameter("bom", "Whether a byte order mark stands in front.", choice("false", "true")),
            parameter("header", "Whether a line of names stands in front.", choice("true", "false")),
        ]
        let quoted = [
            parameter("quote", "What stands in quotation marks.", choice("minimal", "nonnumeric", "excel")),
            parameter("delimiter", "What stands between values.", choice("comma", "semicolon", "tab", "pipe")),
        ]
        switch format {
        case .csv: return pages + plain + quoted
        case .tsv: return pages + plain
        case .ndjson, .json: return pages
        }
    }

    private static func parameter(_ name: String, _ description: String, _ schema: JSONValue) -> JSONValue {
        ["name": .string(name), "in": "query", "description": .string(description), "schema": schema]
    }

    private static func choice(_ values: String...) -> JSONValue {
        ["type": "string", "enum": .array(values.map { .string($0) }), "default": .string(values[0])]
    }
}

/// Columns and values as JSON Schema.
private enum RowSchema {
    static func row(_ columns: RowColumns) -> JSONValue {
        let properties = columns.list.map { column in
            var schema = value(column.kind, column.choices, isInput: false)
            if let description = column.description { schema = schema.adding("description", .string(description)) }
            return JSONValue.Member(column.name, schema)
        }
        return [
            "type": "object", "properties": .object(properties),
            "required": .array(columns.list.map { .string($0.name) }),
        ]
    }

    /// - Parameter isInput: Whether it is a parameter, which may be a relative time, and not a column, which may be null.
    static func value(_ kind: RowColumn.Kind, _ choices: [String], isInput: Bool) -> JSONValue {
        if !choices.isEmpty {
            let values = choices.map { JSONValue.string($0) } + (isInput ? [] : [.null])
            return ["enum": .array(values)]
        }
        func type(_ name: JSONValue) -> JSONValue { isInput ? name : [name, "null"] }
        switch kind {
        case .boolean: return ["type": type("boolean")]
        case .integer: return ["type": type("integer")]
        case .number: return ["type": type("number")]
        case .identifier: return ["type": type("string"), "pattern": "^[1-9][0-9]{0,18}$"]
        case .dateTime: return isInput ? moment : ["type": type("string"), "format": "date-time"]
        case .date: return isInput ? moment : ["type": type("string"), "format": "date"]
        case .text: return ["type": type("string")]
        }
    }

    /// A parameter that is a time.
    private static let moment: JSONValue = [
        "anyOf": [
            ["type": "string", "format": "date-time"], ["type": "string", "format": "date"],
            ["type": "string", "pattern": "^(now|today|(now|today)?-[0-9]{1,3}[hdw])$"],
        ]
    ]
}

extension JSONValue {
    /// The object with another member.
    fileprivate func adding(_ name: String, _ value: JSONValue) -> JSONValue {
        .object((members ?? []) + [Member(name, value)])
    }
}
