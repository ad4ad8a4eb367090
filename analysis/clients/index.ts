import { ajaxToolkit } from './ajax-toolkit';
import type { Client } from './client';
import { jsforce } from './jsforce';
import { nforce } from './nforce';
import { nodeSalesforceConnection } from './node-salesforce-connection';
import { nodeSoap } from './node-soap';
import { passwordGrant } from './password-grant';
import { pubsub } from './pubsub';
import { soapEnvelope } from './soap-envelope';

/** Every client, most specific first: where two see the same node, the first one's word stands. */
export const clients: readonly Client[] = [ajaxToolkit, jsforce, nodeSalesforceConnection, nodeSoap, nforce, pubsub, soapEnvelope, passwordGrant];
