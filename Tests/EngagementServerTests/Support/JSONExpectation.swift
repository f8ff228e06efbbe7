import JSON

/// Compares JSON by its structure: members in any order, numbers by value. An expected value may be
/// `{"$startsWith": "text"}` or `{"$contains": "text"}`, for messages whose end is somebody else's.
enum JSONExpectation {
    /// What differs, each with its path; empty if nothing does.
    static func differences(_ found: JSONValue?, _ expected: JSONValue?, path: String = "") -> [String] {
        guard let found, let expected else {
            if found == nil, expected == nil { return [] }
            return [difference(path, found, expected)]
        }
        switch (found, expected) {
        case (.object(let members), .object(let wanted)):
            let names = Set(members.map(\.name)).union(wanted.map(\.name)).sorted()
            return names.flatMap { differences(found[$0], expected[$0], path: "\(path).\($0)") }
        case (.array(let elements), .array(let wanted)):
            guard elements.count == wanted.count else {
                let counts = "\(elements.count) elements, expected \(wanted.count)"
                return ["\(path): \(counts)"] + firstDifference(elements, wanted, path)
            }
            return zip(elements, wanted).enumerated().flatMap { index, pair in
                differences(pair.0, pair.1, path: "\(path)[\(index)]")
            }
        case (.string(let text), .object):
            if let start = expected["$startsWith"]?.string, text.hasPrefix(start) { return [] }
            if let part = expected["$contains"]?.string, text.contains(part) { return [] }
            return [difference(path, found, expected)]
        case (.integer(let integer), .number(let number)), (.number(let number), .integer(let integer)):
            return Double(integer) == number ? [] : [difference(path, found, expected)]
        default: return found == expected ? [] : [difference(path, found, expected)]
        }
    }

    private static func firstDifference(_ found: [JSONValue], _ expected: [JSONValue], _ path: String) -> [String] {
        zip(found, expected).enumerated().lazy
            .map { index, pair in differences(pair.0, pair.1, path: "\(path)[\(index)]") }
            .first { !$0.isEmpty } ?? []
    }

    private static func difference(_ path: String, _ found: JSONValue?, _ expected: JSONValue?) -> String {
        "\(path): \(found?.text ?? "nothing"), expected \(expected?.text ?? "nothing")"
    }
}
