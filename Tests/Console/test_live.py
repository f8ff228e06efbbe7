"""Subscriptions: numbers as they come, a lost connection, and the way to stop."""

import json
import re
import subprocess

import pytest
from conftest import Server

TWEET = "1260294888811347969"
OTHER = "850006245121695744"
DELETED = "1720140212187844609"

# Looked at each second, which the configuration otherwise would not have.
often = pytest.mark.settings(ENGAGEQL_LIVE_LEAST_SECONDS="1")


def subscription(*tweets, fields="favorites"):
    ids = ", ".join(f'"{tweet}"' for tweet in tweets)
    return f"subscription {{ totals(tweetIds: [{ids}], everySeconds: 1) @fresh(maxAge: 1) {{ tweetId {fields} }} }}"


@often
def test_a_chart_a_table_and_json_grow_with_each_event(page_of_own_server, own_server):
    page = page_of_own_server
    own_server.set_tweet(TWEET, favorites=100)
    own_server.set_tweet(OTHER, favorites=7)
    page.write(subscription(TWEET, OTHER))
    page.follow()
    for favorites, event in [(130, 2), (131, 3)]:
        own_server.set_tweet(TWEET, favorites=favorites)
        page.wait(lambda: page.events() == event, f"event {event}")
    # Of two Tweets what came since is drawn, of which either can be seen.
    page.becomes(lambda: series(page), {TWEET: [0, 30, 31], OTHER: [0, 0, 0]}, "what came since")
    page.script("const s = document.querySelector('select[aria-label^=Numbers]'); s.value = ''; s.dispatchEvent(new Event('change'))")
    page.becomes(lambda: series(page), {TWEET: [100, 130, 131], OTHER: [7, 7, 7]}, "the numbers")
    page.look_at("Table")
    assert [row[1:] for row in page.rows()] == [[TWEET, "131"], [OTHER, "7"], [TWEET, "130"], [OTHER, "7"], [TWEET, "100"], [OTHER, "7"]]
    page.find("#views th:nth-child(3) button").click()
    own_server.set_tweet(TWEET, favorites=150)
    # The order that was chosen stays.
    page.wait(lambda: [row[2] for row in page.rows()] == ["150", "131", "130", "100", "7", "7", "7", "7"], "the new row")
    page.look_at("JSON")
    assert [event["data"]["totals"][0]["favorites"] for event in page.json] == [150, 131, 130, 100]


def series(page):
    (chart,) = page.charts()
    return {each["label"]: each["data"] for each in chart["series"]}


@often
def test_little_of_much_is_told_apart(page_of_own_server, own_server):
    page = page_of_own_server
    page.write(subscription(TWEET))
    page.follow()
    own_server.set_tweet(TWEET, favorites=17_113)
    page.becomes(lambda: series(page), {"totals": [17_111, 17_113]}, "both numbers")
    marks = page.script("return document.querySelector('canvas').chart.scales.y.ticks.map(({ label }) => label)")
    assert "17,112" in marks and len(set(marks)) == len(marks)


@often
def test_it_runs_until_it_is_stopped(page_of_own_server, own_server):
    page = page_of_own_server
    own_server.set_tweet(TWEET, favorites=100)
    page.write(subscription(TWEET))
    page.follow()
    assert page.texts("#summary .fact")[:2] == ["Listening", "1 event"]
    assert re.fullmatch(r"the last at \d\d:\d\d:\d\d", page.texts("#summary .fact")[2])
    # Screen readers are not told of each number: the line itself is silent, and another says the state.
    assert page.find("#summary").get_attribute("aria-live") == "off"
    page.find("#run").click()
    page.wait(lambda: page.text("#run") == "Run", "the end")
    assert page.texts("#summary .fact")[:2] == ["Stopped", "1 event"]
    page.becomes(lambda: page.script("return document.getElementById('announcer').textContent"), "Stopped.", "the word for it")
    # What has come stays, and the next answer is an answer.
    assert page.charts()[0]["series"][0]["data"] == [100]
    page.write(f'{{ tweet(id: "{TWEET}") {{ totals {{ favorites }} }} }}')
    page.run()
    assert page.find("#summary").get_attribute("aria-live") is None


@often
def test_a_lost_connection_is_made_again_and_nothing_comes_twice(request, page_of_own_server, own_server, tmp_path):
    page = page_of_own_server
    page.write(subscription(TWEET))
    page.follow()
    page.wait(lambda: page.script("return document.querySelectorAll('canvas').length"), "its chart")
    own_server.stop()
    page.wait(lambda: "The connection is lost" in page.text("#summary"), "the loss")
    page.requests()
    port = int(own_server.url.rsplit(":", 1)[1])
    again = Server(request.config.getoption("--server"), tmp_path, port=port, ENGAGEQL_LIVE_LEAST_SECONDS="1")
    try:
        page.wait(lambda: page.texts("#summary .fact")[0] == "Listening", "the connection")
        # The Tweet has what it had: the server knows by the id that this was seen.
        again.set_tweet(TWEET, favorites=20_000)
        page.wait(lambda: page.events() == 2, "what is new")
        page.becomes(lambda: page.charts()[0]["series"][0]["data"], [17_111, 20_000], "both numbers")
    finally:
        again.stop()


@often
def test_what_is_not_known_is_said_once(page_of_own_server, own_server):
    page = page_of_own_server
    own_server.set_tweet(TWEET, favorites=100)
    page.write(subscription(TWEET, DELETED))
    page.follow()
    page.find(".notice summary").click()
    own_server.set_tweet(TWEET, favorites=130)
    page.wait(lambda: page.events() == 2, "the next event")
    # It is the same still, and open as somebody has opened it.
    assert page.find(".notice").get_attribute("open") is not None
    assert "TWEET_UNAVAILABLE" in page.text(".notice")


def test_what_is_refused_is_said(page):
    page.write(subscription(TWEET))
    page.script("document.getElementById('summary').replaceChildren()")
    page.find("#run").click()
    page.wait(lambda: page.text("#run") == "Run" and page.texts("#summary .fact")[:1] == ["Refused"], "the refusal")
    assert "live.leastSeconds" in page.text("#notices")


def test_the_example_runs_on_the_sandbox(page):
    page.choose("Live: numbers as they grow")
    page.wait(lambda: page.all("#variable-ids"), "its Tweets")
    page.follow()
    assert len(page.charts()[0]["series"]) == 3
    page.find("#run").click()
    page.wait(lambda: page.text("#run") == "Run", "the end")


def test_the_curl_snippet_follows_the_same(page):
    page.write(subscription(TWEET).replace("everySeconds: 1", "everySeconds: 60"))
    page.follow()
    page.find("#run").click()
    page.look_at("Use this")
    command = page.texts(".snippet pre")[0]
    process = subprocess.Popen(["bash", "-c", f"exec {command}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        data = next(line for line in process.stdout if line.startswith("data: "))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert json.loads(data.removeprefix("data: ")) == {"data": {"totals": [{"tweetId": TWEET, "favorites": 17_111}]}}
