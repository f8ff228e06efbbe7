internal import Engagement
internal import GraphQL

/// A field of a row that shows no number as it was counted, but one that is made of several.
internal enum DerivedColumn: Equatable, Sendable {
    /// All that was counted from the first row along time up to this one. Of the row's own type if it has none (`count`).
    case runningTotal(EngagementType?)
    /// By how much a number is more than in the row before along time.
    case change(EngagementType?)
    /// One number for each of another; the place among ``MetricSelection/rates``.
    case rate(Int)
}

/// `rate(of:per:times:)`: so many of one type for each, or each thousand, of another.
internal struct RateColumn: Equatable, Sendable {
    let of: EngagementType
    let per: EngagementType
    let times: Int

    /// What has to be known for it.
    var types: EngagementTypeSet { EngagementTypeSet([of, per]) }

    /// - Throws: ``PlanningError`` with ``PlanningError/Code/invalidRate`` for types that the rows do not have.
    func check(_ family: MetricFamily) throws(PlanningError) {
        let offered: EngagementTypeSet = family == .totals ? .totals : .series
        if let foreign = types.subtracting(offered).types.first {
            let rows = family == .totals ? "Lifetime counts" : "Counts over time"
            throw PlanningError(.invalidRate, "\(rows) have no \(foreign.enumName), so there is no rate of it.")
        }
        guard times > 0 else {
            throw PlanningError(.invalidRate, "times is \(times): it is 1 or more, such as 1000 for each thousand.")
        }
    }
}

/// The fields below a field with metrics that are made of several numbers.
internal struct DerivedColumns: Sendable {
    /// By the place of the field in the operation.
    var columns: [(field: Int, column: DerivedColumn)] = []
    var rates: [RateColumn] = []

    /// Whether one of them goes along time.
    var followTime: Bool {
        columns.contains { entry in
            if case .rate = entry.column { false } else { true }
        }
    }

    init(_ field: SelectedField, in operation: Operation, _ schema: EngagementSchema) {
        for index in operation.children(of: field) {
            let child = operation[index]
            guard child.role == .resolved, operation.argumentFailure(of: child) == nil,
                let binding = schema.binding(of: child.field)
            else { continue }
            switch binding {
            case .rate:
                guard let rate = RateColumn(child, in: operation) else { continue }
                let place = rates.firstIndex(of: rate) ?? rates.count
                if place == rates.count { rates.append(rate) }
                columns.append((index, .rate(place)))
            case .metric(let type): addValue(of: type, index, operation)
            case .count: addValue(of: nil, index, operation)
            default: continue
            }
        }
    }

    /// What the rates need in the short form.
    var types: EngagementTypeSet { rates.reduce(into: []) { $0.formUnion($1.types) } }

    private mutating func addValue(of type: EngagementType?, _ index: Int, _ operation: Operation) {
        guard case .enumeration(let name) = operation.argument("as", of: operation[index]) else { return }
        switch name {
        case "RUNNING_TOTAL": columns.append((index, .runningTotal(type)))
        case "CHANGE": columns.append((index, .change(type)))
        default: return
        }
    }
}

extension RateColumn {
    internal init?(_ field: SelectedField, in operation: Operation) {
        guard case .enumeration(let of) = operation.argument("of", of: field),
            case .enumeration(let per) = operation.argument("per", of: field),
            case .int(let times) = operation.argument("times", of: field),
            let of = EngagementType(enumName: of), let per = EngagementType(enumName: per)
        else { return nil }
        self.init(of: of, per: per, times: Int(times))
    }
}
