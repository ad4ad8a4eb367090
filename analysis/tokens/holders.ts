/** Secrets and what holds them: what is left of one in its members, in a text, and in what it is put into. */
import { HARMLESS_FIELDS, perhapsSecretNamed, secretNamed, type SecretKind } from '../vocabulary/secrets';

type Holder =
  | 'connection'
  | 'OAuth2 client'
  | 'token response'
  | 'HTTP response'
  | 'request'
  | 'request error'
  /** An answer that carries the request it answers. */
  | 'answered request'
  | 'object'
  | 'environment'
  | 'cookie'
  | 'command output';

/** A secret, or something that shows one when it is printed. */
export interface HeldSecret {
  kind: SecretKind;
  /** Absent where the expression is the secret itself. */
  holder?: Holder;
  /** A holder that is a text already, such as a response body: it shows its secret in a concatenation too. */
  isText?: boolean;
  /** Known from where it comes from, not from its name. */
  isTraced?: boolean;
}

/** The member of a holder; undefined where it is known to be harmless. */
export function memberOf(secret: HeldSecret, name: string): HeldSecret | undefined {
  if (!secret.holder) return undefined;
  if (HARMLESS_FIELDS.has(name)) return undefined;
  const kind = secretNamed(name) ?? (secret.holder === 'connection' || secret.holder === 'token response' ? perhapsSecretNamed(name) : undefined);
  if (kind) return { kind, ...(secret.isTraced && { isTraced: true }) };
  const { isText: _, ...rest } = secret;
  switch (secret.holder) {
    case 'connection':
      return name === 'oauth2' ? { kind: 'client secret', holder: 'OAuth2 client', isTraced: true } : name === 'oauth' ? { ...rest, holder: 'token response' } : undefined;
    case 'HTTP response':
      if (name === 'data' || name === 'body') return { ...secret, holder: 'token response' };
      return name === 'config' || name === 'request' ? { ...rest, holder: 'request' } : undefined;
    case 'token response':
      return name === 'data' || name === 'body' || name === 'result' ? rest : undefined;
    case 'answered request':
      return name === 'config' || name === 'request' ? { ...rest, holder: 'request' } : undefined;
    case 'request error':
      return name === 'config' || name === 'request' || name === 'options' ? { ...rest, holder: 'request' } : name === 'response' ? { ...rest, holder: 'request error' } : undefined;
    case 'request':
      return name === 'headers' || name === 'data' || name === 'form' ? rest : undefined;
    case 'command output':
      return name === 'stdout' ? secret : name === 'result' ? rest : undefined;
    case 'cookie':
      return name === 'value' ? { kind: secret.kind, isTraced: true } : undefined;
    default:
      return undefined;
  }
}

/** What an array or a rest pattern makes of a secret in it. */
export function asHolder(secret: HeldSecret | undefined): HeldSecret | undefined {
  return secret && { ...secret, holder: secret.holder ?? 'object', isText: false };
}

export function asText(secret: HeldSecret | undefined): HeldSecret | undefined {
  return secret?.holder ? { ...secret, isText: true } : secret;
}

export function asObject(secret: HeldSecret): HeldSecret {
  return secret.holder ? { ...secret, isText: false } : secret;
}

/** The first secret among what a function finds in some items. */
export function firstSecret<T>(items: readonly T[], of: (item: T) => HeldSecret | null | undefined): HeldSecret | undefined {
  for (const item of items) {
    const secret = of(item);
    if (secret) return secret;
  }
  return undefined;
}
