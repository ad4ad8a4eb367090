import { SalesforceGrantError } from '../errors';
import { authFor, type AuthorizeOptions } from './authorize';
import { soapLoginResult, type SoapLogin } from './soap';

/** An answer to a hand-written SOAP login, as axios gives it. */
export interface SoapLoginAnswer<Data = string> {
  /** The `loginResponse` envelope, for the program to read as before. */
  data: Data;
  status: number;
  statusText: string;
  headers: Record<string, string>;
  config: object;
}

/** As of the `request` library. */
export interface SoapLoginResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

type Address = string | { href: string };
type Callback = (error: Error | null, response?: SoapLoginResponse, body?: string) => void;

/**
 * Drop-ins for hand-written SOAP logins: the request that posts the `login` envelope becomes a login through OAuth, and its
 * answer is the `loginResponse` envelope that the program reads already, with the access token as `sessionId`.
 *
 * `url` is where the envelope went: its host is the login URL as for {@link authorize}, its path says which API and version
 * `serverUrl` is for. The elements are those that OAuth tells: `serverUrl`, `metadataServerUrl`, `sessionId`,
 * `passwordExpired`, `userId`, and of `userInfo` `userId` and `organizationId`. Each call is a fresh login.
 *
 * What Salesforce refuses is answered as it answers a refused login: status 500 and a `soapenv:Fault`. What keeps a login
 * from being tried fails as the client's own failures do.
 *
 * @throws (rejects with, or calls back) SalesforceAuthConfigError, SalesforceAuthError
 */
export const soapLogin = {
  /** For `fetch(url, { method: 'POST', body: envelope })`, whichever package it is from. */
  async fetch(url: Address, options: AuthorizeOptions = {}): Promise<Response> {
    const { status, statusText, headers, body } = await answer(url, options);
    return new Response(body, { status, statusText, headers });
  },

  /** For `axios.post(url, envelope)`. Rejects a refused login with an error whose `response` has the fault, as axios does. */
  // What the program takes the data for is its own type argument, as in axios.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async axios<Data = any>(url: Address, options: AuthorizeOptions = {}): Promise<SoapLoginAnswer<Data>> {
    const { body, ...rest } = await answer(url, options);
    const response = { data: body as Data, ...rest, config: {} };
    if (response.status >= 400) throw new AnswerError(response);
    return response;
  },

  /** For `request.post({ url, body: envelope }, callback)`. */
  request(url: Address, options: AuthorizeOptions, callback: Callback): void {
    answer(url, options).then(
      // On a later tick: what the callback throws is not for this promise.
      ({ status: statusCode, headers, body }) => process.nextTick(callback, null, { statusCode, headers, body }, body),
      (error: Error) => process.nextTick(callback, error),
    );
  },
};

/** What programs look at in an AxiosError. */
class AnswerError extends Error {
  readonly isAxiosError = true;
  readonly code = 'ERR_BAD_RESPONSE';
  readonly status: number;
  constructor(readonly response: SoapLoginAnswer<unknown>) {
    super(`Request failed with status code ${response.status}`);
    this.name = 'AxiosError';
    this.status = response.status;
  }
}

interface Answer {
  status: number;
  statusText: string;
  headers: Record<string, string>;
  body: string;
}

async function answer(url: Address, options: AuthorizeOptions): Promise<Answer> {
  const { origin, pathname } = new URL(typeof url === 'string' ? url : url.href);
  const auth = options.auth ?? authFor({ loginUrl: origin }, options, process.env);
  try {
    return xml(200, 'OK', loginResponse(await soapLoginResult(auth, pathname), pathname));
  } catch (error) {
    if (!(error instanceof SalesforceGrantError)) throw error;
    return xml(500, 'Internal Server Error', fault(error));
  }
}

function xml(status: number, statusText: string, content: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>${content}`;
  return { status, statusText, headers: { 'content-type': 'text/xml;charset=UTF-8' }, body };
}

/** Elements in the order of the WSDL. https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_login_loginresult.htm */
function loginResponse({ result }: SoapLogin, path: string): string {
  const { metadataServerUrl, passwordExpired, serverUrl, sessionId, userId, userInfo } = result;
  const content = [
    element('metadataServerUrl', metadataServerUrl),
    element('passwordExpired', passwordExpired),
    element('serverUrl', serverUrl),
    element('sessionId', sessionId),
    element('userId', userId),
    `<userInfo>${element('organizationId', userInfo.organizationId)}${element('userId', userInfo.userId)}</userInfo>`,
  ].join('');
  return envelope(`xmlns="urn:${/\/Soap\/c\//i.test(path) ? 'enterprise' : 'partner'}.soap.sforce.com"`, `<loginResponse><result>${content}</result></loginResponse>`);
}

/** A refused login: the code of its fault has no prefix. https://github.com/apexsharp/apexsharp/issues/20 */
function fault({ code, message }: SalesforceGrantError): string {
  const reason = code === 'LOGIN_RATE_EXCEEDED' ? code : 'INVALID_LOGIN';
  return envelope('', `<soapenv:Fault>${element('faultcode', reason)}${element('faultstring', `${reason}: ${message}`)}</soapenv:Fault>`);
}

function envelope(namespace: string, body: string): string {
  const names = ['xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"', namespace, 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'];
  return `<soapenv:Envelope ${names.filter(Boolean).join(' ')}><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&apos;' };

function element(name: string, value: unknown): string {
  return `<${name}>${String(value).replace(/[<>&"']/g, (character) => ENTITIES[character]!)}</${name}>`;
}
