internal import CMicroHTTPD
internal import Glibc

/// What libmicrohttpd gives with a socket: the socket, which it goes on owning, and what ends the connection.
///
/// - Note: `@unchecked Sendable` holds because libmicrohttpd lets any thread end an upgraded connection, once, and
///   ``UpgradedConnection`` does so under its lock.
@safe
internal struct UpgradeHandle: @unchecked Sendable {
    internal let socket: Int32
    private let pointer: OpaquePointer

    /// How much the system holds beyond what is on its way. More would only be older when it arrives.
    private static let unsentBytes: Int32 = 64 * 1024

    internal init(_ pointer: OpaquePointer, socket: Int32) {
        unsafe self.pointer = unsafe pointer
        self.socket = socket
    }

    /// Small messages leave at once, and what the other end does not take is not piled up.
    internal func tune() {
        set(TCP_NODELAY, 1)
        set(TCP_NOTSENT_LOWAT, UpgradeHandle.unsentBytes)
    }

    /// Gives the connection back, to be closed.
    internal func end() { unsafe engageql_mhd_end_upgrade(pointer) }

    private func set(_ option: Int32, _ value: Int32) {
        var value = value
        _ = unsafe setsockopt(socket, Int32(IPPROTO_TCP), option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
