import topTweets from '../../../config/queries/top-tweets.graphql';
import dailyImpressions from '../../../config/queries/daily-impressions.graphql';

// Tweets of the sandbox, posted in the first days of July 2024.
const summer = ['1807826314461643416', '1809686127457544986', '1810198821899557071'];

/** Tweets that were posted so many minutes ago, by the time that is in each id. On the sandbox they grow while one looks. */
const young = (...minutes) => minutes.map((each) => String(BigInt(Date.now() - each * 60_000 - 1_288_834_974_657) << 22n));

/**
 * Queries to begin with. On the sandbox they work as they are; elsewhere the Tweets have to be one's own.
 *
 * @type {{title: string, query: string, variables: any}[]}
 */
export const starters = [
  {
    title: 'Impressions by day of three Tweets',
    query: dailyImpressions,
    variables: { ids: summer, start: '2024-07-01', end: '2024-07-15' },
  },
  {
    title: 'Top Tweets by likes',
    query: topTweets,
    variables: {
      ids: [...summer, '1809697832425814378', '1809532434938758973', '1807817534926197514', '1810555805056695517',
        '1810407465227691389', '1809574270642227506', '1808079866585801613', '1809303746609463483', '1785265636840173569'],
      by: 'FAVORITES',
      first: 10,
    },
  },
  {
    title: 'A/B: two groups of Tweets, day by day',
    query: `# Which wording did better? Put the Tweets of each into a and b.
query Compare($a: [ID!]!, $b: [ID!]!, $start: DateTime, $end: DateTime, $timeZone: String! = "UTC") {
  a: historical(tweetIds: $a, start: $start, end: $end, groupBy: [DAY], timeZone: $timeZone) {
    date
    impressions
    favorites
    urlClicks
    engagementRate
  }
  b: historical(tweetIds: $b, start: $start, end: $end, groupBy: [DAY], timeZone: $timeZone) {
    date
    impressions
    favorites
    urlClicks
    engagementRate
  }
}
`,
    variables: {
      a: ['1807826314461643416', '1808748665886855536'], b: ['1807817534926197514', '1808079866585801613'],
      start: '2024-07-01', end: '2024-07-12', timeZone: 'Europe/Berlin',
    },
  },
  {
    title: 'At which hour of the day people engage',
    query: `query BestHour($ids: [ID!]!, $start: DateTime, $end: DateTime, $timeZone: String! = "UTC") {
  historical(tweetIds: $ids, start: $start, end: $end, groupBy: [HOUR_OF_DAY], timeZone: $timeZone) {
    hourOfDay
    impressions
    engagements
    engagementRate
  }
}
`,
    variables: { ids: summer, start: '2024-07-01', end: '2024-07-15', timeZone: 'America/New_York' },
  },
  {
    title: 'What people did with three Tweets',
    query: `query Actions($ids: [ID!]!, $start: DateTime, $end: DateTime) {
  historical(tweetIds: $ids, start: $start, end: $end, groupBy: [ENGAGEMENT_TYPE], orderBy: [{ field: COUNT }]) {
    engagementType
    count
  }
}
`,
    variables: { ids: summer, start: '2024-07-01', end: '2024-07-15' },
  },
  {
    title: 'One Tweet, for a card on a page',
    query: `query Card($id: ID!) {
  tweet(id: $id) {
    id
    createdAt
    totals { favorites retweets quoteTweets replies asOf }
  }
}
`,
    variables: { id: '1260294888811347969' },
  },
  {
    title: 'Live: numbers as they grow',
    query: `# It runs until you press Stop. An event comes when a number is another than before.
# @fresh asks for numbers of the last seconds, which costs calls; without it they change when they are past their time.
subscription Live($ids: [ID!]!) {
  totals(tweetIds: $ids, everySeconds: 10) @fresh(maxAge: 10) {
    tweetId
    impressions
    engagements
    favorites
  }
}
`,
    get variables() { return { ids: young(4, 12, 45) }; },
  },
  {
    title: 'Numbers that do not exist, and why',
    query: `# A dash is a number that is not known. The reason is at each of them.
query Unknown($ids: [ID!]!) {
  totals(tweetIds: $ids) {
    tweetId
    favorites
    impressions
    videoViews
    asOf
  }
}
`,
    variables: {
      ids: ['1260294888811347969', '1720140212187844609', '1802997363221987329', '336451240063930369', '1785265636840173569'],
    },
  },
];
