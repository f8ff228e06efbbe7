/// The errors found so far, and what the document may still cost.
internal struct ValidationReport {
    private struct Finding {
        let message: String
        let offsets: [UInt32]
    }

    private var findings: [Finding] = []
    private var startOfRule = 0
    private var stepsLeft: Int
    private let maximumErrors: Int

    /// Whether enough is known: nothing is added any more.
    private(set) var isAborted = false

    /// An error names no more places than this. Only documents made to hurt have more, and they shall not get an answer
    /// that is larger than the question.
    static let maximumLocations = 64

    init(options: ValidationOptions) {
        stepsLeft = options.maximumSteps
        maximumErrors = options.maximumErrors
    }

    /// Adds an error. The message is made only if there is room.
    mutating func add(_ message: @autoclosure () -> String, at offsets: UInt32...) {
        add(message(), at: offsets)
    }

    mutating func add(_ message: @autoclosure () -> String, at offsets: [UInt32]) {
        guard !isAborted else { return }
        guard findings.count < maximumErrors else {
            return abort("Too many validation errors, error limit reached. Validation aborted.")
        }
        findings.append(Finding(message: message(), offsets: Array(offsets.prefix(Self.maximumLocations))))
    }

    /// Takes steps off the budget; false once it is used up, and the document is refused.
    mutating func spend(_ steps: Int) -> Bool {
        stepsLeft -= steps
        if stepsLeft < 0, !isAborted {
            abort("The fragments of the document multiply into too many selections. Validation aborted.")
        }
        return !isAborted
    }

    /// How many steps are left, for tests that count.
    var remainingSteps: Int { stepsLeft }

    /// Puts what the last rule found in the order of the document: nodes lie children first in their arrays.
    mutating func endRule() {
        if findings.count - startOfRule > 1 {
            let end = isAborted ? findings.count - 1 : findings.count
            // Sorting is not promised to be stable, so the position decides between equal offsets.
            let sorted = findings[startOfRule..<end].enumerated().sorted { one, other in
                (one.element.offsets.first ?? 0, one.offset) < (other.element.offsets.first ?? 0, other.offset)
            }
            findings.replaceSubrange(startOfRule..<end, with: sorted.map(\.element))
        }
        startOfRule = findings.count
    }

    /// What was found, with lines and columns.
    func errors(in document: Document) -> [GraphQLError] {
        guard !findings.isEmpty else { return [] }
        let locations = Self.locations(of: findings.flatMap(\.offsets), in: document.source.bytes)
        return findings.map { finding in
            GraphQLError(finding.message, locations: finding.offsets.compactMap { locations[$0] })
        }
    }

    private mutating func abort(_ message: String) {
        findings.append(Finding(message: message, offsets: []))
        isAborted = true
    }

    /// Lines and columns of all offsets in one pass over the text, so that many errors in a long line stay cheap.
    private static func locations(of offsets: [UInt32], in bytes: [UInt8]) -> [UInt32: SourceLocation] {
        var locations: [UInt32: SourceLocation] = [:]
        // A byte order mark at the start takes no column.
        var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var line = 1
        var column = 1
        for offset in offsets.sorted() {
            while position < Int(offset), position < bytes.count {
                let byte = bytes[position]
                let isCarriageReturnOfPair =
                    byte == UInt8(ascii: "\r") && position + 1 < bytes.count
                    && bytes[position + 1] == UInt8(ascii: "\n")
                if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") && !isCarriageReturnOfPair {
                    line += 1
                    column = 1
                } else if byte & 0b1100_0000 != 0b1000_0000 {
                    // Bytes inside a code point do not count.
                    column += 1
                }
                position += 1
            }
            locations[offset] = SourceLocation(line: line, column: column)
        }
        return locations
    }
}
