internal import Glibc

/// Where the time comes from: the machine's clock in a server, a clock turned by hand in a test.
public typealias TimeSource = @Sendable () -> UnixTime

extension UnixTime {
    /// The time of the machine's clock.
    public static func now() -> UnixTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UnixTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
