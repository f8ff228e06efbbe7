/// A dictionary of at most so many entries. When it is full, an entry that nobody asked for since the hand last passed it
/// makes room (CLOCK): what is used again and again stays, also when a crowd of strangers passes through.
struct SecondChanceTable<Key: Hashable, Value> {
    private struct Slot {
        var key: Key
        var value: Value
        var isUsed: Bool
    }

    private let capacity: Int
    private var places: [Key: Int] = [:]
    private var slots: [Slot] = []
    private var hand = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { slots.count }

    /// Setting nil is not needed and does nothing.
    subscript(key: Key) -> Value? {
        mutating get {
            guard let place = places[key] else { return nil }
            slots[place].isUsed = true
            return slots[place].value
        }
        set {
            guard let newValue else { return }
            if let place = places[key] {
                slots[place].value = newValue
            } else if slots.count < capacity {
                places[key] = slots.count
                slots.append(Slot(key: key, value: newValue, isUsed: false))
            } else {
                let place = nextVictim()
                places[slots[place].key] = nil
                places[key] = place
                slots[place] = Slot(key: key, value: newValue, isUsed: false)
            }
        }
    }

    /// The first place from the hand on that was not used since the hand last passed it. Ends after two rounds at most: the
    /// first one takes the marks away.
    private mutating func nextVictim() -> Int {
        while true {
            let place = hand
            hand = (hand + 1) % slots.count
            guard slots[place].isUsed else { return place }
            slots[place].isUsed = false
        }
    }
}
