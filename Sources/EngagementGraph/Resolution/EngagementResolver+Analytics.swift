internal import Engagement
internal import GraphQL

/// The fields that show no number as it was counted.
extension EngagementResolver {
    /// A field of a comparison's row.
    func compared(
        _ binding: FieldBinding,
        _ field: SelectedField,
        _ table: ComparisonTable,
        row: Int
    ) -> ResolvedValue<EngagementObject> {
        let column = Int(plan.place(ofField: field.index))
        switch binding {
        case .comparedGroup: return .string(table.group(ofRow: row).name)
        case .comparedSize: return .int(Int64(plan.selections[table.group(ofRow: row).selection].tweets.count))
        case .comparedAge: return table.comparison.hoursPerAge == nil ? .null : .int(Int64(table.age(ofRow: row)))
        case .asOf: return table.asOf(ofRow: row).map { .ascii(InlineText(UnixTime(seconds: Int64($0)))) } ?? .null
        case .compared where column >= 0: return value(table.value(plan.comparedColumns[column], ofRow: row))
        case .rate where column >= 0: return table.rate(column, ofRow: row).map { .float($0) } ?? .null
        default: return .null
        }
    }

    /// A field of a row that is made of several of its numbers.
    func derived(_ column: DerivedColumn, selection: Int, place: Int) -> ResolvedValue<EngagementObject> {
        value(rows.value(column, ofRow: place, plan.selections[selection], at: selection))
    }

    private func value(_ value: DerivedValue?) -> ResolvedValue<EngagementObject> {
        switch value {
        case .number(let number): .int(number)
        case .ratio(let ratio): .float(ratio)
        case nil: .null
        }
    }
}
