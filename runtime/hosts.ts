/** This machine: the only place plain http is good enough for. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** The hosts that serve every org. External client apps refuse them: https://github.com/n8n-io/n8n/issues/28990 */
export function isGenericLoginHost(hostname: string): boolean {
  return hostname === 'login.salesforce.com' || hostname === 'test.salesforce.com';
}

/** A UI host: it redirects logins and loses their body. https://github.com/OpenFn/adaptors/issues/295 */
export function isLightningHost(hostname: string): boolean {
  return /\.lightning\.(force\.com|crmforce\.mil|sfcrmapps\.cn)$/.test(hostname);
}

/**
 * A My Domain that can only be a production or Developer Edition org: no sandbox suffix, no partition such as `.sandbox.`.
 * https://help.salesforce.com/apex/HTViewHelpDoc?id=xcloud.domain_name_package_guidance.htm
 */
export function isProductionDomain(hostname: string): boolean {
  return /^[^.]+\.my\.salesforce\.com$/.test(hostname) && !hostname.includes('--');
}

/** Could this be an org's instance? Worth asking the login, which alone knows. */
export function mayBeInstance(hostname: string): boolean {
  return /\.(salesforce\.com|salesforce\.mil|sfcrmproducts\.cn)$/.test(hostname) || isLoopback(hostname);
}

/** Does a URL ask for a token, or end one? That takes credentials of its own: a client that other code shares may well go there. */
export function isTokenEndpoint({ pathname }: URL): boolean {
  return /^\/services\/oauth2\/(?:token|revoke|introspect|authorize)$/.test(pathname);
}
