import { text, type Answer } from './http';
import { element, escapeXml } from './xml';

/** Which of the SOAP APIs: their namespaces differ. */
export type Flavour = 'partner' | 'enterprise' | 'metadata' | 'apex' | 'tooling';

/** What a SOAP request asks for, read before it is counted. */
export interface SoapCall {
  flavour: Flavour;
  version: string;
  operation: string;
  body: string;
  sessionId: string | undefined;
}

function namespaceOf(flavour: Flavour): string {
  return flavour === 'metadata' ? 'http://soap.sforce.com/2006/04/metadata' : `urn:${flavour}.soap.sforce.com`;
}

/** A result, wrapped in the response of its operation. */
export function result(call: SoapCall, content: string): Answer {
  return envelope(call, `<${call.operation}Response><result>${content}</result></${call.operation}Response>`);
}

/** A success. */
export function envelope(call: SoapCall, content: string): Answer {
  const objects = `urn:sobject.${call.flavour === 'enterprise' ? 'enterprise' : 'partner'}.soap.sforce.com`;
  return xml(200, `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="${namespaceOf(call.flavour)}" xmlns:sf="${objects}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`);
}

/**
 * Faults are HTTP 500. The code of a login fault has no prefix, others have `sf:`.
 * https://github.com/apexsharp/apexsharp/issues/20 , https://github.com/forcedotcom/postman-salesforce-apis/issues/56
 */
export function fault(call: SoapCall, code: string, message: string): Answer {
  const faults = `urn:fault.${call.flavour === 'enterprise' ? 'enterprise' : 'partner'}.soap.sforce.com`;
  const [prefix, type] = call.operation === 'login' ? ['', 'LoginFault'] : ['sf:', 'UnexpectedErrorFault'];
  const detail = `<detail><sf:${type} xsi:type="sf:${type}">${element('sf:exceptionCode', code)}${element('sf:exceptionMessage', message)}</sf:${type}></detail>`;
  return xml(500, `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:sf="${faults}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault><faultcode>${prefix}${code}</faultcode><faultstring>${escapeXml(`${code}: ${message}`)}</faultstring>${detail}</soapenv:Fault></soapenv:Body></soapenv:Envelope>`);
}

function xml(status: number, body: string): Answer {
  return text(status, body, 'text/xml;charset=UTF-8');
}
