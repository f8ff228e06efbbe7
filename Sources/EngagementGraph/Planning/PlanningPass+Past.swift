internal import Engagement
internal import GraphQL

/// The arguments of fields that ask for the past.
extension PlanningPass {
    /// The moments of the past that a field needs lifetime counts of; nil for all others.
    func moments(
        of field: SelectedField,
        _ binding: FieldBinding?,
        _ growth: GrowthColumns?
    ) throws(PlanningError) -> [UnixTime]? {
        if let growth { return growth.moments }
        guard binding == .totals, let asOf = UnixTime(operation.argument("asOf", of: field)) else { return nil }
        guard asOf <= now else {
            throw PlanningError(
                .invalidAsOf,
                "asOf \(asOf.iso8601) lies in the future: it is now \(now.iso8601). Without it, totals are as of now."
            )
        }
        return [asOf]
    }

    /// What rows of growth show, if that is what the field has.
    func growth(
        of field: SelectedField,
        _ binding: FieldBinding?,
        _ order: [RowOrder],
        _ buckets: TimeBuckets
    ) -> GrowthColumns? {
        guard binding == .growth else { return nil }
        let isGainSelected = operation.children(of: field).contains { child in
            guard operation[child].role == .resolved else { return false }
            if case .gained = schema.binding(of: operation[child].field) { return true }
            return false
        }
        return GrowthColumns(buckets.spans, showsGains: isGainSelected || order.contains { $0.field.isGain })
    }
}

/// What a field of growth needs to know besides its buckets.
internal struct GrowthColumns: Sendable {
    /// Where the buckets begin, and after that where the last one ends.
    let moments: [UnixTime]
    /// Whether its rows show what was gained in a bucket, and not only what the counts were at its end.
    let showsGains: Bool

    init(_ spans: [HourWindow], showsGains: Bool) {
        moments = (spans.first.map { [$0.start.start] } ?? []) + spans.map(\.end.start)
        self.showsGains = showsGains
    }
}

extension TimeBuckets {
    /// The same buckets of a table that has one cell for each of them.
    var asSteps: TimeBuckets {
        TimeBuckets(bucketOf: spans.indices.map { Int32($0) }, hourOfDay: [], spans: spans, dates: dates)
    }
}
