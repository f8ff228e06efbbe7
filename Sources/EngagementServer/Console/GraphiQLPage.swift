internal import Synchronization

/// GraphiQL, which is larger than all else here: hashed and packed when it is first asked for, and not at each start.
internal final class GraphiQLPage: Sendable {
    private enum State {
        case read([UInt8])
        case made(ConsolePage)
    }

    private let state: Mutex<State>

    init(_ html: [UInt8]) {
        state = Mutex(.read(html))
    }

    /// The page of a file; nil if it cannot be read.
    convenience init?(contentsOf path: String) {
        guard let html = ConsolePage.contents(of: path) else { return nil }
        self.init(html)
    }

    /// As it is sent. Whoever asks while it is made waits for it.
    var page: ConsolePage {
        state.withLock { state in
            switch state {
            case .made(let page): return page
            case .read(let html):
                let page = ConsolePage(html, hasFonts: true)
                state = .made(page)
                return page
            }
        }
    }
}
