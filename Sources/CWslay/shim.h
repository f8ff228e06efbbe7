#ifndef ENGAGEQL_CWSLAY_SHIM_H
#define ENGAGEQL_CWSLAY_SHIM_H

#include <wslay/wslay.h>

#endif
