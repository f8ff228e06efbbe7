"""The console of a server with keys: the browser asks for one, keeps it, and the page notices nothing."""

import os
import re
import subprocess

import pytest
from conftest import ROOT, opened

# Made by `engageql key new`, for these tests alone.
KEY = "eql_293abb6b76d7791c0732cc517d38c4b5c734b87f327131ca"
CONFIGURATION = """
keys:
  - name: browser
    hash: sha256:4b39c1ee44c429e08fffe9d578ed8937cf2e586ccd2c90b69c983b71657378c5
    account: acme
    may: [lists]
"""


@pytest.fixture
def address(request, tmp_path):
    """Of a server that listens beyond this machine, and knows one key."""
    file = tmp_path / "engageql.yaml"
    file.write_text(CONFIGURATION)
    process = subprocess.Popen(
        [
            os.path.join(ROOT, request.config.getoption("--server")),
            *["serve", "--sandbox", "--host", "0.0.0.0", "--port", "0", "--data", str(tmp_path / "data"), "--config", str(file)],
        ],
        cwd=ROOT,
        env=os.environ | {"ENGAGEQL_LOG_LEVEL": "critical"},
        stdout=subprocess.PIPE,
        text=True,
    )
    yield "http://127.0.0.1:" + re.search(r":(\d+)\n", process.stdout.readline()).group(1)
    process.terminate()
    process.wait(30)


def test_without_a_key_there_is_no_page(browser, address):
    browser.get(f"{address}/")
    assert "<title>EngageQL" not in browser.page_source


def test_with_one_it_works_as_ever(request, browser, address):
    # What the browser's dialog does, which no driver can fill in: the key is kept for all of the site.
    browser.get(f"{address.replace('//', f'//anybody:{KEY}@')}/openapi.json")
    for page in opened(request, browser, address):
        page.has_schema()
        page.write('{ totals(tweetIds: ["2116802420536246272"]) { tweetId impressions } }')
        page.run()
        totals = ask(page, '{ totals(tweetIds: ["2116802420536246272"]) { impressions } }')["data"]["totals"]
        assert totals[0]["impressions"] > 0
        # A page of our own may change what its key may.
        saved = ask(page, 'mutation { saveList(name: "mine", tweetIds: ["12"]) { account } }')
        assert saved == {"data": {"saveList": {"account": "acme"}}}


def ask(page, query):
    """What the page's own requests are answered."""
    request = "{method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({query: arguments[0]})}"
    return page.script(f"return fetch('/graphql', {request}).then((response) => response.json())", query)
