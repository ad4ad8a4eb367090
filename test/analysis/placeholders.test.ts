import { describe, expect, it } from 'vitest';
import { isPlaceholder } from '../../analysis/vocabulary/placeholders';
import { clientSecret, noise, oldClientSecret, password, securityToken } from '../support/secrets';

describe('isPlaceholder', () => {
  it.each([
    '', 'xxx', 'XXXXXXXX', '...', '****', 'password', 'Password1', 'secret123', 'changeme', 'ChangeMe!', 'YOUR_TOKEN', 'your-client-secret', 'yourSecurityToken', '<token>', 'my<token>',
    '{{mustache}}', '${PASSWORD}', '$PASSWORD', '%PASSWORD%', '[password]', '__PASSWORD__', '{!$Api.Session_ID}', 'SF_PASSWORD', 'test', 'test-client-secret', 'mock-password', 'fakePassword',
    'invalid refresh token', 'foo', '12345', '00000', 'aaaa', 'hunter2', 'passwordAndToken', 'MOCK_CLIENT_SECRET', 'fallback-client-secret', 'MyOtherSecretPassword',
  ])('takes %j for one', (text) => expect(isPlaceholder(text)).toBe(true));

  it.each([password(), securityToken(), clientSecret(), oldClientSecret(), noise(8), `Winter${noise(4, 2, '2345')}!`, 'x'.repeat(201)])('takes a made-up secret for none (%#)', (text) => expect(isPlaceholder(text)).toBe(false));

  it('ends on long texts of its own words', () => {
    const started = performance.now();
    expect(isPlaceholder(`${'password'.repeat(20)}q9`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(50);
  });
});
