"""Links, keyboard, phones, eyes: that the page can be used by everybody, and tells nobody."""

import pytest
from axe_core_python.selenium import Axe
from page import Keys


def test_a_link_brings_query_and_variables(page):
    page.has_schema()
    page.write("query Linked($ids: [ID!]!) { totals(tweetIds: $ids) { tweetId } }")
    page.fill("ids", "12 34")
    page.find("#share").click()
    link = page.wait(lambda: page.script("return location.hash.length > 10 && location.hash"), "the link")
    asked = page.query
    page.forget()
    page.requests()
    page.open(link)
    assert page.wait(lambda: page.query == asked)
    page.wait(lambda: page.all("#variable-ids") and page.find("#variable-ids").get_property("value") == "12\n34", "the variables")
    # It is not run: that may cost, and the page's own requests say nothing of it.
    assert not page.text("#summary")
    assert not any("Linked" in each or "q=" in each.split("#")[0] for each in page.requests())


def test_history_brings_back_what_was_asked(page):
    page.has_schema()
    page.write('query First { tweet(id: "1260294888811347969") { id } }')
    page.run()
    page.write('query Second { tweet(id: "1260294888811347969") { id } }')
    page.run()
    page.find("[data-panel=history]").click()
    assert page.texts(".history-entry b") == ["Second", "First"]
    page.all(".history-entry")[1].click()
    assert "query First" in page.query


def test_the_draft_survives_a_reload(page):
    page.write("{ __typename } # draft")
    page.open()
    assert page.query == "{ __typename } # draft"


def test_everything_can_be_done_by_keyboard(page):
    page.has_schema()
    page.script("document.body.focus()")
    page.press(Keys.TAB)
    assert page.focus == "Skip to the answer"
    seen = []
    for _ in range(20):
        page.press(Keys.TAB)
        seen.append(page.focus)
    for name in ["health-chip", "Schema", "History", "theme", "shortcuts", "starters", "prettify", "share", "run", "variable-ids", "variable-start"]:
        assert name.lower() in [each.split("\n")[0].lower() for each in seen] or any(name in each for each in seen), (name, seen)
    # The editor is one stop on the way, not a trap.
    assert any("Query. Control-Space" in each for each in seen)
    page.press((Keys.CONTROL, Keys.ENTER))
    page.answered()
    page.press((Keys.ALT, "2"))
    assert page.find("[role=tab][aria-selected=true]").text == "Table"
    page.find("[role=tab][aria-selected=true]").send_keys(Keys.ARROW_RIGHT)
    assert page.focus == "tab-Answer-json"
    page.script("document.activeElement.blur()")
    page.press("?")
    assert page.all("dialog[open]")
    page.press(Keys.ESCAPE)
    page.wait(lambda: not page.all("dialog"), "the end of the dialog")


@pytest.mark.parametrize("width", [320, 390, 768])
def test_no_page_is_wider_than_a_phone(page, width):
    page.set_width(width)
    page.open()
    page.has_schema()
    page.run()
    for tab in page.texts("#views [role=tab]"):
        page.script("[...document.querySelectorAll('#views [role=tab]')].find((e) => e.innerText === arguments[0]).click()", tab)
        assert page.script("return document.documentElement.scrollWidth") <= width, tab
    page.script("document.getElementById('health-chip').click()")
    page.wait(lambda: page.all(".facts"), "the panel")
    assert page.script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("example", ["Impressions by day of three Tweets", "Numbers that do not exist, and why"])
def test_nothing_serious_keeps_anybody_out(page, scheme, example):
    page.set_media({"prefers-reduced-motion": "reduce", "prefers-color-scheme": scheme})
    page.open()
    page.choose(example)
    page.has_schema()
    page.run()
    found = []
    for tab in page.texts("#views [role=tab]"):
        page.look_at(tab)
        found += violations(page, tab)
    for panel in ["[data-panel=schema]", "[data-panel=history]", "#health-chip"]:
        page.find(panel).click()
        found += violations(page, panel)
    assert found == []


def violations(page, place):
    result = Axe().run(page.browser)
    return [
        (place, each["id"], node["target"], node["failureSummary"])
        for each in result["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def test_no_request_leaves_the_server(page, server):
    page.requests()
    page.open()
    page.has_schema()
    page.run()
    for tab in page.texts("#views [role=tab]"):
        page.look_at(tab)
    asked = [each for each in page.requests() if not each.startswith(("data:", "blob:", "about:"))]
    assert any(each.endswith("/graphql") for each in asked)
    assert [each for each in asked if not each.startswith(server.url + "/")] == []


def test_a_script_that_is_not_the_page_s_does_not_run(page):
    page.script("const s = document.createElement('script'); s.textContent = 'window.stranger = 1'; document.body.append(s)")
    page.script("const i = new Image(); i.src = 'https://example.com/x.png'; document.body.append(i)")
    assert page.script("return window.stranger ?? null") is None
    refused = [entry["message"] for entry in page.browser.get_log("browser") if "Content Security Policy" in entry["message"]]
    assert len(refused) == 2


def test_nothing_is_asked_while_nobody_looks(page):
    page.has_schema()
    page.script("Object.defineProperty(document, 'hidden', { value: true, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))")
    page.requests()
    page.browser.execute_async_script("setTimeout(arguments[0], 6500)")
    assert [each for each in page.requests() if each.endswith("/metrics")] == []
    page.script("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait(lambda: any(each.endswith("/metrics") for each in page.requests()), "the next look")
