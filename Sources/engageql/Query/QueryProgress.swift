/// How far a question is, on one line of standard error that is written over: rows that are there, of how many; and before the
/// first of them calls that have been made, as far as the server can tell.
actor QueryProgress {
    private let write: (@Sendable (String) -> Void)?
    private let forecast: (@Sendable () async -> Int?)?
    private var hasLine = false
    private var isOver = false
    private var task: Task<Void, Never>?
    private var rows: (done: Int, total: Int)?
    /// Calls that were to be made when it was asked first.
    private var calls: Int?

    /// - Parameters:
    ///   - write: Puts text on a terminal; nil to show nothing.
    ///   - forecast: Asks how many calls are still to be made.
    init(write: (@Sendable (String) -> Void)?, forecast: (@Sendable () async -> Int?)?) {
        self.write = write
        self.forecast = forecast
    }

    /// Begins to watch. What is over in a second shows nothing.
    func begin() {
        guard write != nil, task == nil else { return }
        task = Task { [weak self] in
            var seconds = 0
            while (try? await Task.sleep(for: .seconds(1))) != nil, let self {
                seconds += 1
                await self.tick(seconds)
            }
        }
    }

    /// So many rows are there.
    func note(rows done: Int, of total: Int) {
        rows = (done, total)
        if hasLine || done < total { show(line) }
    }

    /// Takes the line away, so that something else can be written.
    func clear() {
        guard hasLine else { return }
        hasLine = false
        write?("\r\u{1B}[K")
    }

    func end() {
        isOver = true
        task?.cancel()
        clear()
    }

    /// Shows how far it is after so many seconds.
    func tick(_ seconds: Int) async {
        guard rows == nil else { return show(line) }
        let left = await forecast?()
        guard rows == nil, !isOver else { return }
        guard let left, max(left, calls ?? 0) > 0 else {
            return show("waiting for \(seconds) s")
        }
        let all = max(left, calls ?? 0)
        calls = all
        show("\(all - left) of \(all) calls")
    }

    private var line: String {
        rows.map { "\(NumberText.grouped(Int64($0.done))) of \(NumberText.grouped(Int64($0.total))) rows" } ?? ""
    }

    private func show(_ text: String) {
        guard let write, !isOver else { return }
        hasLine = true
        write("\r\u{1B}[K\(text)")
    }
}
