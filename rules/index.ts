import noPasswordGrant from './no-password-grant';
import noSoapLogin from './no-soap-login';
import noUnfinishedMigration from './no-unfinished-migration';

export const rules = {
  'no-password-grant': noPasswordGrant,
  'no-soap-login': noSoapLogin,
  'no-unfinished-migration': noUnfinishedMigration,
};
