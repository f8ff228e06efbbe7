internal import CCurl

/// One request under way and the owner of its easy handle. Lives and dies on the driving thread, in whose calls of libcurl
/// the callbacks run.
@safe
internal final class CurlTransfer {
    let id: UInt64
    /// By the clock of the loop.
    let deadline: Int64
    let continuation: CheckedContinuation<Result<TransportResponse, TransportError>, Never>
    let handle: UnsafeMutableRawPointer

    /// The address of the handle, to find the transfer by.
    var key: UInt { unsafe UInt(bitPattern: handle) }

    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>
    private var unsent: ArraySlice<UInt8>
    private let maximumBytes: Int
    private var head = ResponseHead()
    private var body: [UInt8] = []
    private var isTooLarge = false

    /// A transfer that is ready to be added to a multi handle.
    ///
    /// - Throws: ``TransportError/Code/invalidRequest``.
    init(
        _ job: CurlJob,
        _ configuration: CurlTransport.Configuration,
        deadline: Int64
    ) throws(TransportError) {
        guard let handle = unsafe curl_easy_init() else { preconditionFailure("libcurl has memory for a handle") }
        id = job.id
        self.deadline = deadline
        continuation = job.continuation
        unsafe self.handle = unsafe handle
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        unsent = job.request.body[...]
        maximumBytes = max(0, job.request.maximumResponseBytes)
        try prepare(job.request)
        prepare(configuration, milliseconds: job.milliseconds)
        prepareCallbacks()
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(headerList)
        unsafe errorText.deallocate()
    }

    /// What came of the transfer, by libcurl's own verdict.
    func result(_ status: CURLcode) -> Result<TransportResponse, TransportError> {
        if isTooLarge || status == CURLE_FILESIZE_EXCEEDED {
            return .failure(TransportError(.responseTooLarge, "the response has more than \(maximumBytes) bytes"))
        }
        guard status == CURLE_OK else {
            let detail = unsafe String(cString: errorText)
            let reason = detail.isEmpty ? unsafe String(cString: curl_easy_strerror(status)) : detail
            return .failure(TransportError(TransportError.Code(status), reason))
        }
        // libcurl takes a head that a closed connection cut off for a whole response without a body.
        guard head.isComplete else {
            return .failure(TransportError(.connectionLost, "the connection was closed in the head of the response"))
        }
        var code = 0
        unsafe engageql_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &code)
        return .success(TransportResponse(status: code, headers: head.fields, body: body))
    }
}

// MARK: - Options

extension CurlTransfer {
    private func prepare(_ request: TransportRequest) throws(TransportError) {
        guard RequestURL(request.url) != nil else {
            throw TransportError(.invalidRequest, "the address is not one of http or https")
        }
        // A line break in a header would begin another header.
        let texts = [request.method] + request.headers.flatMap { [$0.name, $0.value] }
        guard texts.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }) else {
            throw TransportError(.invalidRequest, "a header has a control character")
        }
        set(CURLOPT_URL, request.url)
        set(CURLOPT_CUSTOMREQUEST, request.method)
        set(CURLOPT_POST, 1)
        unsafe engageql_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
        // Waiting for "100 Continue" would cost a round trip.
        for line in request.headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
            guard let list = unsafe curl_slist_append(headerList, line) else {
                preconditionFailure("libcurl has memory for a header")
            }
            unsafe headerList = unsafe list
        }
        unsafe engageql_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headerList)
        unsafe engageql_curl_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(maximumBytes))
    }

    private func prepare(_ configuration: CurlTransport.Configuration, milliseconds: Int64) {
        set(CURLOPT_NOSIGNAL, 1)
        // A transfer that ends while its name is looked up does not wait for the name server: all others would wait with it.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_HTTP_CONTENT_DECODING, 0)
        set(CURLOPT_HTTP09_ALLOWED, 0)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        set(CURLOPT_PIPEWAIT, 1)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_TIMEOUT_MS, Int(max(1, milliseconds)))
        set(CURLOPT_CONNECTTIMEOUT_MS, max(1, configuration.connectTimeoutMilliseconds))
        set(CURLOPT_LOW_SPEED_TIME, max(0, configuration.lowSpeedSeconds))
        set(CURLOPT_LOW_SPEED_LIMIT, max(0, configuration.lowSpeedBytesPerSecond))
        set(CURLOPT_USERAGENT, configuration.userAgent)
        if let file = configuration.certificateAuthorityFile { set(CURLOPT_CAINFO, file) }
        switch configuration.proxy {
        case .environment: break
        case .direct: set(CURLOPT_PROXY, "")
        case .address(let address): set(CURLOPT_PROXY, address.reveal())
        }
    }

    private func set(_ option: CURLoption, _ value: Int) {
        let status = unsafe engageql_curl_set_long(handle, option, value)
        precondition(status == CURLE_OK, "libcurl knows option \(option.rawValue)")
    }

    private func set(_ option: CURLoption, _ value: String) {
        let status = unsafe engageql_curl_set_string(handle, option, value)
        precondition(status == CURLE_OK, "libcurl knows option \(option.rawValue)")
    }
}

// MARK: - Callbacks

extension CurlTransfer {
    /// The callbacks are one line each. The pointer to this object is not retained: the handle that holds it is freed in
    /// `deinit`.
    private func prepareCallbacks() {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe engageql_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
        // A body that is read cannot be read again: libcurl would send a request a second time by itself if a connection
        // that was kept breaks, and a signature is good for one (dossier §9).
        unsafe engageql_curl_set_pointer(handle, CURLOPT_READDATA, context)
        unsafe engageql_curl_set_callback(handle, CURLOPT_READFUNCTION) { room, size, count, context in
            unsafe CurlTransfer.at(context).send(
                into: UnsafeMutableRawBufferPointer(start: room, count: size * count)
            )
        }
        unsafe engageql_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        unsafe engageql_curl_set_callback(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            unsafe CurlTransfer.at(context).receive(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        unsafe engageql_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        unsafe engageql_curl_set_callback(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            unsafe CurlTransfer.at(context).receive(header: UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> CurlTransfer {
        guard let context = unsafe context else { preconditionFailure("libcurl hands back the pointer it was given") }
        return unsafe Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Returns how many bytes of the request's body were put into `room`; 0 at its end.
    private func send(into room: UnsafeMutableRawBufferPointer) -> Int {
        let part = unsent.prefix(room.count)
        unsafe room.copyBytes(from: part)
        unsent.removeFirst(part.count)
        return part.count
    }

    /// Returns how many bytes were taken; anything but all of them ends the transfer.
    private func receive(body bytes: UnsafeRawBufferPointer) -> Int {
        guard body.count + bytes.count <= maximumBytes else {
            isTooLarge = true
            return 0
        }
        unsafe body.append(contentsOf: bytes)
        return bytes.count
    }

    private func receive(header bytes: UnsafeRawBufferPointer) -> Int {
        guard head.take(unsafe String(decoding: bytes, as: UTF8.self)) else {
            isTooLarge = true
            return 0
        }
        return bytes.count
    }
}

/// The header fields of a response, line by line.
internal struct ResponseHead {
    private(set) var fields: [HTTPHeader] = []
    /// Whether the empty line has come.
    private(set) var isComplete = false
    private var bytes = 0

    /// Far more than any server sends with good reason.
    private static let maximumBytes = 64 * 1024

    /// Takes a line with its line break. Returns false if the head is too large.
    ///
    /// A status line begins anew, since an interim response (1xx) may come first; fields behind the empty line are
    /// trailers and ignored.
    mutating func take(_ line: String) -> Bool {
        bytes += line.utf8.count
        guard bytes <= ResponseHead.maximumBytes else { return false }
        let line = line.prefix { !$0.isNewline }
        if line.hasPrefix("HTTP/") {
            fields = []
            isComplete = false
        } else if line.isEmpty {
            isComplete = true
        } else if !isComplete, let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...]
            fields.append(HTTPHeader(String(line[..<colon]), ResponseHead.trimmed(value)))
        }
        return true
    }

    private static func trimmed(_ value: Substring) -> String {
        let start = value.drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return String(start[...last])
    }
}

extension TransportError.Code {
    /// The kind of failure that libcurl's code stands for.
    internal init(_ status: CURLcode) {
        switch status {
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_USE_SSL_FAILED:
            self = .tlsFailed
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM,
            CURLE_SEND_FAIL_REWIND:
            self = .connectionLost
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: self = .invalidResponse
        case CURLE_URL_MALFORMAT: self = .invalidRequest
        default: self = .connectionFailed
        }
    }
}
