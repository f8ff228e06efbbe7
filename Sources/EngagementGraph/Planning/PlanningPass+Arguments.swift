internal import Engagement
internal import GraphQL

/// What the arguments of fields say.
extension PlanningPass {
    func ids(of argument: String, _ field: SelectedField) -> [TweetID] {
        guard case .list(let values) = operation.argument(argument, of: field) else { return [] }
        return values.compactMap(TweetID.init)
    }

    func grouping(of field: SelectedField) -> [Dimension] {
        guard case .list(let values) = operation.argument("groupBy", of: field) else { return [] }
        return values.compactMap { value in
            if case .enumeration(let name) = value { Dimension(rawValue: name) } else { nil }
        }
    }

    func first(of field: SelectedField) throws(PlanningError) -> Int? {
        guard case .int(let first) = operation.argument("first", of: field) else { return nil }
        guard first >= 0 else {
            throw PlanningError(.invalidFirst, "first is \(first): it is the number of rows wanted, 0 or more.")
        }
        return Int(first)
    }

    func orders(of field: SelectedField) -> [RowOrder] {
        guard case .list(let values) = operation.argument("orderBy", of: field) else { return [] }
        return values.compactMap(RowOrder.init)
    }
}
