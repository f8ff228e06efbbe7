# What failed in a log of the suite, and which tests had begun and were not over. Some dozens of each are enough to go by.

BEGIN { most = 50 }

# The name in the line, which ends where `rest` begins.
function name(rest) {
  sub(/^.*(◇|✔|✘|⚠) Test /, "")
  sub(rest, "")
  return $0
}

/^✘ / && failed++ < most { print $0 }
/^◇ Test .* started\.$/ && !/^◇ Test (run|case) / { under_way[name(" started\\.$")]++ }
# Not only at the beginning of a line: a case may have an argument that ends in the middle of one.
/(✔|✘|⚠) Test .* (passed|failed) after / { under_way[name("( with [0-9]+ test cases?)? (passed|failed) after .*$")]-- }

END {
  for (test in under_way) if (under_way[test] > 0) {
    if (!unfinished++) print "Begun and not over:"
    if (unfinished <= most) print "  " test
  }
  if (unfinished > most) print "  and " unfinished - most " more"
}
