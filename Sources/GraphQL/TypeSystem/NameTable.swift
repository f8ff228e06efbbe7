/// All names of a schema in one open-addressing table, so that finding a field costs one probe and no string.
///
/// The key is a name and the space it belongs to: the types, the fields of one type, the arguments of one field, and so on.
internal struct NameTable: Sendable {
    /// What a name is looked up in.
    enum Space {
        case types
        case directives
        case fields(TypeID)
        case arguments(FieldID)
        case directiveArguments(Int)
        case inputFields(TypeID)
        case enumValues(TypeID)

        /// A number that no other space has: kind in the low bits.
        var code: UInt32 {
            switch self {
            case .types: 0
            case .directives: 1
            case .fields(let type): UInt32(bitPattern: type.index) << 3 | 2
            case .arguments(let field): UInt32(bitPattern: field.index) << 3 | 3
            case .directiveArguments(let directive): UInt32(truncatingIfNeeded: directive) << 3 | 4
            case .inputFields(let type): UInt32(bitPattern: type.index) << 3 | 5
            case .enumValues(let type): UInt32(bitPattern: type.index) << 3 | 6
            }
        }
    }

    private struct Slot {
        var space: UInt32
        var hash: UInt32
        /// The name's bytes in `text`.
        var start: UInt32
        var length: UInt32
        /// What was found; negative for an empty slot.
        var value: Int32
    }

    private var slots: [Slot]
    private var text: [UInt8] = []
    private var count = 0

    init(capacity: Int = 256) {
        var size = 64
        while size < capacity * 2 { size *= 2 }
        slots = Array(repeating: NameTable.emptySlot, count: size)
    }

    /// Adds a name; false if the space has it already.
    mutating func insert(_ name: String, in space: Space, value: Int) -> Bool {
        if count * 2 >= slots.count { grow() }
        let bytes = Array(name.utf8)
        let hash = NameHash.of(name)
        let place = self.place(of: bytes[...], hash: hash, space: space.code)
        guard slots[place].value < 0 else { return false }
        slots[place] = Slot(
            space: space.code,
            hash: hash,
            start: UInt32(text.count),
            length: UInt32(bytes.count),
            value: Int32(value)
        )
        text += bytes
        count += 1
        return true
    }

    func find(_ name: Name, of source: Source, in space: Space) -> Int? {
        let slot = slots[place(of: source.bytes[name.range], hash: name.hash, space: space.code)]
        return slot.value < 0 ? nil : Int(slot.value)
    }

    func find(_ name: String, in space: Space) -> Int? {
        let slot = slots[place(of: Array(name.utf8)[...], hash: NameHash.of(name), space: space.code)]
        return slot.value < 0 ? nil : Int(slot.value)
    }

    /// The slot that holds the name, or the empty one where it would go. At least half of the slots are empty.
    private func place(of name: ArraySlice<UInt8>, hash: UInt32, space: UInt32) -> Int {
        let mask = slots.count &- 1
        var place = Int(truncatingIfNeeded: (hash ^ space &* 0x9E37_79B9) &* 0x85EB_CA6B >> 4) & mask
        while true {
            let slot = slots[place]
            if slot.value < 0 { return place }
            if slot.hash == hash, slot.space == space, Int(slot.length) == name.count {
                let start = Int(slot.start)
                if text[start..<start + name.count].elementsEqual(name) { return place }
            }
            place = (place &+ 1) & mask
        }
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: NameTable.emptySlot, count: old.count * 2)
        for slot in old where slot.value >= 0 {
            let start = Int(slot.start)
            let name = text[start..<start + Int(slot.length)]
            slots[place(of: name, hash: slot.hash, space: slot.space)] = slot
        }
    }

    private static let emptySlot = Slot(space: 0, hash: 0, start: 0, length: 0, value: -1)
}
