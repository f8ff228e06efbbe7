public import Engagement

/// Which cells a field shows: a part of the table of one of the plan's needs.
public struct FieldCells: Sendable {
    /// Response keys from the root, without the indices of lists.
    public let path: [String]
    /// The place of the need among ``EngagementPlan/needs``.
    public let need: Int
    /// The places of the field's Tweets among the need's.
    public let rows: [Int]
    public let types: EngagementTypeSet
}

extension EngagementPlan {
    /// The cells of each field that shows metrics, in the order of the operation.
    public var fieldCells: [FieldCells] {
        selections.map { selection in
            FieldCells(
                path: selection.path.keys,
                need: selection.need,
                rows: selection.places?.map { Int($0) } ?? Array(needs[selection.need].tweets.indices),
                types: selection.types
            )
        }
    }
}
