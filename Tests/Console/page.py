"""The console in the words of somebody who uses it."""

import json
import os
import re

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

SECONDS = 20


class Page:
    def __init__(self, browser, url, pictures=None):
        self.browser = browser
        self.url = url
        self.pictures = pictures

    # What a browser does

    def open(self, fragment=""):
        self.browser.get("about:blank")
        self.browser.get(f"{self.url}/{fragment}")
        self.wait(lambda: self.script("return document.querySelector('.CodeMirror')?.CodeMirror.getValue()") is not None)

    def forget(self):
        """Takes out what an earlier visit has left."""
        self.browser.get(f"{self.url}/health/live")
        self.script("localStorage.clear()")

    def set_media(self, features):
        features = [{"name": name, "value": value} for name, value in features.items()]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def set_width(self, width, height=844):
        metrics = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": True}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def script(self, text, *values):
        return self.browser.execute_script(text, *values)

    def wait(self, condition, what="what was waited for"):
        return WebDriverWait(self.browser, SECONDS).until(lambda _: condition(), f"{what} did not come")

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
        field = self.wait(lambda: next(iter(self.all(f"#variable-{variable}")), None), variable)
        if field.tag_name == "select":
            Select(field).select_by_value(value)
        else:
            field.clear()
            field.send_keys(value)

    def choose(self, example):
        Select(self.find("#starters")).select_by_visible_text(example)
        self.wait(lambda: self.query.strip())

    def has_schema(self):
        self.wait(lambda: self.all("#variables .field"), "the schema")

    def run(self):
        self.script("document.getElementById('summary').replaceChildren()")
        self.find("#run").click()
        self.answered()

    def answered(self):
        self.wait(lambda: self.text("#run") == "Run" and (self.text("#summary") or self.all(".notice")), "an answer")

    def look_at(self, tab):
        next(each for each in self.all("#views [role=tab]") if each.text == tab).click()

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


__all__ = ["Keys", "Page"]
