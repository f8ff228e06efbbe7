#ifndef ENGAGEQL_CHIREDIS_SHIM_H
#define ENGAGEQL_CHIREDIS_SHIM_H

#include <hiredis/hiredis.h>

// A reply announces how many elements it has before it sends one, and hiredis reserves memory for all of them. These bound the
// number; before version 1.0, which has a field for it, by a function of ours in front of that of hiredis.

#define ENGAGEQL_REDIS_MAXIMUM_ELEMENTS 100000

#if HIREDIS_MAJOR < 1
static inline void *engageql_redis_create_array(const redisReadTask *task, int elements) {
    redisReplyObjectFunctions *functions = (redisReplyObjectFunctions *)task->privdata;
    return elements > ENGAGEQL_REDIS_MAXIMUM_ELEMENTS ? NULL : functions->createArray(task, elements);
}
#endif

// `functions` must live as long as the context.
static inline void engageql_redis_limit_elements(redisContext *context, redisReplyObjectFunctions *functions) {
#if HIREDIS_MAJOR < 1
    *functions = *context->reader->fn;
    functions->createArray = engageql_redis_create_array;
    context->reader->privdata = context->reader->fn;
    context->reader->fn = functions;
#else
    context->reader->maxelements = ENGAGEQL_REDIS_MAXIMUM_ELEMENTS;
#endif
}

#endif
