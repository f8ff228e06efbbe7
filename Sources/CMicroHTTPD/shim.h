#ifndef ENGAGEQL_CMICROHTTPD_SHIM_H
#define ENGAGEQL_CMICROHTTPD_SHIM_H

#include <stdarg.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <microhttpd.h>

// A wrapper stands here only for what Swift cannot call or read: variadic functions, pointers to unions, and macros
// that are casts. One does to a socket what libmicrohttpd has no call for.

/// What a daemon is started with. The listening socket is bound by the caller, who learns the exact error that way.
struct engageql_mhd_settings {
    int listen_socket;
    unsigned int workers;
    unsigned int connection_limit;
    unsigned int connection_limit_per_address;
    unsigned int connection_timeout_seconds;
    size_t connection_memory_bytes;
    /// Given to every callback as its first argument.
    void *context;
    MHD_NotifyConnectionCallback connection_change;
    MHD_AccessHandlerCallback access_handler;
    void *(*request_line)(void *context, const char *target, struct MHD_Connection *connection);
    MHD_RequestCompletedCallback request_completed;
    size_t (*unescape)(void *context, struct MHD_Connection *connection, char *text);
};

/// A log callback takes a va_list.
static inline void engageql_mhd_discard_log(void *context, const char *format, va_list arguments) {
    (void)context;
    (void)format;
    (void)arguments;
}

/// MHD_start_daemon is variadic. Logging is off (no MHD_USE_ERROR_LOG), and should a line be printed all the same it
/// does not reach stderr.
static inline struct MHD_Daemon *engageql_mhd_start(const struct engageql_mhd_settings *settings) {
    unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE | MHD_USE_ITC;
    // A pool of one would only cost a thread that waits.
    unsigned int pool = settings->workers > 1 ? settings->workers : 0;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, settings->access_handler, settings->context,
        MHD_OPTION_EXTERNAL_LOGGER, engageql_mhd_discard_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, settings->listen_socket,
        MHD_OPTION_THREAD_POOL_SIZE, pool,
        MHD_OPTION_CONNECTION_LIMIT, settings->connection_limit,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, settings->connection_limit_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, settings->connection_timeout_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, settings->connection_memory_bytes,
        MHD_OPTION_URI_LOG_CALLBACK, settings->request_line, settings->context,
        MHD_OPTION_NOTIFY_CONNECTION, settings->connection_change, settings->context,
        MHD_OPTION_NOTIFY_COMPLETED, settings->request_completed, settings->context,
        MHD_OPTION_UNESCAPE_CALLBACK, settings->unescape, settings->context,
        MHD_OPTION_END);
}

/// The information calls are variadic too and return a pointer to a union: one wrapper for each member that is read.
static inline const struct sockaddr *engageql_mhd_client_address(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info == NULL ? NULL : info->client_addr;
}

/// What the connection callback has put aside for the connection.
static inline void *engageql_mhd_socket_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

/// How many bytes the request line and the header fields have together.
static inline size_t engageql_mhd_request_header_bytes(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info == NULL ? 0 : info->header_size;
}

/// Ends the connection with a reset. Connecting a socket to no address sends one at once, where closing it, however it
/// lingers, would come after the orderly end that libmicrohttpd sends first. What is held back goes out before.
static inline void engageql_mhd_reset(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
    const int on = 1;
    if (info == NULL) return;
    (void)setsockopt(info->connect_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)connect(info->connect_fd, &nowhere, sizeof nowhere);
}

/// MHD_set_response_options is variadic. The response ends with its connection instead of with a last chunk.
static inline enum MHD_Result engageql_mhd_forbid_chunks(struct MHD_Response *response) {
    return MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
}

/// MHD_upgrade_action is variadic. The connection is closed.
static inline void engageql_mhd_end_upgrade(struct MHD_UpgradeResponseHandle *handle) {
    (void)MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
}

/// What an epoll set knows of a descriptor is a union.
static inline int engageql_epoll_set(int epoll, int operation, int descriptor, uint32_t events, uint64_t id) {
    struct epoll_event event = {.events = events, .data = {.u64 = id}};
    return epoll_ctl(epoll, operation, descriptor, &event);
}

static inline uint64_t engageql_epoll_id(const struct epoll_event *event) {
    return event->data.u64;
}

/// What a content reader returns instead of a number of bytes.
static const ssize_t engageql_mhd_end_of_stream = MHD_CONTENT_READER_END_OF_STREAM;
static const ssize_t engageql_mhd_end_with_error = MHD_CONTENT_READER_END_WITH_ERROR;

/// The length of a body that ends when its reader says so.
static const uint64_t engageql_mhd_unknown_size = MHD_SIZE_UNKNOWN;

#endif
