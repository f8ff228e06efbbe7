"""How events are read, however a stream is cut into pieces (HTML Standard, server-sent events)."""

import json
import os
import shutil
import subprocess

import pytest
from conftest import ROOT

READ = """
import { serverSentEvents } from './events.mjs';
const pieces = JSON.parse(process.argv[2]);
const stream = new ReadableStream({
  start(controller) {
    for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
    controller.close();
  },
});
const events = [];
for await (const { type, data, id } of serverSentEvents(stream)) events.push([type, data, id ?? null]);
console.log(JSON.stringify(events));
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    folder = tmp_path_factory.mktemp("events")
    shutil.copy(os.path.join(ROOT, "Sources/Console/request/events.js"), folder / "events.mjs")
    (folder / "read.mjs").write_text(READ)
    return lambda pieces: json.loads(subprocess.check_output(["node", folder / "read.mjs", json.dumps(pieces)]))


@pytest.mark.parametrize(
    "pieces, events",
    [
        ([":\n\nid: a\nevent: next\ndata: {}\n\n"], [["next", "{}", "a"]]),
        (["id: a\r\nevent:next\r\ndata: {}\r\n\r\n"], [["next", "{}", "a"]]),
        (["i", "d: a\r", "\neven", "t: next\r", "data: {", "}\r\n\r", "\n"], [["next", "{}", "a"]]),
        (["data: one\ndata:  two\n\n"], [["message", "one\n two", None]]),
        (["event: complete\ndata:\n\n"], [["complete", "", None]]),
        # Where the client is, and nothing else.
        (["id: b\n\n"], [["message", None, "b"]]),
        (["event: next\n\n"], []),
        ([": data: no\n\n", "data: {}\n"], []),
        (["retry: 5\nother: 1\ndata: x\n\ndata: y\n\n"], [["message", "x", None], ["message", "y", None]]),
    ],
    ids=["as we send them", "CRLF", "pieces", "two lines", "an empty line", "a place", "no data", "a comment, and no end", "two"],
)
def test_events_are_read_as_they_were_sent(read, pieces, events):
    assert read(pieces) == events
