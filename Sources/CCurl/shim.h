#ifndef ENGAGEQL_CCURL_SHIM_H
#define ENGAGEQL_CCURL_SHIM_H

#include <curl/curl.h>

// The setters and getters of libcurl are variadic, which Swift cannot call: one wrapper for each type of value.

static inline CURLcode engageql_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode engageql_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode engageql_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode engageql_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*engageql_curl_callback)(char *, size_t, size_t, void *);

static inline CURLcode engageql_curl_set_callback(CURL *handle, CURLoption option, engageql_curl_callback value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode engageql_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode engageql_curl_get_pointer(CURL *handle, CURLINFO info, void **value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode engageql_curl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}

#endif
