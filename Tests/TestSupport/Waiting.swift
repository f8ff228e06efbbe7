internal import Foundation

/// Runs blocking work on a thread of its own, so that it takes none of those that tasks run on. What fails in it is told of
/// the test that asked, since the work stays part of the test's task.
@discardableResult
public func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withTaskExecutorPreference(ThreadExecutor()) { try await run(body) }
}

private nonisolated func run<Result: Sendable>(_ body: @Sendable () throws -> Result) async throws -> Result {
    try body()
}

/// Starts a thread for each piece of a task.
private final class ThreadExecutor: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        startThread {
            unsafe job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}

/// Waits on a plain thread until `condition` holds; false after five minutes, which no healthy server needs. On a slow machine
/// a task may have to wait until all tests that came before it have had their turn.
public func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<60_000 {
        if condition() { return true }
        Thread.sleep(forTimeInterval: 0.005)
    }
    return condition()
}

/// Waits in a task until `condition` holds, as ``eventually(_:)`` does on a thread.
///
/// - Throws: ``NeverCame``, with the line that waits.
public func until(
    isolation: isolated (any Actor)? = #isolation,
    file: String = #fileID,
    line: Int = #line,
    _ condition: () async throws -> Bool
) async throws {
    let patience = ContinuousClock.now + .seconds(300)
    while try await !condition() {
        guard ContinuousClock.now < patience else { throw NeverCame(place: "\(file):\(line)") }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// What was waited for did not come.
public struct NeverCame: Error {
    /// The line that waited for it.
    public let place: String
}
