/// A dictionary that is bounded by the cost of its entries. When it is full, entries that nobody used since the hand last
/// passed them make room (CLOCK): what is used again and again stays, also when a crowd of strangers passes through.
internal struct SecondChanceCache<Key: Hashable, Value> {
    private struct Entry {
        let value: Value
        let cost: Int
        let slot: Int
        var isUsed: Bool
    }

    private let maximumCost: Int
    private var entries: [Key: Entry] = [:]
    /// The keys in the order in which they are swept; nil where one was removed.
    private var slots: [Key?] = []
    private var freeSlots: [Int] = []
    private var hand = 0
    private(set) var cost = 0

    init(maximumCost: Int) {
        self.maximumCost = maximumCost
    }

    var count: Int { entries.count }

    /// The value of `key`, which counts as used.
    mutating func value(for key: Key) -> Value? {
        guard let index = entries.index(forKey: key) else { return nil }
        entries.values[index].isUsed = true
        return entries.values[index].value
    }

    /// Keeps a value, in place of one that the key has, if it can fit at all.
    mutating func insert(_ value: Value, for key: Key, cost: Int) {
        remove(key)
        guard cost <= maximumCost else { return }
        while self.cost + cost > maximumCost, evictOne() {}
        let slot = freeSlots.popLast() ?? slots.count
        if slot == slots.count { slots.append(key) } else { slots[slot] = key }
        entries[key] = Entry(value: value, cost: cost, slot: slot, isUsed: false)
        self.cost += cost
    }

    mutating func remove(_ key: Key) {
        guard let entry = entries.removeValue(forKey: key) else { return }
        slots[entry.slot] = nil
        freeSlots.append(entry.slot)
        cost -= entry.cost
    }

    /// Removes the first entry from the hand on that was not used since the hand last passed it. Ends after two rounds at
    /// most: the first one takes the marks away.
    private mutating func evictOne() -> Bool {
        guard !entries.isEmpty else { return false }
        while true {
            let place = hand
            hand = (hand + 1) % slots.count
            guard let key = slots[place], let index = entries.index(forKey: key) else { continue }
            guard entries.values[index].isUsed else {
                remove(key)
                return true
            }
            entries.values[index].isUsed = false
        }
    }
}
