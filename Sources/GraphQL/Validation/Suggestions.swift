/// "Did you mean …?": which known names look like an unknown one.
public enum Suggestions {
    /// At most this many names are offered.
    static let maximumCount = 5

    /// The sentence with a space in front, or nothing without names. `phrase` stands before the names: "to use an
    /// inline fragment on".
    public static func sentence(_ names: [String], as phrase: String = "") -> String {
        let quoted = names.prefix(maximumCount).map { "\"\($0)\"" }
        guard let last = quoted.last else { return "" }
        let list =
            switch quoted.count {
            case 1: last
            case 2: "\(quoted[0]) or \(last)"
            default: quoted.dropLast().joined(separator: ", ") + ", or \(last)"
            }
        return " Did you mean \(phrase.isEmpty ? "" : phrase + " ")\(list)?"
    }

    /// The names that take few edits to become `unknown`, nearest first: at most two fifths of its length, and one.
    public static func near(_ unknown: String, among names: some Sequence<String>) -> [String] {
        let distance = EditDistance(to: unknown)
        var found: [(name: String, distance: Int)] = []
        for name in names {
            if let edits = distance.measure(name) { found.append((name, edits)) }
        }
        found.sort { one, other in
            one.distance != other.distance ? one.distance < other.distance : precedes(one.name, other.name)
        }
        return found.map(\.name)
    }

    /// The order of people: runs of digits compare as numbers.
    static func precedes(_ one: String, _ other: String) -> Bool {
        var rest1 = Array(one.utf8)[...]
        var rest2 = Array(other.utf8)[...]
        while let byte1 = rest1.first, let byte2 = rest2.first {
            if isDigit(byte1), isDigit(byte2) {
                let number1 = rest1.prefix(while: isDigit)
                let number2 = rest2.prefix(while: isDigit)
                let digits1 = number1.drop { $0 == UInt8(ascii: "0") }
                let digits2 = number2.drop { $0 == UInt8(ascii: "0") }
                if digits1.count != digits2.count { return digits1.count < digits2.count }
                if !digits1.elementsEqual(digits2) { return digits1.lexicographicallyPrecedes(digits2) }
                rest1 = rest1.dropFirst(number1.count)
                rest2 = rest2.dropFirst(number2.count)
            } else {
                if byte1 != byte2 { return byte1 < byte2 }
                rest1 = rest1.dropFirst()
                rest2 = rest2.dropFirst()
            }
        }
        return rest1.count < rest2.count
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}

/// The Damerau–Levenshtein distance in its restricted form: the least number of insertions, deletions, substitutions
/// and swaps of neighbours that turn one word into another. A difference in case alone counts as one edit.
private struct EditDistance {
    private let word: String
    private let lowercased: [UInt8]
    private let limit: Int

    init(to word: String) {
        self.word = word
        lowercased = Array(word.lowercased().utf8)
        limit = lowercased.count * 2 / 5 + 1
    }

    /// Nil beyond the limit.
    func measure(_ option: String) -> Int? {
        if option == word { return 0 }
        let other = Array(option.lowercased().utf8)
        if other == lowercased { return 1 }
        guard abs(other.count - lowercased.count) <= limit else { return nil }

        // Three rows of the table of prefixes: the one being filled and the two before it.
        var beforeLast = [Int](repeating: 0, count: other.count + 1)
        var last = Array(0...other.count)
        var row = last
        for i in 1..<(lowercased.count + 1) {
            row[0] = i
            var smallest = i
            for j in 1..<(other.count + 1) {
                let substitution = last[j - 1] + (lowercased[i - 1] == other[j - 1] ? 0 : 1)
                var edits = min(last[j] + 1, row[j - 1] + 1, substitution)
                if i > 1, j > 1, lowercased[i - 1] == other[j - 2], lowercased[i - 2] == other[j - 1] {
                    edits = min(edits, beforeLast[j - 2] + 1)
                }
                row[j] = edits
                smallest = min(smallest, edits)
            }
            // No later row has a smaller number.
            if smallest > limit { return nil }
            (beforeLast, last, row) = (last, row, beforeLast)
        }
        return last[other.count] <= limit ? last[other.count] : nil
    }
}
