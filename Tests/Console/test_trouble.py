"""What people see when something is wrong, or might be."""

import base64
import zlib

import pytest
from page import Keys


def test_what_the_server_refuses_is_said_with_its_place(page):
    page.has_schema()
    page.write("{ totals(tweetIds: [1]) { nothing } }")
    page.run()
    assert "Refused" in page.text("#summary")
    assert 'Cannot query field "nothing"' in page.text(".notice.error")
    page.find(".notice .link").click()
    assert page.script("return document.querySelector('#query .CodeMirror').CodeMirror.getCursor().ch") == 26


def test_an_ill_upstream_is_said_with_what_to_do(page_of_own_server, own_server):
    page = page_of_own_server
    own_server.set_faults({"fault": "503"})
    page.choose("Impressions by day of three Tweets")
    page.run()
    assert page.texts("#summary .fact")[0] == "Numbers are missing"
    assert "cache" not in page.text("#summary") and "stale" not in page.text("#summary")
    assert "UPSTREAM_UNAVAILABLE" in page.text(".notice.error")
    assert "Run again in a moment" in page.text(".notice.error")
    page.look_at("Table")
    assert {row[2] for row in page.rows()} == {"–\nunknown: " + page.texts(".notice.error p")[0]}
    # What is not known is not drawn as 0.
    page.look_at("Chart")
    assert "nothing to draw" in page.text("#views")
    for _ in range(5):
        page.run()
    page.wait(lambda: "The Engagement API fails" in page.text("#health-chip"), "the health")


def test_a_server_that_is_gone_is_said(page_of_own_server, own_server):
    page = page_of_own_server
    page.has_schema()
    query = page.query
    own_server.stop()
    page.run()
    assert "The server does not answer." in page.text(".notice.error")
    assert page.query == query
    page.wait(lambda: "No connection" in page.text("#health-chip"), "the health")


def fragment(text):
    packer = zlib.compressobj(wbits=-15)
    return "#q=" + base64.urlsafe_b64encode(packer.compress(text.encode()) + packer.flush()).decode().rstrip("=")


@pytest.mark.parametrize(
    "link, reason",
    [
        ("#q=AAAA", ""),
        (fragment("[]"), "there is no query in it"),
        (fragment('{"query": 1}'), "there is no query in it"),
        # A small link that would fill the memory.
        (fragment('{"query": "' + "#" * 50_000_000 + '"}'), "it is too long"),
    ],
    ids=["no packing", "no object", "no text", "a bomb"],
)
def test_a_damaged_link_is_said(page, link, reason):
    page.open(link)
    page.wait(lambda: f"The link is damaged: {reason}" in page.text("#toast"), "the message")


@pytest.mark.settings(ENGAGEQL_SERVER_DEADLINE_SECONDS="300")
def test_who_waits_is_told_and_may_stop(page_of_own_server, own_server):
    page = page_of_own_server
    own_server.set_faults({"fault": "delay", "milliseconds": 300_000})
    page.find("#run").click()
    page.wait(lambda: "Asking the Engagement API" in page.text("#summary"), "the remark")
    assert page.text("#run") == "Stop"
    page.find("#run").click()
    page.wait(lambda: "Stopped." in page.text("#notices"), "the end")
    assert page.text("#run") == "Run"


@pytest.mark.settings(ENGAGEQL_GRAPHQL_INTROSPECTION="false")
def test_without_a_schema_queries_are_answered_all_the_same(page_of_own_server):
    page = page_of_own_server
    page.choose("Impressions by day of three Tweets")
    page.find("[data-panel=schema]").click()
    page.wait(lambda: "There is no schema" in page.text("#drawer"), "the reason")
    page.press(Keys.ESCAPE)
    page.run()
    (chart,) = page.charts()
    assert chart["kind"] == "line" and len(chart["series"]) == 3


def test_a_mutation_asks_before_it_is_run(page_of_own_server):
    page = page_of_own_server
    page.has_schema()
    page.write('mutation { purge(tweetIds: ["1260294888811347969"]) { isDurable } }')
    page.requests()
    page.find("#run").click()
    page.wait(lambda: page.all("dialog[open]"), "the question")
    page.press(Keys.ESCAPE)
    page.wait(lambda: not page.all("dialog"), "the end of the question")
    assert not [each for each in page.requests() if each.endswith("/graphql")]
    page.find("#run").click()
    page.wait(lambda: page.all("dialog .primary"), "the question")
    page.find("dialog .primary").click()
    page.answered()
    page.look_at("JSON")
    assert page.json["data"]["purge"]["isDurable"] is True
