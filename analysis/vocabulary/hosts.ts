/** Salesforce's hosts by what they are good for. */

/**
 * `instance`: a pod such as `na1.salesforce.com`; `my-domain`: an org's own host; `lightning`: the user interface, which
 * answers no API and no login.
 */
export type HostKind = 'instance' | 'my-domain' | 'lightning';

const INSTANCE = /^[a-z]{2,4}\d{1,4}[a-z]?(?:-api)?\.salesforce\.com$/;
const MY_DOMAIN = /\.(?:my\.salesforce|cloudforce)\.com$/;
const LIGHTNING = /\.lightning\.force\.com$/;

/** What samples call an org: `yourInstance`, `MyDomainName`, `your-company--sandbox`, `xxx`. */
const PLACEHOLDER =
  /^(?:(?:your|my|the|some|any|a|an)?[-_]?(?:own)?[-_]?(?:salesforce|sfdc|sf)?[-_]?(?:domain|my-?domain|instance|org|organi[sz]ation|company|tenant|customer|client|subdomain|host|site|business|corp|pod|sandbox|dev)(?:[-_]?(?:name|url|id|domain|here|org|instance))*|(?:your|my)[-_].*|your[a-z]*|acme\w*|example\w*|test\w*|foo|bar|baz|fake\w*|dummy|mock\w*|sample\w*|demo|placeholder|xx+|abc(?:123)?|salesforce|na|instance-?\w*)$/;

/** The kind of a literal host; undefined for login, test and every other host, and for the placeholders of samples. */
export function hostKind(host: string): HostKind | undefined {
  const name = host.toLowerCase();
  if (INSTANCE.test(name)) return 'instance';
  const kind = MY_DOMAIN.test(name) ? 'my-domain' : LIGHTNING.test(name) ? 'lightning' : undefined;
  return kind && !isPlaceholder(name) ? kind : undefined;
}

function isPlaceholder(name: string): boolean {
  // `<org>--<sandbox>.sandbox.my…`, `<org>-dev-ed.develop.my…`: the org's name decides.
  const org = name.split('.', 1)[0]!.replace(/--.*$/, '').replace(/-dev-ed$/, '');
  return PLACEHOLDER.test(org) || !/^[a-z0-9-]+$/.test(org);
}
