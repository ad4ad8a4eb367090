import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClientAsync } from 'soap';
import { startFakeOrg, type FakeOrg } from 'salesforce-auth-client/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/** The parts of a partner WSDL that a login and a query need, in our own words. */
function partnerWsdl(location: string): string {
  const text = (names: string[]) => names.map((name) => `<element name="${name}" type="xsd:string" minOccurs="0"/>`).join('');
  const message = (name: string, part: string) => `<message name="${name}"><part element="tns:${part}" name="parameters"/></message>`;
  const operation = (name: string) => `<operation name="${name}"><input message="tns:${name}Request"/><output message="tns:${name}Response"/></operation>`;
  const binding = (name: string) => `<operation name="${name}"><soap:operation soapAction=""/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions targetNamespace="urn:partner.soap.sforce.com" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:tns="urn:partner.soap.sforce.com" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <types><schema elementFormDefault="qualified" xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:partner.soap.sforce.com">
    <complexType name="UserInfo"><sequence>${text(['organizationId', 'userName'])}</sequence></complexType>
    <complexType name="LoginResult"><sequence>${text(['metadataServerUrl', 'passwordExpired', 'serverUrl', 'sessionId', 'userId'])}<element name="userInfo" type="tns:UserInfo"/></sequence></complexType>
    <complexType name="sObject"><sequence><element name="type" type="xsd:string"/><any minOccurs="0" maxOccurs="unbounded"/></sequence></complexType>
    <complexType name="QueryResult"><sequence>${text(['done', 'queryLocator'])}<element name="records" type="tns:sObject" minOccurs="0" maxOccurs="unbounded"/><element name="size" type="xsd:int"/></sequence></complexType>
    <element name="login"><complexType><sequence>${text(['username', 'password'])}</sequence></complexType></element>
    <element name="loginResponse"><complexType><sequence><element name="result" type="tns:LoginResult"/></sequence></complexType></element>
    <element name="query"><complexType><sequence>${text(['queryString'])}</sequence></complexType></element>
    <element name="queryResponse"><complexType><sequence><element name="result" type="tns:QueryResult"/></sequence></complexType></element>
  </schema></types>
  ${message('loginRequest', 'login')}${message('loginResponse', 'loginResponse')}${message('queryRequest', 'query')}${message('queryResponse', 'queryResponse')}
  <portType name="Soap">${operation('login')}${operation('query')}</portType>
  <binding name="SoapBinding" type="tns:Soap"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>${binding('login')}${binding('query')}</binding>
  <service name="SforceService"><port binding="tns:SoapBinding" name="Soap"><soap:address location="${location}"/></port></service>
</definitions>`;
}

describe('node-soap with a partner WSDL', () => {
  let folder: string;
  let org: FakeOrg;
  beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'fake-org-')); });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(async () => { org = await startFakeOrg(); });
  afterEach(() => org.close());

  async function connect(version = '60.0') {
    const path = join(folder, `${version}.wsdl`);
    await writeFile(path, partnerWsdl(`${org.url}/services/Soap/u/${version}`));
    return createClientAsync(path, { disableCache: true });
  }

  it('logs in, moves to the server URL, and queries', async () => {
    const client = await connect();
    const { username, password, securityToken } = org.credentials;
    const [answer] = await client['loginAsync']({ username, password: password + securityToken });
    expect(answer.result.userInfo).toMatchObject({ userName: username, organizationId: expect.stringMatching(/^00D\w{15}$/) });
    client.setEndpoint(answer.result.serverUrl);
    client.addSoapHeader({ SessionHeader: { sessionId: answer.result.sessionId } }, '', 'tns', 'urn:partner.soap.sforce.com');
    const [{ result }] = await client['queryAsync']({ queryString: 'SELECT Id, Name FROM Account' });
    expect(result.size).toBe(3);
    expect(result.records.map((record: { type: string }) => record.type)).toEqual(['Account', 'Account', 'Account']);
    org.expireSessions();
    const error = await client['queryAsync']({ queryString: 'SELECT Id FROM Account' }).catch((thrown: unknown) => thrown);
    expect(error.message).toMatch(/^sf:INVALID_SESSION_ID: INVALID_SESSION_ID: Invalid Session ID found in SessionHeader/);
    expect(error.root.Envelope.Body.Fault.faultcode).toBe('sf:INVALID_SESSION_ID');
  });

  it('gets the faults of a login that is over', async () => {
    const { username, password } = org.credentials;
    const login = async (version: string) => (await connect(version))['loginAsync']({ username, password }).catch((thrown: unknown) => thrown);
    expect((await login('66.0')).message).toContain('not available in the API version specified (66.0)');
    org.setSoapLogin('disabled');
    expect((await login('60.0')).message).toContain('SOAP API login() is disabled by default in this org');
  });
});
