"""Writing a query: completion, errors where they are, variables by their types."""

from page import Keys

TWEETS = ["1807826314461643416", "1809686127457544986"]


def test_completion_offers_fields_with_types_and_descriptions(page):
    page.has_schema()
    page.write("{ totals(tweetIds: [1]) { fav")
    page.press((Keys.CONTROL, " "))
    page.wait(lambda: page.all(".CodeMirror-hint"), "completion")
    assert page.text(".CodeMirror-hint-active .hint-name") == "favorites"
    assert page.text(".CodeMirror-hint-active .hint-type") == "Long"
    assert page.text(".CodeMirror-hint-active .hint-about") == "Likes."
    page.press(Keys.ENTER)
    assert page.query == "{ totals(tweetIds: [1]) { favorites"


def test_completion_knows_where_it_is(page):
    page.has_schema()
    cases = {
        "{ historical(groupBy: [": ["TWEET", "ENGAGEMENT_TYPE", "HOUR", "DAY", "WEEK", "MONTH", "HOUR_OF_DAY"],
        "{ totals(tweetIds: [1], orderBy: [{ ": ["field *", "direction"],
        "{ totals(tweetIds: [1], orderBy: [{ field: FAVORITES, direction: ": ["ASCENDING", "DESCENDING"],
        "query Q($ids: [ID!]!) { totals(tweetIds: ": ["$ids"],
        "{ a: tweet(id: 1) { ": ["id", "createdAt", "totals", "last28Hours", "historical", "__typename"],
        "fragment F on TotalsO": [],
        "{ tweet(id: 1) @fresh(": ["maxAge", "staleOk"],
    }
    for text, expected in cases.items():
        page.write(text)
        page.press((Keys.CONTROL, " "))
        page.becomes(lambda: page.texts(".hint-name"), expected, f"completion of {text}")
        page.press(Keys.ESCAPE)
        page.wait(lambda: not page.all(".CodeMirror-hint"), "the end of completion")


def test_a_wrong_field_is_underlined_and_said(page):
    page.has_schema()
    page.write("{ totals(tweetIds: [1]) { tweetId favourites } }")
    page.wait(lambda: page.all(".problem.error") and page.all(".CodeMirror-lint-mark-error"), "the error")
    assert page.text(".problem") == 'Line 1: Cannot query field "favourites" on type "TotalsRow". Did you mean "favorites"?'
    assert page.texts(".CodeMirror-lint-mark-error") == ["favourites"]
    page.write("{ totals(tweetIds: [1]) { tweetId favorites } }")
    page.wait(lambda: not page.all(".problem"), "the end of the error")


def test_a_deprecated_field_is_a_warning(page):
    page.has_schema()
    page.write("{ historical(tweetIds: [1]) { mediaClicks } }")
    page.wait(lambda: page.all(".problem.warning"), "the warning")
    assert "mediaEngagements" in page.text(".problem")


def test_variables_are_fields_by_their_types(page):
    page.has_schema()
    page.write(
        """query Q($ids: [ID!]!, $by: TotalsOrderField! = RETWEETS, $first: Int, $start: DateTime) {
          totals(tweetIds: $ids, orderBy: [{field: $by}], first: $first) { tweetId }
          historical(tweetIds: $ids, start: $start) { start }
        }"""
    )
    page.wait(lambda: page.all("#variable-by"), "the fields")
    assert page.find("#variable-ids").tag_name == "textarea"
    assert page.texts("#variable-by option")[0] == "RETWEETS (default)"
    assert "QUOTE_TWEETS" in page.texts("#variable-by option")
    page.fill("first", "many")
    page.wait(lambda: "Int cannot represent" in page.text("#variable-first-error"), "the error")
    page.fill("first", "2")
    page.wait(lambda: page.text("#variable-first-error") == "", "the end of the error")


def test_tweets_can_be_pasted_as_links(page, server):
    page.choose("Top Tweets by likes")
    page.has_schema()
    page.fill("ids", f"https://x.com/someone/status/{TWEETS[0]}?s=20, {TWEETS[1]}")
    page.becomes(lambda: page.text("#variable-ids-count"), "2 Tweets", "their count")
    page.run()
    page.look_at("Table")
    expected = server.ask("query($i: [ID!]!) { totals(tweetIds: $i, orderBy: [{field: FAVORITES}]) { tweetId } }", i=TWEETS)
    assert [row[0] for row in page.rows()] == [row["tweetId"] for row in expected["totals"]]


def test_prettify_keeps_what_the_query_says(page):
    page.write("# Head\n{a:totals(tweetIds:[1]){favorites}}")
    page.find("#prettify").click()
    page.wait(lambda: "\n  a:" in page.query, "order")
    assert page.query == "# Head\n{\n  a: totals(tweetIds: [1]) {\n    favorites\n  }\n}\n"


def test_the_schema_tells_the_caveats(page):
    page.has_schema()
    page.find("[data-panel=schema]").click()
    page.wait(lambda: page.all(".docs dt"), "the schema")
    page.find("#drawer input").send_keys("1800 days")
    page.wait(lambda: "videoViews" in page.text(".docs li"), "what was searched")
    page.press(Keys.ESCAPE)
    page.wait(lambda: not page.find("#drawer").is_displayed(), "the end of the panel")
    assert page.focus == "Schema"
