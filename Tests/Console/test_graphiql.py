"""GraphiQL in place of the console, where `make graphiql` has put it."""

import base64
import json
import os
import urllib.error
import urllib.request
import zlib

import pytest
from conftest import ROOT
from page import Keys

FILE = os.path.join(ROOT, ".build-graphiql", "graphiql.html")
needs_graphiql = pytest.mark.skipif(not os.path.exists(FILE), reason="GraphiQL is not there: make graphiql could not get it")
EDITOR = ".graphiql-query-editor .CodeMirror"


@pytest.mark.settings(ENGAGEQL_SERVER_GRAPHIQL_FILE="/nothing/here.html")
def test_without_it_nothing_links_to_it_and_its_path_says_how_to_get_it(page_of_own_server, own_server):
    assert page_of_own_server.all("#graphiql") == []
    request = urllib.request.Request(f"{own_server.url}/graphiql", headers={"Accept": "text/html"})
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request)
    assert error.value.code == 404
    assert "make graphiql" in error.value.read().decode()


@needs_graphiql
def test_it_takes_the_query_along_and_runs_it(page, server):
    page.requests()
    take_along(page, '{ tweet(id: "1260294888811347969") { totals { favorites } } }')
    page.find(".graphiql-execute-button").click()
    page.wait(lambda: "17111" in answer(page), "the answer")
    asked = [each for each in page.requests() if not each.startswith(("data:", "blob:", "about:"))]
    assert [each for each in asked if not each.startswith(server.url + "/")] == []


@needs_graphiql
@pytest.mark.settings(ENGAGEQL_LIVE_LEAST_SECONDS="1")
def test_it_follows_a_subscription_until_it_is_stopped(page_of_own_server, own_server):
    page = page_of_own_server
    own_server.set_tweet("5", favorites=100)
    take_along(page, 'subscription { totals(tweetIds: ["5"], everySeconds: 1) @fresh(maxAge: 1) { favorites } }')
    page.find(".graphiql-execute-button").click()
    page.wait(lambda: '"favorites": 100' in answer(page), "the first event")
    own_server.set_tweet("5", favorites=130)
    page.wait(lambda: '"favorites": 130' in answer(page), "the second event")
    page.find(".graphiql-execute-button").click()
    page.wait(lambda: "Execute" in page.find(".graphiql-execute-button").get_attribute("aria-label"), "the end")


@needs_graphiql
def test_completion_knows_the_schema(page):
    page.browser.get(f"{page.url}/graphiql")
    page.wait(lambda: written(page), "the editor")
    page.script(f"const e = document.querySelector('{EDITOR}').CodeMirror; e.setValue('{{ totals(tweetIds: [1]) {{ fav'); e.focus(); e.setCursor(0, 99)")

    def completed():
        page.press((Keys.CONTROL, " "))
        return "favorites" in (written(page) or "") or "favorites" in page.text(".CodeMirror-hint")

    # Until it has the schema it has nothing to offer.
    page.wait(completed, "completion")


def take_along(page, query):
    """From the console to GraphiQL, with this in its editor."""
    page.write(query)
    page.wait(lambda: linked(page) == query, "the link")
    page.find("#graphiql").click()
    page.wait(lambda: written(page) == query and page.all(".graphiql-execute-button"), "the query")


def linked(page):
    """The query that the link to GraphiQL brings."""
    _, _, code = page.find("#graphiql").get_attribute("href").partition("#q=")
    return code and json.loads(zlib.decompress(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)), wbits=-15))["query"]


def written(page):
    return page.script(f"return document.querySelector('{EDITOR}')?.CodeMirror?.getValue()")


def answer(page):
    return page.script("return document.querySelector('.result-window .CodeMirror')?.CodeMirror?.getValue()") or ""
