internal import Synchronization

/// The headers of a response that is given again. What changes in them is for how many more seconds it holds, so they are made once a
/// second and not for each request.
internal final class RememberedHeaders: Sendable {
    typealias Fields = [(name: String, value: String)]

    private struct Made {
        let timeToLive: Int64
        let isPrivate: Bool
        let headers: Headers
    }

    struct Headers {
        /// Those that a response without its body has too.
        let own: Fields
        /// They, behind those that are about the body.
        let all: Fields
        let tag: EntityTag?
    }

    /// Those that are about the body.
    private let constant: Fields
    private let made = Mutex<Made?>(nil)

    init(_ constant: Fields) {
        self.constant = constant
    }

    /// The headers of a response that holds for so many more seconds. `make` makes those that may be others then.
    func headers(
        timeToLive: Int64,
        isPrivate: Bool,
        _ make: () -> (headers: Fields, tag: EntityTag?)
    ) -> Headers {
        if let headers = made.withLock({ made in
            made?.timeToLive == timeToLive && made?.isPrivate == isPrivate ? made?.headers : nil
        }) {
            return headers
        }
        let (own, tag) = make()
        let headers = Headers(own: own, all: constant + own, tag: tag)
        made.withLock { $0 = Made(timeToLive: timeToLive, isPrivate: isPrivate, headers: headers) }
        return headers
    }
}
