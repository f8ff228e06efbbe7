"""Links, keyboard, phones, eyes: that the page can be used by everybody, and tells nobody."""

import pytest
from axe_core_python.base import AXE_SCRIPT
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
    page.becomes(lambda: page.texts(".history-entry b"), ["Second", "First"], "the history")
    page.all(".history-entry")[1].click()
    page.wait(lambda: "query First" in page.query, "the first query")


def test_the_draft_survives_a_reload(page):
    page.write("{ __typename } # draft")
    page.open(has_form=False)
    assert page.query == "{ __typename } # draft"


def test_everything_can_be_done_by_keyboard(page):
    page.has_schema()
    page.script("document.body.focus()")
    page.press(Keys.TAB)
    assert page.focus == "Skip to the answer"
    seen = []
    for _ in range(25):
        page.press(Keys.TAB)
        seen.append(page.focus)
    for name in ["health-chip", "Schema", "History", "theme", "shortcuts", "starters", "prettify", "share", "run", "variable-ids", "variable-start"]:
        assert name.lower() in [each.split("\n")[0].lower() for each in seen] or any(name in each for each in seen), (name, seen)
    # The editor is one stop on the way, not a trap.
    assert any("Query. Control-Space" in each for each in seen)
    page.press((Keys.CONTROL, Keys.ENTER))
    page.answered()
    page.press((Keys.ALT, "2"))
    page.wait(lambda: page.text("[role=tab][aria-selected=true]") == "Table", "the table")
    page.find("[role=tab][aria-selected=true]").send_keys(Keys.ARROW_RIGHT)
    page.wait(lambda: page.focus == "tab-Answer-json", "the next tab")
    page.script("document.activeElement.blur()")
    page.press("?")
    page.wait(lambda: page.all("dialog[open]"), "the list of keys")
    page.press(Keys.ESCAPE)
    page.wait(lambda: not page.all("dialog"), "the end of the dialog")


@pytest.mark.parametrize("width", [320, 390, 768])
def test_no_page_is_wider_than_a_phone(page, width):
    page.set_width(width)
    page.open()
    page.run()
    # The longest that the line of health may be, which otherwise depends on when it was looked.
    page.wait(lambda: len(page.all(".chip-fact")) == 2, "the health")
    page.script("[...document.querySelectorAll('.chip-fact')].forEach((e, i) => { e.textContent = ['cache 100.0%', 'quota 10,000/10,000'][i]; })")
    for tab in page.texts("#views [role=tab]"):
        page.look_at(tab)
        # A chart is laid out once more when its place is known.
        page.becomes(lambda: too_wide(page, width), [], tab)
    page.script("document.getElementById('health-chip').click()")
    page.wait(lambda: page.all(".facts"), "the panel")
    page.becomes(lambda: too_wide(page, width), [], "the width of the page")


def too_wide(page, width):
    """What stands out of a page that can be moved sideways."""
    return page.script(
        "if (document.documentElement.scrollWidth <= arguments[0]) return [];"
        "return [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > arguments[0])"
        "  .map((e) => `${e.tagName}.${e.className}`)",
        width,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("example", ["Impressions by day of three Tweets", "Numbers that do not exist, and why"])
def test_nothing_serious_keeps_anybody_out(page, scheme, example):
    # Of what axe looks at, only contrast is another in the dark.
    page.set_media({"prefers-reduced-motion": "reduce", "prefers-color-scheme": scheme})
    look = Look(page, ["color-contrast"] if scheme == "dark" else None)
    page.choose(example)
    page.run()
    first, *others = page.texts("#views [role=tab]")
    page.look_at(first)
    look.at("body", first)
    for tab in others:
        page.look_at(tab)
        look.at("#views", tab)
    if example.startswith("Impressions"):
        for panel in ["[data-panel=schema]", "[data-panel=history]", "#health-chip"]:
            page.find(panel).click()
            page.wait(lambda: page.find("#drawer .drawer-body").text, panel)
            look.at("#drawer", panel)
    assert look.found == []


class Look:
    """What axe finds that keeps somebody out."""

    def __init__(self, page, rules=None):
        self.page = page
        self.options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
        self.found = []
        page.script(AXE_SCRIPT)

    def at(self, selector, place):
        self.found += self.page.browser.execute_async_script(
            "const [selector, options, place, done] = arguments;"
            "axe.run(selector, options).then(({ violations }) => done(violations"
            "  .filter(({ impact }) => ['serious', 'critical'].includes(impact))"
            "  .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => [place, id, target, failureSummary]))))",
            selector,
            self.options,
            place,
        )


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
    refused = []

    def both():
        refused.extend(page.severe())
        return len(refused) >= 2

    page.wait(both, "the refusals")
    assert all("Content Security Policy" in each for each in refused) and len(refused) == 2


TIMERS = """
window.timers = new Map();
const [set, clear] = [setTimeout, clearTimeout];
window.setTimeout = (work, delay, ...values) => {
  const id = set(() => { timers.delete(id); work(...values); }, delay);
  timers.set(id, delay);
  return id;
};
window.clearTimeout = (id) => { timers.delete(id); clear(id); };
"""


@pytest.fixture
def timers(browser):
    """Lets pages tell what they are going to do, in milliseconds."""
    script = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": TIMERS})
    yield lambda: browser.execute_script("return [...timers.values()]")
    browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def test_nothing_is_asked_while_nobody_looks(timers, page):
    interval = 5000
    page.wait(lambda: interval in timers(), "the look after the first")
    page.script("Object.defineProperty(document, 'hidden', { value: true, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))")
    # A look that was under way may end.
    page.wait(lambda: interval not in timers(), "the end of looking")
    page.requests()
    page.script("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait(lambda: any(each.endswith("/metrics") for each in page.requests()), "the next look")
