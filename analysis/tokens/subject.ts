/** What a file is about, as far as names of secrets need it to mean anything. */
import type { FileModel } from '../file';
import { positionsOf, type Positions } from '../positions';
import { isSalesforceAddress, mentionsSalesforce } from '../salesforce';
import type { Settings } from '../settings';
import type { Node } from '../source';
import { jsforceFlavour, NFORCE, SOAP_CLIENTS } from '../vocabulary/libraries';

const OF_SALESFORCE = /salesforce|sfdc|sforce|jsforce|nforce|sfdx|force\.com|forcedotcom|forcejs/i;
const FRONTDOOR = /secur\/frontdoor\.jsp/;
const OF_OAUTH = /oauth|access_?token|refresh_?token|client_?secret|grant_type|bearer/i;
const SESSION_WORDS = /serverUrl|X-SFDC-Session|SessionHeader|frontdoor|GETSESSIONID|\bsforce\b|Session_ID\}|document\.cookie|SOAPAction|soapenv|\bsf_?sid\b/i;
/** A file that signs JWTs without these makes its own sessions, not assertions. */
const GRANTS_BY_JWT = /assertion|jwt-?bearer|(?:login|test)\.salesforce\.com/i;
export const SESSION_MERGE_FIELD = /\{!\s*(?:GETSESSIONID\(\)|\$Api\.Session_ID)\s*\}/i;

/** Each answer is worked out on first use. */
export class Subject {
  constructor(
    private readonly file: FileModel,
    readonly scope: Settings['scope'],
  ) {}

  /** Is the file about Salesforce, by its imports, addresses and names? Under scope `any`: about OAuth at all? */
  get isConcerned(): boolean {
    this.concerned ??= (this.scope === 'any' && OF_OAUTH.test(this.file.source.text)) || this.isOfSalesforce;
    return this.concerned;
  }
  private concerned: boolean | undefined;

  get isOfSalesforce(): boolean {
    this.ofSalesforce ??= this.namesSalesforce();
    return this.ofSalesforce;
  }
  private ofSalesforce: boolean | undefined;

  /** Does it deal in sessions of Salesforce, rather than in its own? */
  get knowsSessions(): boolean {
    this.sessions ??= SESSION_WORDS.test(this.file.source.text);
    return this.sessions;
  }
  private sessions: boolean | undefined;

  get signsAssertions(): boolean {
    this.assertions ??= this.isConcerned && GRANTS_BY_JWT.test(this.file.source.text);
    return this.assertions;
  }
  private assertions: boolean | undefined;

  /** Which libraries the file uses that log in to Salesforce. */
  get libraries(): { jsforce: boolean; nforce: boolean; core: boolean; soap: boolean; axios: boolean } {
    if (!this.used) {
      const modules = [...this.file.modules];
      this.used = {
        jsforce: modules.some((module) => jsforceFlavour(module)),
        nforce: modules.some((module) => NFORCE.has(module)),
        core: modules.some((module) => module.startsWith('@salesforce/')),
        soap: modules.some((module) => SOAP_CLIENTS.has(module)),
        axios: modules.includes('axios'),
      };
    }
    return this.used;
  }
  private used: Subject['libraries'] | undefined;

  /** Does code read the `sid` cookie, as far as its words say? */
  isSidCookie(node: Node): boolean {
    if (!this.isConcerned) return false;
    this.sids ??= positionsOf(this.file.source.text, /\bsid\b/g);
    this.cookies ??= positionsOf(this.file.source.text, /cookie/gi);
    return this.sids.isAnyIn(node) && this.cookies.isAnyIn(node);
  }
  private sids: Positions | undefined;
  private cookies: Positions | undefined;

  private namesSalesforce(): boolean {
    const { file } = this;
    if (!mentionsSalesforce(file) && !isSalesforceAddress(file.source.text)) return FRONTDOOR.test(file.source.text);
    if ([...file.modules].some((module) => OF_SALESFORCE.test(module))) return true;
    const saysSo = (text: string) => isSalesforceAddress(text) || FRONTDOOR.test(text) || SESSION_MERGE_FIELD.test(text);
    if (saysSo(file.source.text)) {
      if (file.all('Literal').some(({ value }) => typeof value === 'string' && saysSo(value))) return true;
      if (file.all('TemplateElement').some(({ value }) => saysSo(value.raw))) return true;
    }
    if (file.source.text.includes('force\\.com') && file.all('Literal').some((literal) => 'regex' in literal && /force\\\.com/.test(literal.regex.pattern))) return true;
    return file.all('Identifier').some(({ name }) => OF_SALESFORCE.test(name) || /^SF_|^sf[A-Z]|^instance_url$/.test(name));
  }
}
