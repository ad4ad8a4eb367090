#!/usr/bin/env node
'use strict';

// For the operators: do the credentials still work?

const jsforce = require('jsforce');

const conn = new jsforce.Connection({ loginUrl: process.env.SF_LOGIN_URL });

conn.login(process.env.SF_USERNAME, process.env.SF_PASSWORD + process.env.SF_TOKEN)
  .then(function (userInfo) {
    console.log('login works, user ' + userInfo.id);
  })
  .catch(function (err) {
    console.log('login failed: ' + err.message);
    process.exitCode = 1;
  });
