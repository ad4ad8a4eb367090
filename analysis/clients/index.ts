import { ajaxToolkit } from './ajax-toolkit';
import { axios } from './axios';
import type { Client } from './client';
import { fetchClients } from './fetch';
import { got } from './got';
import { graphqlRequest } from './graphql-request';
import { https } from './https';
import { jquery } from './jquery';
import { jsforce } from './jsforce';
import { needle } from './needle';
import { nforce } from './nforce';
import { nodeSalesforceConnection } from './node-salesforce-connection';
import { nodeSoap } from './node-soap';
import { passwordGrant } from './password-grant';
import { pubsub } from './pubsub';
import { request } from './request';
import { soapEnvelope } from './soap-envelope';
import { superagent } from './superagent';
import { xhr } from './xhr';

/** Every client, most specific first: where two see the same node, the first one's word stands. */
export const clients: readonly Client[] = [
  ajaxToolkit, jsforce, nodeSalesforceConnection, nodeSoap, nforce, pubsub, soapEnvelope, passwordGrant,
  fetchClients, axios, request, got, superagent, needle, https, xhr, graphqlRequest, jquery,
];
