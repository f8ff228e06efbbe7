"""The console in the words of somebody who uses it."""

import json
import os
import re

from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

# Nothing takes so long. Machines that build something else at the same time take their time, and a wait ends when it is over.
SECONDS = 90


class Page:
    def __init__(self, browser, url, pictures=None):
        self.browser = browser
        self.url = url
        self.pictures = pictures

    # What a browser does

    def open(self, fragment="", has_form=True):
        """`has_form`: whether what is shown then has variables, which are fields once the schema is there."""
        self.browser.get("about:blank")
        self.browser.get(f"{self.url}/{fragment}")
        # A link, a draft or the first example: until then the page might still put it over what is written.
        self.wait(lambda: self.script("return document.querySelector('#query .CodeMirror')?.CodeMirror.getValue().trim()"), "a query")
        if has_form:
            self.has_schema()

    def forget(self):
        """Takes out what an earlier visit has left, when nothing of it can still write."""
        self.browser.get("about:blank")
        self.browser.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": self.url, "storageTypes": "local_storage"})

    def set_media(self, features):
        features = [{"name": name, "value": value} for name, value in features.items()]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def set_width(self, width, height=844):
        metrics = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": True}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def script(self, text, *values):
        return self.browser.execute_script(text, *values)

    def wait(self, condition, what="what was waited for"):
        """Until a condition holds; an element that is drawn anew meanwhile is looked at again."""
        patience = WebDriverWait(self.browser, SECONDS, 0.1, [StaleElementReferenceException])
        return patience.until(lambda _: condition(), f"{what} did not come")

    def becomes(self, value, expected, what):
        """Until a value is as expected; otherwise the difference is told."""
        try:
            self.wait(lambda: value() == expected, what)
        except TimeoutException:
            assert value() == expected

    def press(self, *keys):
        """Keys, as names of selenium or text; a tuple is held down together."""
        chain = ActionChains(self.browser)
        for key in keys:
            if isinstance(key, tuple):
                for each in key[:-1]:
                    chain.key_down(each)
                chain.send_keys(key[-1])
                for each in key[:-1]:
                    chain.key_up(each)
            else:
                chain.send_keys(key)
        chain.perform()

    def picture(self, name):
        if self.pictures:
            os.makedirs(self.pictures, exist_ok=True)
            self.browser.save_screenshot(os.path.join(self.pictures, re.sub(r"\W+", "-", name) + ".png"))

    # What is on the page

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector):
        return self.script("return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText.trim())", selector)

    def text(self, selector):
        return " ".join(self.texts(selector))

    @property
    def query(self):
        return self.script("return document.querySelector('#query .CodeMirror').CodeMirror.getValue()")

    def write(self, query):
        """Puts a query into the editor, and the cursor behind it."""
        self.script(
            "const editor = document.querySelector('#query .CodeMirror').CodeMirror;"
            "editor.setValue(arguments[0]); editor.focus(); editor.setCursor(editor.lineCount(), 0)",
            query,
        )
        self.wait(lambda: self.draft == query, "the page's notice of it")

    @property
    def draft(self):
        """The query that the page has taken in: it is remembered together with its variables."""
        return self.script("return JSON.parse(localStorage.getItem('engageql.draft') ?? '{}').query")

    def fill(self, variable, value):
        def fill():
            field = self.find(f"#variable-{variable}")
            if field.tag_name == "select":
                Select(field).select_by_value(value)
            else:
                field.clear()
                field.send_keys(value)
            return True

        self.wait(lambda: self.all(f"#variable-{variable}"), variable)
        self.wait(fill, variable)

    def choose(self, example):
        """An example of the menu, which is drawn anew when the saved queries are there."""
        self.wait(
            lambda: self.script(
                "const menu = document.getElementById('starters');"
                "const option = [...menu.options].find((each) => each.text === arguments[0]);"
                "if (!option) return false;"
                "menu.value = option.value; menu.dispatchEvent(new Event('change')); return true",
                example,
            ),
            example,
        )

    def has_schema(self):
        self.wait(lambda: self.all("#variables .field"), "the schema")

    def run(self):
        self.wait(lambda: self.text("#run") == "Run", "the end of what ran before")
        # So that what is there afterwards came of it.
        self.script("for (const id of ['summary', 'notices']) document.getElementById(id).replaceChildren()")
        self.find("#run").click()
        self.answered()

    def follow(self):
        """Runs a subscription, up to its first event."""
        self.script("document.getElementById('summary').replaceChildren()")
        self.find("#run").click()
        self.wait(lambda: self.text("#run") == "Stop" and self.events(), "an event")

    def events(self):
        """How many have come, as the page counts them."""
        return int(next((text.split()[0] for text in self.texts("#summary .fact") if text.endswith(("event", "events"))), 0))

    def answered(self):
        self.wait(lambda: self.text("#run") == "Run" and (self.text("#summary") or self.all(".notice")), "an answer")

    def look_at(self, tab):
        self.wait(
            lambda: self.script(
                "const tab = [...document.querySelectorAll('#views [role=tab]')].find((e) => e.innerText.trim() === arguments[0]);"
                "tab?.click(); return tab?.getAttribute('aria-selected') === 'true'",
                tab,
            ),
            f"the tab {tab}",
        )

    @property
    def json(self):
        """What the tab JSON shows."""
        text = self.wait(lambda: self.script("return document.querySelector('.read-only .CodeMirror')?.CodeMirror.getValue()"), "JSON")
        return json.loads(text)

    def charts(self):
        """What is drawn: of each chart its kind, and of each series its label and numbers."""
        self.wait(
            lambda: self.script("const all = [...document.querySelectorAll('canvas')]; return all.length && all.every((e) => e.chart)"),
            "a chart",
        )
        return self.script(
            "return [...document.querySelectorAll('canvas')].map(({ chart }) => ({"
            "  kind: chart.config.type, labels: chart.data.labels ?? [],"
            "  series: chart.data.datasets.map(({ label, data }) => ({ label, data: data.map((each) => each?.y !== undefined ? each.y : each) })),"
            "  xs: chart.data.datasets.map(({ data }) => data.map((each) => each?.x)) }))"
        )

    def rows(self):
        return self.script("return [...document.querySelectorAll('#views tbody tr')].map((row) => [...row.cells].map((cell) => cell.innerText.trim()))")

    @property
    def focus(self):
        """What has the focus: its id, label or text."""
        return self.script(
            "const e = document.activeElement; return e.id || e.getAttribute('aria-label') || e.innerText || e.tagName"
        )

    def requests(self):
        """The addresses that the page has asked since this was last called."""
        messages = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        return [each["params"]["request"]["url"] for each in messages if each["method"] == "Network.requestWillBeSent"]

    def severe(self):
        """What the browser has complained about since this was last called. A request that is refused is no fault of the page."""
        messages = [entry["message"] for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]
        return [message for message in messages if "Failed to load resource" not in message]


__all__ = ["Keys", "Page"]
