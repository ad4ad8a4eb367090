'use strict';

const jsforce = require('jsforce');

// Logged in once, kept for the life of the process.
let connection = null;

exports.connect = function (callback) {
  if (connection) return callback(null, connection);

  const username = process.env.SF_USERNAME;
  const password = process.env.SF_PASSWORD + process.env.SF_TOKEN;
  const conn = new jsforce.Connection({ loginUrl: process.env.SF_LOGIN_URL, version: '52.0' });

  conn.login(username, password, function (err, userInfo) {
    if (err) return callback(err);
    console.log('connected to organization ' + userInfo.organizationId);
    connection = conn;
    callback(null, connection);
  });
};
