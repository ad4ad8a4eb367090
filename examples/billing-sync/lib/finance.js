'use strict';

const jsforce = require('jsforce');

// The finance package is on an older API version, so it gets a session of its own. Also kept for the life of the process.
let session = null;

function login() {
  return new Promise(function (resolve, reject) {
    const conn = new jsforce.Connection({
      loginUrl: process.env.SF_LOGIN_URL,
      version: '45.0'
    });
    conn.loginBySoap(process.env.SF_USERNAME, process.env.SF_PASSWORD + process.env.SF_TOKEN, function (err) {
      if (err) return reject(err);
      resolve(conn);
    });
  });
}

exports.open = function () {
  session = session || login();
  return session;
};
