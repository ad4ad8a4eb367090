// Files of any size that concern us all through: every part logs in, holds a token, sends it, logs and decides by an expiry.
const part = (index) => `
const connection${index} = new jsforce.Connection({ loginUrl: process.env.SF_LOGIN_URL_${index} });
let token${index};
let expiresAt${index} = 0;

export async function login${index}(user, password) {
  const answer = await connection${index}.login(user, password);
  token${index} = connection${index}.accessToken;
  expiresAt${index} = Date.now() + 3600 * 1000;
  console.log('logged in', answer.id);
  return answer;
}

export async function accounts${index}(limit) {
  if (Date.now() > expiresAt${index}) await login${index}(process.env.SF_USER_${index}, process.env.SF_PASSWORD_${index});
  const query = 'SELECT Id, Name FROM Account LIMIT ' + limit;
  const response = await fetch(\`\${connection${index}.instanceUrl}/services/data/v60.0/query?q=\${encodeURIComponent(query)}\`, {
    headers: { Authorization: 'Bearer ' + token${index}, Accept: 'application/json' },
  });
  if (response.status === 401) {
    await login${index}(process.env.SF_USER_${index}, process.env.SF_PASSWORD_${index});
    return accounts${index}(limit);
  }
  const { records } = await response.json();
  return records.map((record) => ({ id: record.Id, name: record.Name, label: record.Name + ' (' + record.Id + ')' }));
}
`;

/** A file of at least so many characters. */
export function fileOf(characters) {
  let text = "import jsforce from 'jsforce';\n";
  for (let index = 0; text.length < characters; index++) text += part(index);
  return { path: 'growth.js', text };
}
