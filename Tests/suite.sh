#!/usr/bin/env bash
# Runs the suite. At the end stands what failed and, if it did not come to its end, what had begun and was not over.
#
#   Tests/suite.sh [options of `swift test`]
set -uo pipefail
cd "$(dirname "$0")/.."

# Without a bound all tests begin at once: thousands of servers, clients and threads that wait for one another.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH="${TESTS_AT_A_TIME:-8}"
# The suite takes three minutes on two cores. What takes so much longer waits for something that does not come.
limit="${SUITE_MINUTES:-15}m"

log=.build/suite.log
# An interrupt ends the tests as well as what runs them. Lines that wait in a buffer would be lost with it.
timeout --signal=INT --kill-after=1m "$limit" stdbuf -oL swift test --skip-build "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
if [ "$status" != 0 ]; then
  [ "$status" != 124 ] && [ "$status" != 137 ] || echo "The suite was ended after ${limit}."
  echo "In short:"
  awk -f Tests/verdict.awk "$log"
fi
exit "$status"
