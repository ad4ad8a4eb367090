/** The environment variables that the runtime reads for each flow. @see ../runtime/env.ts */
import type { Flow } from './report';

export const ENV: Readonly<Record<Flow | 'refresh-token', readonly string[]>> = {
  'jwt-bearer': ['SALESFORCE_LOGIN_URL', 'SALESFORCE_CLIENT_ID', 'SALESFORCE_PRIVATE_KEY'],
  'refresh-token': ['SALESFORCE_LOGIN_URL', 'SALESFORCE_CLIENT_ID', 'SALESFORCE_REFRESH_TOKEN'],
  'client-credentials': ['SALESFORCE_LOGIN_URL', 'SALESFORCE_CLIENT_ID', 'SALESFORCE_CLIENT_SECRET'],
};
