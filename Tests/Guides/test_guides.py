"""What has to come of the guides' snippets: the sandbox's numbers, and ids with all their digits."""

import csv
import io
import json
import sqlite3
import urllib.request
import zipfile

import pytest

import pages

IDS = ["1260294888811347969", "850006245121695744"]
# Of the API's own guide: the sandbox prescribes them.
TOTALS = {IDS[0]: (17111, 5218), IDS[1]: (492, 324)}
SNIPPETS = pages.snippets()


def test_every_snippet_is_tested():
    assert set(SNIPPETS) == set(CASES)
    assert len(SNIPPETS) == pages.marks(), "a mark has no fence under it, or a name is there twice"


@pytest.mark.parametrize("page, url", pages.urls(), ids=lambda value: value.split("?")[0])
def test_url_has_rows(server, page, url):
    """Whatever tool a URL is for: it answers, with rows, of which every id is one that was asked for."""
    url = url.replace(pages.ADDRESS, server.url)
    # Grafana puts the ends of its window in.
    url = url.replace("${__from:date:iso}", "2026-11-01T00:00:00.000Z").replace("${__to:date:iso}", "2026-11-08T00:00:00.000Z")
    with urllib.request.urlopen(url) as response:
        body = response.read().decode("utf-8-sig")
    rows = read(url.split("?")[0].rsplit(".", 1)[-1], body)
    assert rows, body
    asked = url.split("ids=")[1].split("&")[0].split(",")
    assert {row["tweetId"].removeprefix('="').removesuffix('"') for row in rows} == set(asked)


def read(form, body):
    if form == "json":
        return json.loads(body)
    if form == "ndjson":
        return [json.loads(line) for line in body.splitlines()]
    return list(csv.DictReader(io.StringIO(body, newline="")))


@pytest.mark.parametrize("page, name", sorted(SNIPPETS), ids=lambda value: value)
def test_snippet(runner, page, name):
    language, text = SNIPPETS[page, name]
    CASES[page, name](runner, language, text)


# MARK: - Cases


def are_totals(rows):
    """Rows of totals, from the CSV of a saved query: by id, with all of it."""
    assert {row["tweetId"]: (int(row["favorites"]), int(row["retweets"])) for row in rows} == TOTALS


def are_days(rows, tweets, days):
    """Rows by Tweet and day: so many of each, in order, without a gap in the numbers."""
    assert [row["tweetId"] for row in rows] == [tweet for tweet in tweets for _ in range(days)]
    assert all(row["impressions"].isdigit() for row in rows)


def curl(runner, language, text):
    are_totals(read("csv", runner.run(language, text)))


def sparkline(runner, language, text):
    lines = runner.run(language, text).splitlines()
    assert lines[0].split() == ["min", "max", "sum"]
    assert [line.split()[:2] for line in lines[1:]] == [[IDS[0], name] for name in ["impressions", "engagements", "engagementRate"]]


def excel(runner, language, text):
    runner.run(language, text)
    body = runner.text("top-tweets.csv")
    assert body.startswith("\ufefftweetId,")
    assert body.count("\r\n") == 3
    assert all(f'"=""{id}"""' in body for id in IDS)


def totals_file(runner, language, text):
    runner.run(language, text)
    are_totals(read("csv", runner.text("top-tweets.csv")))


def days_file(runner, language, text):
    runner.run(language, text)
    rows = read("csv", runner.text("daily-impressions.csv"))
    # A window that ends now touches a day more than it has.
    are_days(rows, IDS, 29)


def paste(runner, language, text):
    rows = list(csv.DictReader(io.StringIO(runner.run(language, text)), delimiter="\t", quoting=csv.QUOTE_NONE))
    are_totals(rows)


def pandas_totals(runner, language, text):
    report = "print(frame.to_json(orient='records', date_format='iso')); print(frame['asOf'].dt.tz, len(frame))"
    rows, kind = runner.run(language, text, report).splitlines()
    are_totals(json.loads(rows))
    assert kind == "UTC 2"


def pandas_days(runner, language, text):
    report = "print(by_tweet.shape, sorted(by_tweet.columns), by_tweet.index.dtype.kind, by_tweet.notna().all(axis=None))"
    assert runner.run(language, text, report) == f"(7, 2) {sorted(IDS)} M True\n"


def pandas_graphql(runner, language, text):
    are_totals(json.loads(runner.run(language, text, "print(frame.to_json(orient='records'))")))


def polars_totals(runner, language, text):
    report = "print(frame.select('tweetId', 'favorites', 'retweets').write_json()); print(frame.schema['asOf'])"
    rows, kind = runner.run(language, text, report).splitlines()
    are_totals(json.loads(rows))
    assert kind.startswith("Datetime") and "UTC" in kind


def duckdb_totals(runner, language, text):
    rows = json.loads(runner.run(language, text, "import json; print(json.dumps(rows))"))
    assert rows == [[id, *TOTALS[id]] for id in IDS]


def r_totals(runner, language, text):
    report = 'cat(class(tweets$asOf)[1], any(is.na(tweets$asOf)), "\\n"); write.csv(tweets, row.names = FALSE)'
    first, body = runner.run(language, text, report).split("\n", 1)
    assert first.split() == ["POSIXct", "FALSE"]
    are_totals(read("csv", body))


def r_days(runner, language, text):
    rows = read("csv", runner.run(language, text, "invisible(dev.off()); write.csv(days, row.names = FALSE)"))
    are_days(rows, IDS[:1], 7)
    assert [row["date"] for row in rows] == [f"2026-11-0{day}" for day in range(1, 8)]


def convert(runner, language, text):
    runner.run(language, text)
    content = zipfile.ZipFile(runner.folder / "top-tweets.ods").read("content.xml").decode("utf-8")
    for id in IDS:
        assert f"<text:p>{id}</text:p>" in content
        assert f'office:value="{id}"' not in content
    assert 'office:value="17111"' in content and 'office:value="5218"' in content


def export(runner, language, text):
    # The sandbox keeps its numbers in a file of another name.
    urllib.request.urlopen(f"{runner.server.url}/q/top-tweets.csv?ids={','.join(IDS)}").close()
    return runner.run(language, text.replace("cache export", "cache export --sandbox"))


def exported(runner, language, text):
    export(runner, language, text)
    assert numbers(runner, "SELECT count(*) FROM numbers")[0][0] > 0


def sql(runner, language, text):
    export(runner, "sh", SNIPPETS["Superset", "export"][1])
    found = {(tweet, metric): count for tweet, metric, count, _ in numbers(runner, text)}
    for id, (favorites, retweets) in TOTALS.items():
        assert (found[id, "favorites"], found[id, "retweets"]) == (favorites, retweets)


def numbers(runner, query):
    connection = sqlite3.connect(f"file:{runner.folder}/numbers.sqlite?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def fetch_rows(runner, language, text):
    are_totals(json.loads(runner.run(language, text, "console.log(JSON.stringify(rows))")))


def fetch_graphql(runner, language, text):
    tweets, errors = json.loads(runner.run(language, text, "console.log(JSON.stringify([data.tweets, errors ?? null]))"))
    assert {tweet["id"]: (tweet["totals"]["favorites"], tweet["totals"]["retweets"]) for tweet in tweets} == TOTALS
    assert errors is None


def fetch_lines(runner, language, text):
    rows = json.loads(runner.run(language, text, "console.log(JSON.stringify(rows))"))
    assert [(row["tweetId"], row["date"]) for row in rows] == [(IDS[0], f"2026-11-0{day}") for day in range(1, 8)]


def gql_rows(runner, language, text):
    rows = [line.split() for line in runner.run(language, text).splitlines()]
    assert {row[0]: tuple(map(int, row[1:])) for row in rows} == TOTALS


CASES = {
    ("Getting-started", "curl"): curl,
    ("Getting-started", "query"): sparkline,
    ("Excel", "file"): excel,
    ("Google-Sheets", "file"): totals_file,
    ("Google-Sheets", "paste"): paste,
    ("Tableau", "file"): days_file,
    ("Data-frames", "pandas"): pandas_totals,
    ("Data-frames", "pandas-days"): pandas_days,
    ("Data-frames", "pandas-graphql"): pandas_graphql,
    ("Data-frames", "polars"): polars_totals,
    ("Data-frames", "duckdb"): duckdb_totals,
    ("R", "r"): r_totals,
    ("R", "r-days"): r_days,
    ("LibreOffice", "convert"): convert,
    ("Superset", "export"): exported,
    ("Superset", "sql"): sql,
    ("Superset", "file"): days_file,
    ("Fetch", "rows"): fetch_rows,
    ("Fetch", "graphql"): fetch_graphql,
    ("Fetch", "lines"): fetch_lines,
    ("Subscriptions", "gql"): gql_rows,
}
