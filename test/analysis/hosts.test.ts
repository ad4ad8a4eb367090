import { describe, expect, it } from 'vitest';
import { hostKind } from '../../analysis/vocabulary/hosts';

describe('hostKind', () => {
  it.each([
    ['na1.salesforce.com', 'instance'],
    ['CS45.salesforce.com', 'instance'],
    ['eu6-api.salesforce.com', 'instance'],
    ['nordwind.my.salesforce.com', 'my-domain'],
    ['nordwind--stage.cs96.my.salesforce.com', 'my-domain'],
    ['nordwind-dev-ed.develop.my.salesforce.com', 'my-domain'],
    ['nordwind.lightning.force.com', 'lightning'],
  ])('%s is of kind %s', (host, kind) => expect(hostKind(host)).toBe(kind));

  it.each([
    'login.salesforce.com', 'test.salesforce.com', 'developer.salesforce.com', 'api.status.salesforce.com', 'my.salesforce.com.evil.example',
    'yourInstance.my.salesforce.com', 'MyDomainName.my.salesforce.com', 'your-company--uat.sandbox.my.salesforce.com', 'mycompany.lightning.force.com',
    '<org>.my.salesforce.com', '*.my.salesforce.com', 'example.my.salesforce.com', 'test1234.my.salesforce.com', 'xxx.my.salesforce.com',
  ])('%s is none', (host) => expect(hostKind(host)).toBeUndefined());
});
