import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { post } from '../request/client.js';

/**
 * The schema that the server has now.
 *
 * @returns {Promise<import('graphql').GraphQLSchema>}
 * @throws An Error that says why there is none: the server is gone, or does not tell its schema.
 */
export async function fetchSchema() {
  const { body } = await post({ query: getIntrospectionQuery({ specifiedByUrl: true }) });
  if (!body?.data?.__schema) {
    throw new Error(body?.errors?.[0]?.message ?? 'The server does not tell its schema.');
  }
  return buildClientSchema(body.data);
}
