"""What people see when something is wrong."""


def test_what_the_server_refuses_is_said_with_its_place(page):
    page.has_schema()
    page.write("{ totals(tweetIds: [1]) { nothing } }")
    page.run()
    assert "Refused" in page.text("#summary")
    assert 'Cannot query field "nothing"' in page.text(".notice.error")
    page.find(".notice .link").click()
    assert page.script("return document.querySelector('#query .CodeMirror').CodeMirror.getCursor().ch") == 26


def test_an_ill_upstream_is_said_with_what_to_do(page_of_own_server, own_server):
    page = page_of_own_server
    own_server.set_faults({"fault": "503"})
    page.choose("Impressions by day of three Tweets")
    page.run()
    assert "UPSTREAM_UNAVAILABLE" in page.text(".notice.error")
    assert "Run again in a moment" in page.text(".notice.error")
    page.look_at("Table")
    assert {row[2] for row in page.rows()} == {"–\nunknown: " + page.texts(".notice.error p")[0]}
    # What is not known is not drawn as 0.
    page.look_at("Chart")
    assert "nothing to draw" in page.text("#views")
    for _ in range(5):
        page.run()
    page.wait(lambda: "The Engagement API fails" in page.text("#health-chip"), "the health")


def test_a_server_that_is_gone_is_said(page_of_own_server, own_server):
    page = page_of_own_server
    page.has_schema()
    query = page.query
    own_server.stop()
    page.run()
    assert "The server does not answer." in page.text(".notice.error")
    assert page.query == query
    page.wait(lambda: "No connection" in page.text("#health-chip"), "the health")


def test_a_damaged_link_is_said(page):
    page.open("#q=AAAA")
    page.wait(lambda: "The link is damaged" in page.text("#toast"), "the message")
