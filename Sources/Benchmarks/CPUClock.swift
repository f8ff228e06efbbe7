import Glibc

/// Nanoseconds of processor time.
///
/// Time on the clock of the wall is shared with whatever else runs on the machine; processor time is not.
enum CPUClock {
    /// What all threads of this process have used.
    static var process: Int64 { read(CLOCK_PROCESS_CPUTIME_ID) }

    /// What the calling thread has used.
    static var thread: Int64 { read(CLOCK_THREAD_CPUTIME_ID) }

    /// The clock of the wall, from some moment in the past.
    static var wall: Int64 { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
