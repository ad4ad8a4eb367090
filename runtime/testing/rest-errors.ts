import { json, text, wantsXml, XML_TYPE, type Answer, type Incoming } from './http';
import { element } from './xml';

/**
 * A REST error: a JSON array of one, or XML for a client that asks for it.
 * https://github.com/jstanden/cerb/issues/836 , https://pastebin.com/aRJcqtUg
 */
export function restError(request: Incoming, status: number, errorCode: string, message: string): Answer {
  if (!wantsXml(request)) return json(status, [{ message, errorCode }]);
  const error = element('errorCode', errorCode) + element('message', message);
  return text(status, `<?xml version="1.0" encoding="UTF-8"?><Errors><Error>${error}</Error></Errors>`, XML_TYPE);
}

/** https://github.com/electricimp/Salesforce/issues/11 */
export function notFound(request: Incoming): Answer {
  return restError(request, 404, 'NOT_FOUND', 'The requested resource does not exist');
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm */
export function methodNotAllowed(request: Incoming): Answer {
  return restError(request, 405, 'METHOD_NOT_ALLOWED', `HTTP Method '${request.method}' not allowed.`);
}
