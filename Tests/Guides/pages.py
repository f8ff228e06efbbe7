"""The pages of the guides, read for what can be run."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "Sources/EngagementServer/Documentation.docc/Guides"

# The address that stands in the pages.
ADDRESS = "http://127.0.0.1:8080"

SNIPPET = re.compile(r"<!-- test: (?P<name>[\w-]+) -->\n```(?P<language>\w+)\n(?P<text>.*?)\n```", re.DOTALL)
URL = re.compile(re.escape(ADDRESS) + r"/q/[^\s'\"<>`)]+")


def pages():
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}


def snippets():
    """The language and text of every snippet that is to be run, by page and name."""
    return {
        (page, match["name"]): (match["language"], match["text"])
        for page, text in pages().items()
        for match in SNIPPET.finditer(text)
    }


def marks():
    """How many snippets are meant to be run."""
    return sum(text.count("<!-- test:") for text in pages().values())


def urls():
    """The URLs of saved queries, each with its page."""
    return sorted({(page, url) for page, text in pages().items() for url in URL.findall(text) if "?" in url})
