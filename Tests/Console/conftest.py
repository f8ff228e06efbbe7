"""The server with its sandbox, and a browser without a screen that looks at its console."""

import json
import os
import re
import subprocess
import urllib.request

import pytest
from selenium import webdriver

from page import Page

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def pytest_addoption(parser):
    parser.addoption("--server", default=".build/debug/engageql", help="the executable")
    parser.addoption("--pictures", help="a folder for pictures of the page, to be looked at")


def pytest_configure(config):
    config.addinivalue_line("markers", "settings(**environment): how the test's own server is set")


class Server:
    """A server on a free port, with made-up numbers and a cache of its own."""

    def __init__(self, executable, folder, port=0, **settings):
        self.process = subprocess.Popen(
            [os.path.join(ROOT, executable), "serve", "--sandbox", "--port", str(port), "--data", str(folder)],
            cwd=ROOT,
            env=os.environ | {"ENGAGEQL_UPSTREAM_ATTEMPTS": "1", "ENGAGEQL_LOG_LEVEL": "critical"} | settings,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = re.search(r"http://\S+", self.process.stdout.readline()).group()
        self.sandbox = re.search(r"http://[^\s,]+", self.process.stdout.readline()).group()

    def stop(self):
        """At once: what it still had to do interests nobody."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, query, **variables):
        """The data that the server answers to somebody who is no browser."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.url}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as response:
            return json.load(response)["data"]

    def set_faults(self, *faults):
        """What goes wrong upstream from now on."""
        self._steer("faults", list(faults))

    def set_tweet(self, tweet, **lifetime):
        """What a Tweet of the sandbox has from now on."""
        self._steer("tweets", [{"id": tweet, "lifetime": lifetime}])

    def _steer(self, what, value):
        body = json.dumps({what: value}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{self.sandbox}/sandbox/{what}", body, method="PUT")).close()


@pytest.fixture(scope="session")
def server(request, tmp_path_factory):
    server = Server(request.config.getoption("--server"), tmp_path_factory.mktemp("data"))
    yield server
    server.stop()


@pytest.fixture
def settings(request):
    return {name: value for mark in request.node.iter_markers("settings") for name, value in mark.kwargs.items()}


@pytest.fixture
def own_server(request, settings, tmp_path):
    """One that a test may spoil, with the environment that `settings` marks."""
    server = Server(request.config.getoption("--server"), tmp_path, **settings)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def downloads(tmp_path_factory):
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def browser(downloads):
    options = webdriver.ChromeOptions()
    for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1440,900", "--lang=en-GB"]:
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
    # Whoever looks has no language of numbers but this, and no movement, so that all is where it will be.
    browser.execute_cdp_cmd("Emulation.setLocaleOverride", {"locale": "en-GB"})
    browser.set_script_timeout(120)
    yield browser
    browser.quit()


@pytest.fixture
def page(request, server, browser):
    yield from opened(request, browser, server.url)


@pytest.fixture
def page_of_own_server(request, own_server, settings, browser):
    yield from opened(request, browser, own_server.url, settings.get("ENGAGEQL_GRAPHQL_INTROSPECTION") != "false")


def opened(request, browser, url, has_form=True):
    """The console as somebody sees it who was never here, and nothing on its console of errors afterwards."""
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    page = Page(browser, url, request.config.getoption("--pictures"))
    page.set_media({"prefers-reduced-motion": "reduce", "prefers-color-scheme": "light"})
    page.forget()
    # Of another page.
    page.severe()
    page.open(has_form=has_form)
    yield page
    page.picture(request.node.name)
    assert page.severe() == []
