/** What hand-written SOAP requests look like. */

/** The element that a login envelope is known by, whatever its prefix. */
export const LOGIN_ELEMENT = /<(?:[\w-]+:)?login[\s>]/;
