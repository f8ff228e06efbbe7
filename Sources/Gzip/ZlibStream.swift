internal import CZlib

/// zlib counts in 32 bits, so longer runs are passed in pieces of this many bytes.
private let pieceLimit = 1 << 30

/// 15 bits of window, plus 16 to ask for the gzip wrapper instead of zlib's own.
private let gzipWindowBits: Int32 = 15 + 16

/// Memory for a `z_stream` at an address that stays: zlib's inner state points back at it.
@safe
private func makeStream() -> UnsafeMutablePointer<z_stream> {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    return unsafe stream
}

/// One compression; owns its zlib stream.
@safe
internal struct Deflater: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>

    internal init(level: Int) {
        unsafe stream = makeStream()
        let status = unsafe engageql_deflate_init(stream, Int32(min(max(level, 1), 9)), gzipWindowBits)
        precondition(status == Z_OK, "zlib has memory for a stream")
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// `input` as one gzip member.
    internal consuming func compress(_ input: UnsafeRawBufferPointer) -> [UInt8] {
        let stream = unsafe stream
        let bound = unsafe Int(deflateBound(stream, UInt(input.count)))
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, produced in
            var consumed = 0
            var status = Z_OK
            while status == Z_OK {
                let next = min(input.count - consumed, pieceLimit)
                let room = min(bound - produced, pieceLimit)
                unsafe stream.pointee.next_in = unsafe zlibPointer(input, offset: consumed)
                unsafe stream.pointee.avail_in = UInt32(next)
                unsafe stream.pointee.next_out = unsafe output.baseAddress.map { unsafe $0 + produced }
                unsafe stream.pointee.avail_out = UInt32(room)
                status = unsafe deflate(stream, consumed + next == input.count ? Z_FINISH : Z_NO_FLUSH)
                consumed += unsafe next - Int(stream.pointee.avail_in)
                produced += unsafe room - Int(stream.pointee.avail_out)
            }
            precondition(status == Z_STREAM_END, "the bound that zlib gives is enough")
        }
    }

    /// What zlib gives out for `input`: all of it, flushed to a whole byte, or with the end of the member behind.
    internal borrowing func compress(_ input: UnsafeRawBufferPointer, isLast: Bool) -> [UInt8] {
        let stream = unsafe stream
        var output: [UInt8] = []
        var produced = 0
        var consumed = 0
        while true {
            if output.count - produced < 64 {
                let more = max(input.count / 4, 4096)
                output.append(contentsOf: repeatElement(0, count: more))
            }
            let next = min(input.count - consumed, pieceLimit)
            let room = min(output.count - produced, pieceLimit)
            let flush = consumed + next < input.count ? Z_NO_FLUSH : (isLast ? Z_FINISH : Z_SYNC_FLUSH)
            let status = unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe stream.pointee.next_in = unsafe zlibPointer(input, offset: consumed)
                unsafe stream.pointee.avail_in = UInt32(next)
                unsafe stream.pointee.next_out = unsafe output.baseAddress.map { unsafe $0 + produced }
                unsafe stream.pointee.avail_out = UInt32(room)
                return unsafe deflate(stream, flush)
            }
            consumed += unsafe next - Int(stream.pointee.avail_in)
            produced += unsafe room - Int(stream.pointee.avail_out)
            // Room that is left says that nothing is held back.
            let isDone = isLast ? status == Z_STREAM_END : unsafe stream.pointee.avail_out > 0
            if isDone, consumed == input.count {
                output.removeLast(output.count - produced)
                return output
            }
            precondition(status == Z_OK || status == Z_BUF_ERROR, "deflating has no other failures")
        }
    }
}

/// One decompression; owns its zlib stream.
@safe
internal struct Inflater: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>

    internal init() {
        unsafe stream = makeStream()
        let status = unsafe engageql_inflate_init(stream, gzipWindowBits)
        precondition(status == Z_OK, "zlib has memory for a stream")
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// The content of all members of `input`.
    ///
    /// The output may grow one byte past the limit: that byte tells "exactly the limit" from "more".
    internal consuming func decompress(
        _ input: UnsafeRawBufferPointer,
        limit: Int
    ) throws(GzipError) -> [UInt8] {
        let ceiling = limit == Int.max ? limit : max(limit, 0) + 1
        var output: [UInt8] = []
        var produced = 0
        var consumed = 0
        while true {
            if produced == output.count {
                guard produced < ceiling else { throw .tooLarge(limit: limit) }
                let size = min(ceiling, max(produced * 2, min(input.count, pieceLimit) * 4, 4096))
                output.append(contentsOf: repeatElement(0, count: size - produced))
            }
            let next = min(input.count - consumed, pieceLimit)
            let room = min(output.count - produced, pieceLimit)
            let status = unsafe step(input, from: consumed, count: next, into: &output, at: produced, room: room)
            consumed += unsafe next - Int(stream.pointee.avail_in)
            produced += unsafe room - Int(stream.pointee.avail_out)
            guard produced <= limit else { throw .tooLarge(limit: limit) }
            switch status {
            case Z_STREAM_END:
                if consumed == input.count {
                    output.removeLast(output.count - produced)
                    return output
                }
                // zlib wants two bytes before it tells rubbish from a next member; one is enough to know.
                guard unsafe input[consumed] == Gzip.magic[0] else { throw .corrupt }
                unsafe inflateReset(stream)
            case Z_OK, Z_BUF_ERROR:
                // Neither input left nor output short of room: zlib waits for bytes that do not come.
                if consumed == input.count, produced < output.count { throw .truncated }
            default:
                throw .corrupt
            }
        }
    }

    private borrowing func step(
        _ input: UnsafeRawBufferPointer,
        from consumed: Int,
        count: Int,
        into output: inout [UInt8],
        at produced: Int,
        room: Int
    ) -> Int32 {
        let stream = unsafe stream
        return unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe stream.pointee.next_in = unsafe zlibPointer(input, offset: consumed)
            unsafe stream.pointee.avail_in = UInt32(count)
            unsafe stream.pointee.next_out = unsafe output.baseAddress.map { unsafe $0 + produced }
            unsafe stream.pointee.avail_out = UInt32(room)
            return unsafe inflate(stream, Z_NO_FLUSH)
        }
    }
}

/// zlib reads through a pointer that is not const; it does not write there.
private func zlibPointer(_ input: UnsafeRawBufferPointer, offset: Int) -> UnsafeMutablePointer<UInt8>? {
    guard let base = input.baseAddress else { return nil }
    return unsafe UnsafeMutablePointer(mutating: (base + offset).assumingMemoryBound(to: UInt8.self))
}
