/** Decides, for all places of a file at once, which of them become refresh-aware: a header goes when everybody who sends it can do without. */
import { heldTokens, requestsIn, settingsOf, type FileModel, type Header, type HeldToken, type HttpCall } from '../../analysis';
import { runsInBrowser } from '../../analysis/browser';
import { headersSent } from '../../analysis/headers';
import type { Node } from '../../analysis/source';
import type { Edit } from '../../edits';
import { flowOfHeld } from '../flow';
import type { Decision, Place } from '../places';
import { dropHeader } from './header';
import type { TransformOptions } from '../report';
import { flowOfToken, foreignness } from './identity';
import { lossOf } from './loss';
import { senderOf, type Sender } from './senders';

/** A request or connection on a held token. */
export interface HeldPlace extends Place {
  held: HeldToken;
  decision: Decision;
  /** By which flow the file obtains the token, where it asks for it itself. */
  grant?: keyof typeof SAME_GRANT;
  /** Set where it is to be rewritten. */
  sender?: Sender;
  /** The edits that take its token's headers out. */
  drops: Edit[];
}

const OWN_IDENTITY =
  "Decide whose identity this is. The application's own: send it with salesforce.fetch() of salesforce-auth-client. A user's or a customer's: one manager for each, auth = createSalesforceTenants({ … }), auth.for({ username }).fetch()";

/** The code names no user any more, and nobody else knows whom its token stood for. */
const SAME_USER = 'See that salesforce is the user whom this token stood for: SALESFORCE_USERNAME with JWT bearer, the run-as user with client credentials';

/** What the environment has to say for a token that the file asks for itself. */
const SAME_GRANT = {
  'client-credentials': 'Set SALESFORCE_FLOW=client-credentials, with SALESFORCE_LOGIN_URL, SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET as its own token request has them: the run-as user of the app stays the same',
  'jwt-bearer': 'Set SALESFORCE_FLOW=jwt-bearer, with SALESFORCE_LOGIN_URL, SALESFORCE_CLIENT_ID, SALESFORCE_PRIVATE_KEY and SALESFORCE_USERNAME as its own assertion has them',
  'refresh-token': 'Set SALESFORCE_FLOW=refresh-token, with SALESFORCE_LOGIN_URL, SALESFORCE_CLIENT_ID and SALESFORCE_REFRESH_TOKEN as its own token request has them',
} as const;

export function planFor(file: FileModel, { authModule }: TransformOptions): HeldPlace[] {
  const browser = runsInBrowser(file);
  const places = heldTokens(file.source, settingsOf(undefined)).map((held): HeldPlace => {
    const found = { rule: 'require-401-handling', node: held.node, what: whatOf(held), flow: flowOfHeld(file, held), held, drops: [] };
    const marked = (reason: string, next: string): HeldPlace => ({ ...found, decision: { state: 'marked', reason, next } });
    if (browser) return marked('this file runs in a browser, where no key or secret may be kept', 'Move the call to a server, or send the user to log in again when it is answered with 401');
    const foreign = foreignness(file, held);
    if (foreign) return marked(foreign, OWN_IDENTITY);
    const sender = senderOf(file, held);
    if ('reason' in sender) return marked(sender.reason, sender.next);
    const loss = lossOf(file, held);
    if (loss) return { ...found, decision: loss };
    const grant = authModule === undefined ? flowOfToken(file, held) : undefined;
    return { ...found, sender, ...(grant && { grant }), decision: { state: 'migrated', reason: REASONS[sender.kind], next: grant ? SAME_GRANT[grant] : SAME_USER } };
  });
  keepSharedClients(places);
  keepSharedHeaders(file, places);
  return places;
}

/** What wraps a client of request or superagent takes its streams away: one request that needs them keeps all. */
function keepSharedClients(places: readonly HeldPlace[]): void {
  const kept = new Set(places.filter(({ sender }) => !sender).map(({ held }) => held.request?.madeBy));
  for (const place of places) {
    const { madeBy, library } = place.held.request ?? {};
    const own = OWN_CLIENT[library ?? ''];
    if (place.sender && own && madeBy && kept.has(madeBy)) stayMarked(place, 'its client also sends what cannot become refresh-aware', `Give the requests that can a client of their own: ${own} of salesforce-auth-client`);
  }
}

const OWN_CLIENT: Readonly<Record<string, string>> = { request: 'withRequest(salesforce, request).defaults({ … })', superagent: 'withSuperagent(salesforce, superagent.agent())' };

function stayMarked(place: HeldPlace, reason: string, next: string): void {
  delete place.sender;
  place.drops = [];
  place.decision = { state: 'marked', reason, next };
}

const REASONS: Readonly<Record<Sender['kind'], string>> = {
  fetch: 'now salesforce.fetch(), which renews the token by itself',
  'fetch option': 'its client now sends with salesforce.fetch',
  maker: 'its client now renews the token by itself',
  behind: 'the connection now renews the token by itself',
  library: 'the library now renews the token by itself, for the hosts of this org',
  copy: 'now sent by a copy of the library that renews the token by itself',
};

/** A header that others send as well, or that cannot be taken out, keeps all its places as they are. */
function keepSharedHeaders(file: FileModel, places: readonly HeldPlace[]): void {
  for (;;) {
    const migrated = places.filter(({ sender }) => sender);
    const calls = new Set(migrated.flatMap(({ held }) => (held.request ? callsIn(held.request) : [])));
    const others = new Set<Node>(requestsIn(file.source).filter(({ call }) => !calls.has(call)).flatMap((request) => headersSent(request).map(({ nameNode }) => nameNode)));
    const stuck = migrated.filter((place) => !takeOut(file, place, calls, others));
    if (stuck.length === 0) return;
    for (const place of stuck) {
      stayMarked(
        place,
        'the header cannot be taken out safely: other code may see it, ask for it, or bring one of its own',
        'Take the token out of the headers of this request and send it with salesforce.fetch() of salesforce-auth-client',
      );
    }
  }
}

function takeOut(file: FileModel, place: HeldPlace, calls: ReadonlySet<Node>, others: ReadonlySet<Node>): boolean {
  const headers = place.held.headers ?? [];
  const objects = new Set(headers.map(({ nameNode }: Header) => nameNode.parent?.parent));
  const drops = headers.map((header) => (others.has(header.nameNode) ? undefined : dropHeader(file, header, calls, place.held.node)));
  if (drops.some((edit) => edit === undefined) || objects.size < headers.length) return false;
  place.drops = drops as Edit[];
  return true;
}

/** The calls that a request goes through, from where it is asked for to where it leaves. */
function callsIn(request: HttpCall): Node[] {
  const inner = [request.through, request.madeBy].flatMap((one) => (one ? callsIn(one) : []));
  return [request.call, ...(request.steps ?? []), ...inner];
}

function whatOf({ connection, sessionCall, request }: HeldToken): string {
  if (connection) return 'connection on a bare token';
  return `request on a held token through ${sessionCall?.library ?? request?.library ?? 'an unknown client'}`;
}
