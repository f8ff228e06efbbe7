/// Reads a `$filter` (URL Conventions 4.0 §5.1.1): comparisons, `in`, `and`, `or`, `not`, parentheses and functions of texts. All
/// else is refused by name, for half of a condition would be another one.
internal struct FilterParser {
    private let table: ODataTable
    private var lexer: FilterLexer
    private var token: (token: FilterToken, at: Int)?
    private var nesting = 0
    private var comparisons = 0

    private static let maximumNesting = 50
    /// A condition is as deep as it has parts, and each of them is looked at for every row.
    private static let maximumComparisons = 100
    private static let maximumChoices = 1000

    /// The condition that `text` is.
    ///
    /// - Throws: ``ODataError``: 400 for what is no condition, 501 for what is one but not here.
    static func parse(_ text: String, for table: ODataTable) throws(ODataError) -> FilterExpression {
        var parser = FilterParser(table: table, lexer: FilterLexer(text))
        try parser.advance()
        guard parser.token != nil else { throw .malformed("$filter", "$filter is empty.") }
        let expression = try parser.disjunction()
        if let rest = parser.token { throw parser.unexpected(rest) }
        return expression
    }

    private init(table: ODataTable, lexer: FilterLexer) {
        self.table = table
        self.lexer = lexer
    }

    private mutating func advance() throws(ODataError) { token = try lexer.next() }

    private func isWord(_ word: String) -> Bool { token?.token == .word(word) }

    private mutating func expect(_ wanted: FilterToken, _ name: String) throws(ODataError) {
        guard let token else { throw .malformed("$filter", "$filter ends where \(name) should stand.") }
        guard token.token == wanted else { throw unexpected(token) }
        try advance()
    }

    private func unexpected(_ token: (token: FilterToken, at: Int)) -> ODataError {
        let text =
            switch token.token {
            case .leftParenthesis: "("
            case .rightParenthesis: ")"
            case .comma: ","
            case .word(let word): String(word.prefix(40))
            case .literal: "a value"
            }
        return .malformed("$filter", "At character \(token.at) of $filter, \(text) is not expected.")
    }

    // MARK: - Conditions, from the weakest operator to the strongest

    private mutating func disjunction() throws(ODataError) -> FilterExpression {
        var left = try conjunction()
        while isWord("or") {
            try advance()
            left = .or(try condition(left), try condition(conjunction()))
        }
        return try condition(left)
    }

    private mutating func conjunction() throws(ODataError) -> FilterExpression {
        var left = try comparison()
        while isWord("and") {
            try advance()
            left = .and(try condition(left), try condition(comparison()))
        }
        return left
    }

    private mutating func comparison() throws(ODataError) -> FilterExpression {
        let left = try unary()
        guard let token, case .word(let word) = token.token else { return left }
        guard let comparison = FilterExpression.Comparison(rawValue: word) else {
            if word == "and" || word == "or" { return left }
            if FilterParser.operators.contains(word) {
                throw .unsupported("$filter", "The operator \"\(word)\" is not supported in $filter.")
            }
            throw unexpected(token)
        }
        try count()
        try advance()
        let right = try unary()
        try check(left, right)
        return .comparison(comparison, left, right)
    }

    private static let operators: Set<String> = ["has", "add", "sub", "mul", "div", "divby", "mod"]

    private mutating func membership(_ item: FilterExpression) throws(ODataError) -> FilterExpression {
        try count()
        try advance()
        try expect(.leftParenthesis, "(")
        var choices: Set<ODataValue> = []
        repeat {
            if !choices.isEmpty { try advance() }
            guard let token else { break }
            guard case .literal(let value) = token.token else { throw unexpected(token) }
            try check(item, .literal(value))
            choices.insert(value)
            guard choices.count <= FilterParser.maximumChoices else {
                throw .malformed("$filter", "A list after \"in\" has at most \(FilterParser.maximumChoices) values.")
            }
            try advance()
        } while token?.token == .comma
        try expect(.rightParenthesis, ")")
        return .isIn(item, choices)
    }

    private mutating func unary() throws(ODataError) -> FilterExpression {
        guard isWord("not") else {
            // Before "not", as a function.
            let item = try primary()
            return isWord("in") ? try membership(item) : item
        }
        try advance()
        return try nested { parser throws(ODataError) in .not(try parser.condition(parser.unary())) }
    }

    private mutating func primary() throws(ODataError) -> FilterExpression {
        guard let token else { throw .malformed("$filter", "$filter ends where a property or a value should stand.") }
        try advance()
        switch token.token {
        case .literal(let value): return .literal(value)
        case .leftParenthesis:
            let inner = try nested { parser throws(ODataError) in try parser.disjunctionOrValue() }
            try expect(.rightParenthesis, ")")
            return inner
        case .word(let word):
            if self.token?.token == .leftParenthesis { return try call(word) }
            if let property = table.property(word) { return .property(property) }
            throw unknown(word, at: token.at)
        case .rightParenthesis, .comma: throw unexpected(token)
        }
    }

    /// A value may stand in parentheses as well.
    private mutating func disjunctionOrValue() throws(ODataError) -> FilterExpression {
        let left = try conjunction()
        guard isWord("or") else { return left }
        var result = try condition(left)
        while isWord("or") {
            try advance()
            result = .or(result, try condition(conjunction()))
        }
        return result
    }

    private mutating func call(_ name: String) throws(ODataError) -> FilterExpression {
        guard let function = FilterExpression.Function(rawValue: name) else {
            let known = FilterExpression.Function.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unsupported(
                "$filter",
                "The function \"\(name.prefix(40))\" is not supported in $filter: there are \(known)."
            )
        }
        try count()
        try advance()
        return try nested { parser throws(ODataError) in
            let text = try parser.primary()
            try parser.expect(.comma, ",")
            let part = try parser.primary()
            try parser.expect(.rightParenthesis, ")")
            for argument in [text, part] { try parser.check(argument, .literal(.text(""))) }
            return .call(function, text, part)
        }
    }

    // MARK: - Checks

    private mutating func nested(
        _ body: (inout FilterParser) throws(ODataError) -> FilterExpression
    ) throws(ODataError) -> FilterExpression {
        nesting += 1
        guard nesting <= FilterParser.maximumNesting else {
            throw .malformed("$filter", "$filter is nested more than \(FilterParser.maximumNesting) deep.")
        }
        let result = try body(&self)
        nesting -= 1
        return result
    }

    private mutating func count() throws(ODataError) {
        comparisons += 1
        guard comparisons <= FilterParser.maximumComparisons else {
            throw .malformed("$filter", "$filter has more than \(FilterParser.maximumComparisons) conditions.")
        }
    }

    private func kind(_ expression: FilterExpression) -> ODataValue.Kind {
        switch expression {
        case .literal(let value): value.kind
        case .property(let property): table.properties[property].type.kind
        default: .boolean
        }
    }

    private func check(_ left: FilterExpression, _ right: FilterExpression) throws(ODataError) {
        let (leftKind, rightKind) = (kind(left), kind(right))
        guard leftKind != rightKind, leftKind != .null, rightKind != .null else { return }
        guard case .property(let property) = left else {
            guard case .property = right else {
                throw .malformed("$filter", "$filter compares \(leftKind.rawValue) with \(rightKind.rawValue).")
            }
            return try check(right, left)
        }
        let name = table.properties[property].name
        throw .malformed("$filter", "\(name) is compared with \(rightKind.rawValue), but it is \(leftKind.rawValue).")
    }

    /// `expression`, if it is true or false.
    private func condition(_ expression: FilterExpression) throws(ODataError) -> FilterExpression {
        if kind(expression) == .boolean { return expression }
        throw .malformed("$filter", "$filter has a value where a condition should stand, such as favorites gt 100.")
    }

    private func unknown(_ word: String, at position: Int) -> ODataError {
        if word.contains("/") || word.hasPrefix("$") || word.hasPrefix("@") {
            return .unsupported(
                "$filter",
                "\"\(word.prefix(40))\" is not supported in $filter: properties have no parts."
            )
        }
        let names = table.properties.map(\.name).joined(separator: ", ")
        return .malformed(
            "$filter",
            "There is no property \"\(word.prefix(40))\" (character \(position) of $filter): there are \(names)."
        )
    }
}
