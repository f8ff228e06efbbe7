internal import CMicroHTTPD
internal import Glibc

/// A connection of libmicrohttpd, which owns it. It is good from the first callback for a request until the one that
/// says that the request is over.
///
/// - Note: `@unchecked Sendable` holds because the only thing done from other threads is ``resume()``, which
///   libmicrohttpd allows from any, and which ``Suspension`` calls only while the connection exists.
@safe
internal struct ConnectionReference: @unchecked Sendable {
    internal let pointer: OpaquePointer

    internal init(_ pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }

    /// Takes the connection out of its worker's loop. To be called in a callback of that worker only.
    internal func suspend() {
        unsafe MHD_suspend_connection(pointer)
    }

    /// Puts the connection back into its worker's loop.
    internal func resume() {
        unsafe MHD_resume_connection(pointer)
    }

    /// Resets the connection. To be called in a callback of its worker, which has to be told next to close it.
    internal func reset() {
        unsafe engageql_mhd_reset(pointer)
    }

    // MARK: - Header

    /// Calls `body` with each header field in the order they came. The bytes live as long as the call.
    internal func forEachHeader(
        _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void
    ) {
        unsafe withoutActuallyEscaping(body) { body in
            var visitor = unsafe HeaderVisitor(body)
            unsafe withUnsafeMutablePointer(to: &visitor) { visitor in
                _ = unsafe MHD_get_connection_values_n(pointer, .HEADER_KIND, HTTPServer.visitHeader, visitor)
            }
        }
    }

    /// The values of the fields of that name, joined, or nil if there is none.
    internal func header(_ name: String) -> String? {
        var joined: String?
        var wanted = name
        wanted.withUTF8 { wanted in
            // Most of what is asked for is not there, and that is found out without a call back for each field.
            let isThere = unsafe wanted.withMemoryRebound(to: CChar.self) { wanted in
                unsafe MHD_lookup_connection_value_n(pointer, .HEADER_KIND, wanted.baseAddress, wanted.count, nil, nil)
            }
            guard isThere == .YES else { return }
            unsafe forEachHeader { found, value in
                guard unsafe HeaderFields.isSameName(found, UnsafeRawBufferPointer(wanted)) else { return }
                let text = unsafe String(decoding: value, as: UTF8.self)
                joined = joined.map { $0 + HeaderFields.separator(for: name) + text } ?? text
            }
        }
        return joined
    }

    /// All header fields.
    internal var headers: [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        unsafe forEachHeader { name, value in
            unsafe fields.append((String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
        }
        return fields
    }

    /// What the header says about the shape of the request, in one pass.
    internal func head(targetByteCount: Int, needsHost: Bool) -> Exchange.Head {
        var head = Exchange.Head()
        var hosts = 0
        head.byteCount = unsafe engageql_mhd_request_header_bytes(pointer)
        head.targetByteCount = targetByteCount
        // The length of a name tells nearly always that it is none of these.
        unsafe forEachHeader { name, value in
            switch name.count {
            case 4 where unsafe HeaderFields.isSameName(name, "Host"):
                hosts += 1
            case 6 where unsafe HeaderFields.isSameName(name, "Expect"):
                head.expectsContinue = true
            case 14 where unsafe HeaderFields.isSameName(name, "Content-Length"):
                if head.isCoded || head.contentLength != nil { head.isAmbiguous = true }
                head.contentLength = unsafe HeaderFields.number(value)
                // What is no number, or several, has a length only to the eyes of some.
                if head.contentLength == nil { head.isAmbiguous = true }
            case 17 where unsafe HeaderFields.isSameName(name, "Transfer-Encoding"):
                if head.isCoded || head.contentLength != nil { head.isAmbiguous = true }
                head.isCoded = true
                head.hasUnknownCoding = unsafe !HeaderFields.isSameName(value, "chunked")
            default: break
            }
        }
        head.lacksHost = hosts > 1 || hosts == 0 && needsHost
        return head
    }

    // MARK: - Address

    /// The numeric address of the client.
    internal var clientAddress: String? {
        guard let address = unsafe engageql_mhd_client_address(pointer) else { return nil }
        let length =
            switch unsafe Int32(address.pointee.sa_family) {
            case AF_INET: MemoryLayout<sockaddr_in>.size
            case AF_INET6: MemoryLayout<sockaddr_in6>.size
            default: 0
            }
        guard length > 0 else { return nil }
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { text -> String? in
            let code = unsafe getnameinfo(
                address,
                socklen_t(length),
                text.baseAddress,
                socklen_t(text.count),
                nil,
                0,
                NI_NUMERICHOST
            )
            guard code == 0, let start = text.baseAddress else { return nil }
            return unsafe String(cString: start)
        }
    }
}

/// What C carries to ``HTTPServer/visitHeader``: a closure that lives on the stack.
@safe
internal struct HeaderVisitor {
    internal let visit: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void

    internal init(_ visit: @escaping (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        unsafe self.visit = unsafe visit
    }
}
