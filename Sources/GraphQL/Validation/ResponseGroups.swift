/// Groups fields by the name that they have in the response, in the order in which names first appear. One table serves
/// all sets, one after the other.
internal struct ResponseGroups {
    /// Fields of one response name: a chain through ``FieldMerging/Occurrence/next``.
    struct Group {
        let name: Name
        let first: Int
        fileprivate(set) var last: Int
        fileprivate(set) var count = 1
    }

    private struct Slot {
        /// Of the grouping that filled it; anything older is empty.
        var stamp: UInt32 = 0
        var group: Int32 = 0
    }

    private var groups: [Group] = []
    private var slots: [Slot]
    private var stamp: UInt32 = 0

    init(capacity: Int) {
        slots = Array(repeating: Slot(), count: Self.size(for: capacity))
        groups.reserveCapacity(min(capacity, 64))
    }

    var indices: Range<Int> { groups.indices }

    subscript(index: Int) -> Group { groups[index] }

    /// Groups a set; returns how many slots were looked at beyond one a field, which only names made to collide bring
    /// up.
    mutating func group(
        _ set: Range<Int>,
        links occurrences: inout [FieldMerging.Occurrence],
        in context: ValidationContext
    ) -> Int {
        groups.removeAll(keepingCapacity: true)
        stamp += 1
        if slots.count < set.count * 2 { slots = Array(repeating: Slot(), count: Self.size(for: set.count)) }
        let mask = slots.count - 1
        var probes = 0
        for member in set {
            let name = context.document.fields[occurrences[member].field].responseKey
            var place = Int(name.hash &* 0x9E37_79B9 >> 7) & mask
            while true {
                if slots[place].stamp != stamp {
                    slots[place] = Slot(stamp: stamp, group: Int32(groups.count))
                    groups.append(Group(name: name, first: member, last: member))
                    break
                }
                let group = Int(slots[place].group)
                if context.document.isSame(groups[group].name, name) {
                    occurrences[groups[group].last].link(to: member)
                    groups[group].last = member
                    groups[group].count += 1
                    break
                }
                place = (place + 1) & mask
                probes += 1
            }
        }
        return probes
    }

    private static func size(for count: Int) -> Int {
        var size = 16
        while size < count * 2 { size *= 2 }
        return size
    }
}
