internal import Bytes

/// Block strings (September 2025 §2.9.4): how their content follows from what is written, and how content is written as one.
internal enum BlockString {
    // MARK: - Reading

    /// BlockStringValue(rawValue): `\"""` becomes `"""`, the indentation that all lines but the first share is taken off, and
    /// blank lines at the start and the end are dropped. Lines end in line feeds.
    static func decode(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        let lines = splitLines(unescape(raw))
        let filled = lines.indices.filter { indentation(of: lines[$0]) < lines[$0].count }
        guard let first = filled.first, let last = filled.last else { return [] }
        let common = filled.filter { $0 > 0 }.map { indentation(of: lines[$0]) }.min() ?? 0
        var content: [UInt8] = []
        content.reserveCapacity(raw.count)
        for index in first...last {
            if index > first { content.append(ASCII.lineFeed) }
            content += index == 0 ? lines[index] : lines[index].dropFirst(common)
        }
        return content
    }

    private static func unescape(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(raw.count)
        var index = raw.startIndex
        while index < raw.endIndex {
            // The lexer ends the string at three marks, so that three marks inside have a backslash in front.
            if raw[index] == ASCII.backslash, raw[index...].dropFirst().starts(with: tripleMark) { index += 1 }
            text.append(raw[index])
            index += 1
        }
        return text
    }

    private static let tripleMark = [UInt8](repeating: ASCII.quotationMark, count: 3)

    /// Lines by LineTerminator (§2.1.2).
    private static func splitLines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            guard byte == ASCII.lineFeed || byte == ASCII.carriageReturn else { continue }
            lines.append(text[start..<index - 1])
            if byte == ASCII.carriageReturn, index < text.count, text[index] == ASCII.lineFeed { index += 1 }
            start = index
        }
        lines.append(text[start...])
        return lines
    }

    private static func indentation(of line: ArraySlice<UInt8>) -> Int {
        line.prefix { $0 == ASCII.space || $0 == ASCII.tab }.count
    }

    // MARK: - Writing

    /// The content as a block string, its lines not yet indented: on lines of its own unless it is one short line, so laid out
    /// that reading it gives the content back.
    static func encode(_ content: String) -> String {
        let escaped = replaceTripleMarks(content)
        let lines = escaped.split(separator: "\n", omittingEmptySubsequences: false)
        let isSingleLine = lines.count == 1
        // With all other lines indented, the first has to be kept from counting as the margin.
        let needsLineInFront = !isSingleLine && lines.dropFirst().allSatisfy { $0.isEmpty || startsWithSpace($0) }
        let endsInTripleMark = escaped.hasSuffix("\\\"\"\"")
        let needsLineBehind = content.hasSuffix("\"") && !endsInTripleMark || content.hasSuffix("\\")
        let isSpread =
            !isSingleLine || content.utf16.count > 70 || needsLineBehind || needsLineInFront || endsInTripleMark
        // A line in front would make white space at the start of a single line part of the margin.
        let keepsFirstLine = isSingleLine && startsWithSpace(lines[0])
        let front = isSpread && !keepsFirstLine || needsLineInFront ? "\n" : ""
        let back = isSpread || needsLineBehind ? "\n" : ""
        return "\"\"\"" + front + escaped + back + "\"\"\""
    }

    private static func startsWithSpace(_ line: Substring) -> Bool {
        line.utf8.first == ASCII.space || line.utf8.first == ASCII.tab
    }

    private static func replaceTripleMarks(_ content: String) -> String {
        var escaped: [UInt8] = []
        let bytes = Array(content.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: tripleMark) {
                escaped.append(ASCII.backslash)
                escaped += tripleMark
                index += 3
            } else {
                escaped.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    /// Whether the content survives being written as a block string: no control characters, no blank line at the start or the
    /// end, no indentation that all lines share.
    static func canHold(_ content: String) -> Bool {
        if content.isEmpty { return true }
        var lineIsEmpty = true
        var lineIsIndented = false
        var allIndented = true
        var hasFilledLine = false
        for byte in content.utf8 {
            switch byte {
            case ASCII.lineFeed:
                if lineIsEmpty && !hasFilledLine { return false }
                hasFilledLine = true
                lineIsEmpty = true
                lineIsIndented = false
            case ASCII.tab, ASCII.space: lineIsIndented = lineIsIndented || lineIsEmpty
            case 0x00...0x0F: return false
            default:
                allIndented = allIndented && lineIsIndented
                lineIsEmpty = false
            }
        }
        return !lineIsEmpty && !(allIndented && hasFilledLine)
    }
}
