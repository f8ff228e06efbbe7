public import Bytes

/// Any JSON value as a tree: for what is small and has no fixed shape, such as error extensions. Members keep their order.
public indirect enum JSONValue: Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A name and its value.
    public struct Member: Equatable, Sendable {
        public let name: String
        public let value: JSONValue

        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

extension JSONValue {
    /// The value of the last member of that name, or nil if this is no object or has none.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The element at that index, or nil if this is no array or is shorter.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The text of a string, or nil for every other kind.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The value of an integer, or nil for every other kind.
    public var integer: Int64? {
        guard case .integer(let value) = self else { return nil }
        return value
    }

    /// The elements of an array, or nil for every other kind.
    public var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object in their order, or nil for every other kind.
    public var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// Reads one whole JSON text.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        var reader = JSONReader(bytes)
        self = try reader.readValue()
        try reader.readEnd()
    }
}

extension JSONReader {
    /// Consumes any value. A number is an integer if it is written as one and fits 64 bits.
    public mutating func readValue() throws(JSONError) -> JSONValue {
        switch try peek() {
        case .null:
            _ = try readNullIfPresent()
            return .null
        case .boolean: return .boolean(try readBoolean())
        case .string: return .string(try readString())
        case .number:
            let text = String(decoding: try readNumber(), as: UTF8.self)
            if let integer = Int64(text) { return .integer(integer) }
            return .number(Double(text) ?? .infinity)
        case .array:
            var elements: [JSONValue] = []
            try readStructure { (reader: inout JSONReader) in
                try reader.readArray { reader in elements.append(try reader.readValue()) }
            }
            return .array(elements)
        case .object:
            var members: [JSONValue.Member] = []
            try readStructure { (reader: inout JSONReader) in
                try reader.readObject { name, reader in
                    members.append(JSONValue.Member(name, try reader.readValue()))
                }
            }
            return .object(members)
        }
    }

    /// Narrows the untyped error of a structure whose body throws nothing but JSON errors.
    private mutating func readStructure(_ body: (inout JSONReader) throws -> Void) throws(JSONError) {
        do {
            try body(&self)
        } catch let error as JSONError {
            throw error
        } catch {
            preconditionFailure("reading a value throws nothing but JSON errors")
        }
    }
}

extension ByteBuffer {
    /// Appends `value` without white space.
    public mutating func append(json value: JSONValue) {
        switch value {
        case .null: append("null")
        case .boolean(let value): append(jsonBoolean: value)
        case .integer(let value): append(decimal: value)
        case .number(let value): append(jsonNumber: value)
        case .string(let text): append(jsonString: text)
        case .array(let elements):
            append(ASCII.leftBracket)
            for (index, element) in elements.enumerated() {
                if index > 0 { append(ASCII.comma) }
                append(json: element)
            }
            append(ASCII.rightBracket)
        case .object(let members):
            append(ASCII.leftBrace)
            for (index, member) in members.enumerated() {
                if index > 0 { append(ASCII.comma) }
                append(jsonString: member.name)
                append(ASCII.colon)
                append(json: member.value)
            }
            append(ASCII.rightBrace)
        }
    }
}
