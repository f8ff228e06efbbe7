"""What comes of a query: charts by the shape of the answer, tables, costs, and what is not known."""

import csv
import io
import json
import subprocess
import urllib.request

DAILY = """query($ids: [ID!]!) { historical(tweetIds: $ids, start: "2024-07-01", end: "2024-07-15", groupBy: [TWEET, DAY])
  { tweetId date impressions } }"""
SUMMER = ["1807826314461643416", "1809686127457544986", "1810198821899557071"]


def test_days_of_several_tweets_are_lines(page, server):
    page.choose("Impressions by day of three Tweets")
    page.run()
    (chart,) = page.charts()
    rows = server.ask(DAILY, ids=SUMMER)["historical"]
    assert chart["kind"] == "line"
    assert [series["label"] for series in chart["series"]] == SUMMER
    for series in chart["series"]:
        assert series["data"] == [row["impressions"] for row in rows if row["tweetId"] == series["label"]]
        assert sum(series["data"]) > 10_000
    assert chart["xs"][0][1] - chart["xs"][0][0] == 86_400_000


def test_a_top_list_is_bars_highest_first(page):
    page.choose("Top Tweets by likes")
    page.run()
    (chart,) = page.charts()
    numbers = chart["series"][0]["data"]
    assert chart["kind"] == "bar"
    assert len(numbers) == 10 and numbers == sorted(numbers, reverse=True)
    assert chart["labels"][0] == "1809686127457544986"


def test_a_comparison_is_a_small_chart_for_each_metric(page):
    page.choose("A/B: two groups of Tweets, day by day")
    page.run()
    charts = page.charts()
    assert page.texts("figcaption") == ["Impressions", "Favorites", "Url clicks", "Engagement rate"]
    assert [[series["label"] for series in chart["series"]] for chart in charts] == [["a", "b"]] * 4
    page.look_at("Table")
    assert page.texts(".dataset-head h3") == ["a", "b"]
    # The favorites of a, once drawn and once in the table.
    drawn = charts[1]["series"][0]["data"]
    assert [int(row[2].replace(",", "")) for row in page.rows()[: len(drawn)]] == drawn
    assert sum(drawn) > 500


def test_a_comparison_of_windows_that_do_not_meet_begins_at_the_same_place(page):
    page.has_schema()
    page.write(
        "{ " + " ".join(
            f'{name}: historical(tweetIds: ["{SUMMER[0]}"], start: "{start}", end: "{end}", groupBy: [DAY]) {{ date impressions }}'
            for name, start, end in [("first", "2024-07-01", "2024-07-04"), ("second", "2024-07-08", "2024-07-11")]
        ) + " }"
    )
    page.run()
    (chart,) = page.charts()
    assert chart["xs"] == [[0, 86_400_000, 172_800_000]] * 2


def test_of_many_tweets_the_highest_are_drawn_and_all_are_in_the_table(page, server):
    page.choose("Impressions by day of three Tweets")
    page.has_schema()
    tweets = [str(1807826314461643416 + step * 10_000_000_000) for step in range(40)]
    page.fill("ids", " ".join(tweets))
    page.run()
    rows = server.ask(DAILY, ids=tweets)["historical"]
    peaks = {tweet: max(row["impressions"] for row in rows if row["tweetId"] == tweet) for tweet in tweets}
    drawn = [series["label"] for series in page.charts()[0]["series"]]
    assert len(drawn) == 12
    assert min(peaks[tweet] for tweet in drawn) >= max(peaks[tweet] for tweet in tweets if tweet not in drawn)
    assert "the 12 highest of 40 series" in page.text(".figure")
    page.look_at("Table")
    assert page.text(".dataset-head .muted") == "560 rows"
    assert len(page.rows()) == 200


def test_hours_of_the_day_are_24_bars(page):
    page.choose("At which hour of the day people engage")
    page.run()
    (chart,) = page.charts()
    assert chart["labels"] == [f"{hour:02}:00" for hour in range(24)]
    assert all(isinstance(number, int) for number in chart["series"][0]["data"])


def test_single_numbers_are_written_large(page):
    page.choose("One Tweet, for a card on a page")
    page.run()
    page.wait(lambda: page.all(".tiles dd"), "the numbers")
    assert page.texts(".tiles dd") == ["17,111", "5,218", "3,254", "1,828"]


def test_the_metric_of_a_chart_can_be_changed(page, server):
    page.choose("Impressions by day of three Tweets")
    page.run()
    page.charts()
    page.script("const s = document.querySelector('.dataset-head select'); s.value = 'engagements'; s.dispatchEvent(new Event('change'))")
    rows = server.ask(DAILY.replace("impressions", "engagements"), ids=SUMMER[:1])["historical"]
    page.wait(lambda: page.charts()[0]["series"][0]["data"] == [row["engagements"] for row in rows], "the other metric")


def test_tables_sort_and_write_numbers_for_people(page):
    page.choose("Top Tweets by likes")
    page.run()
    page.look_at("Table")
    favorites = [row[1] for row in page.rows()]
    assert favorites[0] == "2,754"
    page.find("#views th:nth-child(2) button").click()
    assert page.find("#views th:nth-child(2)").get_attribute("aria-sort") == "descending"
    page.find("#views th:nth-child(2) button").click()
    assert [row[1] for row in page.rows()] == favorites[::-1]


def test_what_is_not_known_is_a_dash_with_its_reason(page):
    page.choose("Numbers that do not exist, and why")
    page.run()
    assert "Answered in part" in page.text("#summary")
    assert page.script("return [...document.querySelectorAll('.notice code')].map((e) => e.textContent)")[::2] == [
        "TWEET_TOO_OLD", "TWEET_UNAVAILABLE", "TWEET_FORBIDDEN",
    ]
    page.look_at("Table")
    titles = page.script("return [...document.querySelectorAll('#views tbody tr')].map((row) => row.cells[2].title)")
    assert [title.split(":")[0].split(",")[0] for title in titles] == [
        "3 Tweets are too old", "1 Tweet is deleted", "1 Tweet belongs to another account", "3 Tweets are too old", "3 Tweets are too old",
    ]
    cell = page.find("#views tbody tr:nth-child(2) td:nth-child(2)")
    assert cell.text.startswith("–") and "unknown" in cell.text
    # A number that is 0 stays one.
    assert page.rows()[2][3] == "0"


def test_what_it_cost_and_how_fresh_it_is(page_of_own_server):
    page = page_of_own_server
    page.choose("Impressions by day of three Tweets")
    page.run()
    assert "1 call for 3 Tweets" in page.text("#summary")
    assert "does not go stale" in page.text("#summary")
    page.run()
    assert "from the cache, no calls" in page.text("#summary")
    page.look_at("Cost and freshness")
    assert "EngageQL; hit" in page.text(".details")
    freshness = page.script("return [...document.querySelectorAll('.details table')][0].querySelector('tbody tr').innerText.split('\\t')")
    assert freshness[0] == "historical" and freshness[2] == freshness[1] and freshness[6] == "for good"


def test_the_csv_link_answers_the_same(page, server):
    page.choose("Top Tweets by likes")
    page.run()
    page.look_at("Table")
    tweets = [row[0] for row in page.rows()]
    page.look_at("Use this")
    link = page.find(".csv-link a").get_attribute("href")
    with urllib.request.urlopen(link) as response:
        assert response.headers["Content-Type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(response.read().decode("utf-8-sig"))))
    assert [row["tweetId"] for row in rows] == tweets


def test_saved_queries_are_offered_and_keep_the_tweets(page):
    page.choose("Top Tweets by likes")
    page.has_schema()
    page.fill("ids", "850006245121695744")
    page.wait(lambda: "daily-impressions" in page.texts("#starters option"), "the saved queries")
    page.choose("daily-impressions")
    assert "query DailyImpressions" in page.query
    page.wait(lambda: page.all("#variable-start"), "its variables")
    assert page.find("#variable-ids").get_property("value") == "850006245121695744"


def test_rows_are_saved_as_csv(page, downloads):
    page.has_schema()
    page.write('{ rows: totals(tweetIds: ["1260294888811347969"]) { tweetId favorites impressions } }')
    page.run()
    page.look_at("Use this")
    page.find(".use .buttons button").click()
    expected = b"tweetId,favorites,impressions\r\n1260294888811347969,17111,\r\n"
    page.becomes(lambda: content(downloads / "rows.csv"), expected, "the file")


def content(file):
    """What is in a file so far: a browser may make it before it has written it."""
    return file.read_bytes() if file.exists() else None


def test_each_table_is_saved_as_the_server_makes_it(page, server, downloads):
    page.choose("A/B: two groups of Tweets, day by day")
    page.run()
    page.look_at("Use this")
    assert page.texts(".use .buttons button") == ["Save a.csv", "Save b.csv"]
    page.all(".use .buttons button")[1].click()
    tweets = ["1807817534926197514", "1808079866585801613"]
    days = server.ask(
        """query($ids: [ID!]!) { historical(tweetIds: $ids, start: "2024-07-01", end: "2024-07-12", groupBy: [DAY],
          timeZone: "Europe/Berlin") { date impressions } }""",
        ids=tweets,
    )["historical"]
    file = downloads / "b.csv"
    page.wait(lambda: (content(file) or b"").count(b"\r\n") == len(days) + 1, "the file")
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode(), newline="")))
    assert [(row["date"], row["impressions"]) for row in rows] == [(day["date"], str(day["impressions"])) for day in days]


def test_what_can_be_no_table_says_why(page):
    part = 'historical(start: "2024-07-05", end: "2024-07-07", groupBy: [DAY]) { date impressions }'
    page.write(f'{{ tweets(ids: ["{SUMMER[0]}"]) {{ id days: {part} again: {part} }} }}')
    page.run()
    page.look_at("Use this")
    page.find(".use .buttons button").click()
    page.wait(lambda: "There is no tweets.csv." in page.text(".use [role=alert]"), "the reason")
    assert "has days and again side by side" in page.text(".use [role=alert]")


def test_the_curl_snippet_is_the_same_question(page):
    page.has_schema()
    page.write("{ it: tweet(id: \"1260294888811347969\") { totals { favorites } } } # it's")
    page.run()
    page.look_at("Use this")
    command = page.texts(".snippet pre")[0]
    out = subprocess.run(["bash", "-c", command], capture_output=True, check=True).stdout
    assert json.loads(out) == {"data": {"it": {"totals": {"favorites": 17111}}}}
