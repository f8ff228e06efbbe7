"""A server with made-up numbers, and what the guides' snippets are run with."""

import os
import re
import shutil
import subprocess
import sys

import pytest

import pages


def pytest_addoption(parser):
    parser.addoption("--server", default=".build/debug/engageql", help="the executable")


class Server:
    """A server on a free port with a data folder of its own."""

    def __init__(self, executable, folder):
        self.executable = pages.ROOT / executable
        self.folder = folder
        self.process = subprocess.Popen(
            [self.executable, "serve", "--sandbox", "--port", "0", "--data", folder],
            cwd=pages.ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = re.search(r"http://\S+", self.process.stdout.readline()).group()

    def stop(self):
        """At once: what it still had to do interests nobody."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="session")
def server(request, tmp_path_factory):
    server = Server(request.config.getoption("--server"), tmp_path_factory.mktemp("data"))
    yield server
    server.stop()


# What runs a snippet, and what has to be installed for it. Python is the one that runs this.
TOOLS = {"python": sys.executable, "sh": "sh", "js": "node", "r": "Rscript", "sql": "sh"}


class Runner:
    """Runs snippets in a folder, as somebody who pastes them."""

    def __init__(self, server, folder):
        self.server = server
        self.folder = folder

    def run(self, language, text, report=""):
        """The standard output of a snippet, followed by `report` in its language."""
        tool = shutil.which(TOOLS[language])
        if tool is None:
            pytest.skip(f"{TOOLS[language]} is not installed")
        for needed in ["curl", "soffice"]:
            if f"{needed} " in text and language == "sh" and shutil.which(needed) is None:
                pytest.skip(f"{needed} is not installed")
        script = self.folder / f"snippet.{'mjs' if language == 'js' else language}"
        text = f"{text}\n{report}\n"
        for scheme in ["http", "ws"]:
            text = text.replace(pages.ADDRESS.replace("http", scheme), self.server.url.replace("http", scheme))
        script.write_text(text, encoding="utf-8")
        (self.folder / "config").unlink(missing_ok=True)
        (self.folder / "config").symlink_to(pages.ROOT / "config")
        command = self.folder / "bin"
        command.mkdir(exist_ok=True)
        (command / "engageql").unlink(missing_ok=True)
        (command / "engageql").symlink_to(self.server.executable)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("ENGAGEQL_")}
        environment |= {
            "PATH": f"{command}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "TZ": "America/New_York",
            # The snippets mean the server's own folder; that of a sandbox has other names.
            "ENGAGEQL_CACHE_FOLDER": str(self.server.folder),
        }
        done = subprocess.run(
            [tool, script], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def text(self, name):
        """A file that a snippet has written, with the ends of its lines as they are."""
        return (self.folder / name).read_bytes().decode("utf-8")


@pytest.fixture
def runner(server, tmp_path):
    return Runner(server, tmp_path)
