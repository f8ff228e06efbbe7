/** What to do about errors, by their codes. The message itself says what is wrong. */
const advice = {
  TWEET_UNAVAILABLE: 'Take these Tweets out. They are left out of sums.',
  TWEET_FORBIDDEN: 'Only their author may see them: configure the author’s token (accounts, alsoReads), or ask for public metrics.',
  TWEET_TOO_OLD: 'Ask historical for a window instead: it counts engagements of old Tweets too.',
  UPSTREAM_RATE_LIMITED: 'Wait for the next minute and run again. Health shows the quota.',
  UPSTREAM_TIMEOUT: 'Run again; what did come is kept. server.deadlineSeconds sets how long is waited.',
  UPSTREAM_UNAVAILABLE: 'The Engagement API fails or cannot be reached. Run again in a moment; Health shows when it is back.',
  UPSTREAM_INVALID_RESPONSE: 'Run again. If it stays like this, look at what stands between here and the API.',
  UPSTREAM_INCOMPLETE: 'Run again.',
  UPSTREAM_UNAUTHENTICATED: 'Look at the account’s key and token in the configuration.',
  UPSTREAM_APP_NOT_ALLOW_LISTED: 'The App ID has to be enrolled by the account manager at X.',
  UPSTREAM_FORBIDDEN: 'Leave metrics or Tweets out to find which it is.',
  UPSTREAM_REFUSED: 'Please report it: it is a fault of this server.',
  NOT_CACHED: 'Leave out only-if-cached to have it fetched.',
  USAGE_EXHAUSTED: 'The contract’s Tweets of this month are used up; those asked before still work.',
  STALE: 'An older number is shown, since there is no newer one now.',
  INVALID_WINDOW: 'start comes before end, and neither before September 2014 nor in the future.',
  INVALID_TIME_ZONE: 'Use a name such as Europe/Berlin.',
  TOO_MANY_TWEETS: 'Ask for fewer Tweets at once (limits.tweets).',
  TOO_MANY_CELLS: 'Ask for fewer Tweets, metrics or hours at once (limits.cells).',
  TOO_COMPLEX: 'Ask for less at once (limits.complexity).',
  PURGE_DISABLED: 'cache.purgeByMutation is switched off.',
  NOT_ON_SAFELIST: 'Only saved queries are answered here (graphql.safelist).',
};

/** @param {any} error Of a response, or a warning. */
export const adviceFor = (error) => advice[error?.extensions?.code ?? error?.code] ?? '';

const metricName = (type) => type.toLowerCase().replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/**
 * Why a number of a dataset is null.
 *
 * @param {any[]} errors
 * @param {import('./datasets.js').Dataset} dataset
 * @param {Record<string, any>} row
 * @param {import('./columns.js').Column} column
 */
export function reason(errors, dataset, row, column) {
  const ids = dataset.columns.filter((each) => each.kind === 'id').map((each) => row[each.name]).filter(Boolean);
  const isRate = column.kind === 'ratio';
  const found = errors.filter((error) => {
    const { tweetIds = [], engagementTypes = [] } = error.extensions ?? {};
    if (error.path?.length && error.path[0] !== dataset.root) return false;
    if (ids.length && tweetIds.length && !tweetIds.some((id) => ids.includes(id))) return false;
    if (!engagementTypes.length || ['count', 'asOf'].includes(column.field)) return true;
    const types = engagementTypes.map(metricName);
    return isRate ? types.some((type) => ['impressions', 'engagements'].includes(type)) : types.includes(column.field);
  });
  if (found.length) return found.map((error) => error.message).join(' ');
  if (isRate) return 'There is no rate without impressions.';
  if (['tweetId', 'engagementType', 'date', 'hourOfDay'].includes(column.field)) return 'Rows are not grouped by it.';
  return 'This is not known.';
}
