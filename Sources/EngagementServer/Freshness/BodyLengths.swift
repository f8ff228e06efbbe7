internal import Synchronization

/// How long the bodies of responses were, by their tags: a 304 must say the length of the body that it stands for, or none at
/// all (RFC 9110 §8.6), and libmicrohttpd says one always.
internal final class BodyLengths: Sendable {
    private static let capacity = 8192

    private struct Known {
        var lengths: [EntityTag: Int] = [:]
        /// The tags in a ring: the oldest is forgotten first.
        var order: [EntityTag] = []
        var next = 0
    }

    private let known = Mutex(Known())

    subscript(tag: EntityTag) -> Int? { known.withLock { $0.lengths[tag] } }

    func note(_ length: Int, of tag: EntityTag) {
        known.withLock { known in
            guard known.lengths.updateValue(length, forKey: tag) == nil else { return }
            if known.order.count < BodyLengths.capacity {
                known.order.append(tag)
            } else {
                known.lengths[known.order[known.next]] = nil
                known.order[known.next] = tag
                known.next = (known.next + 1) % BodyLengths.capacity
            }
        }
    }
}
