/// The condition of a `$filter` (URL Conventions 4.0 §5.1.1), of the types that it was checked for.
internal indirect enum FilterExpression: Equatable, Sendable {
    case literal(ODataValue)
    /// The place of a property in its table.
    case property(Int)
    case comparison(Comparison, FilterExpression, FilterExpression)
    case isIn(FilterExpression, Set<ODataValue>)
    case call(Function, FilterExpression, FilterExpression)
    case and(FilterExpression, FilterExpression)
    case or(FilterExpression, FilterExpression)
    case not(FilterExpression)

    enum Comparison: String, CaseIterable, Sendable {
        case eq, ne, lt, le, gt, ge
    }

    enum Function: String, CaseIterable, Sendable {
        case contains, startswith, endswith
    }

    /// Whether the condition holds, where `value` says what a property is.
    func holds(_ value: (Int) -> ODataValue) -> Bool { evaluated(value) == .boolean(true) }

    /// Null is equal to null only, and neither before nor after anything (§5.1.1.1).
    private func evaluated(_ value: (Int) -> ODataValue) -> ODataValue {
        switch self {
        case .literal(let literal): return literal
        case .property(let property): return value(property)
        case .comparison(let comparison, let left, let right):
            return .boolean(comparison.holds(left.evaluated(value), right.evaluated(value)))
        case .isIn(let item, let list):
            let item = item.evaluated(value)
            // 5 and 5.0 are the same number.
            if item.kind == .number { return .boolean(list.contains { Comparison.eq.holds(item, $0) }) }
            return .boolean(list.contains(item))
        case .call(let function, let text, let part):
            guard case .text(let text) = text.evaluated(value), case .text(let part) = part.evaluated(value) else {
                return .null
            }
            return .boolean(function.holds(text, part))
        case .and(let left, let right): return .boolean(left.holds(value) && right.holds(value))
        case .or(let left, let right): return .boolean(left.holds(value) || right.holds(value))
        case .not(let inner):
            // The negation of null is null.
            guard case .boolean(let isTrue) = inner.evaluated(value) else { return .null }
            return .boolean(!isTrue)
        }
    }

    /// The conditions that all have to hold for this one to.
    var conjuncts: [FilterExpression] {
        if case .and(let left, let right) = self { return left.conjuncts + right.conjuncts }
        return [self]
    }

    /// The values that it compares with.
    var literals: [ODataValue] {
        switch self {
        case .literal(let value): [value]
        case .property: []
        case .comparison(_, let left, let right), .call(_, let left, let right), .and(let left, let right),
            .or(let left, let right):
            left.literals + right.literals
        case .isIn(let item, let list): item.literals + list
        case .not(let inner): inner.literals
        }
    }

    /// The properties that it looks at.
    var properties: Set<Int> {
        switch self {
        case .literal: []
        case .property(let property): [property]
        case .comparison(_, let left, let right), .call(_, let left, let right), .and(let left, let right),
            .or(let left, let right):
            left.properties.union(right.properties)
        case .isIn(let item, _): item.properties
        case .not(let inner): inner.properties
        }
    }
}

extension FilterExpression.Comparison {
    fileprivate func holds(_ left: ODataValue, _ right: ODataValue) -> Bool {
        guard let order = left.compared(to: right) else {
            let isSame = left == .null && right == .null
            return self == .eq ? isSame : self == .ne && !isSame
        }
        return switch self {
        case .eq: order == 0
        case .ne: order != 0
        case .lt: order < 0
        case .le: order <= 0
        case .gt: order > 0
        case .ge: order >= 0
        }
    }
}

extension FilterExpression.Function {
    fileprivate func holds(_ text: String, _ part: String) -> Bool {
        let (text, part) = (Array(text.utf8), Array(part.utf8))
        switch self {
        case .startswith: return text.starts(with: part)
        case .endswith: return text.reversed().starts(with: part.reversed())
        case .contains:
            guard part.count <= text.count else { return false }
            return (0...text.count - part.count).contains { text[$0...].starts(with: part) }
        }
    }
}
