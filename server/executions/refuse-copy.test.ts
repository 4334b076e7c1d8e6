import { expect, it } from 'vitest'
import { refuseCopy } from './refuse-copy'

it.each([
  'COPY a FROM STDIN',
  'copy a.b (c, d)\nfrom stdin with (format csv)',
  'COPY (SELECT 1) TO STDOUT',
  'SELECT 1; COPY a TO STDOUT',
  '/* first */ COPY a -- then\n FROM /* here */ STDIN',
  `COPY "a; b" FROM STDIN DELIMITER ';'`,
])('refuses %s', (sql) => {
  expect(() => refuseCopy(sql)).toThrow("can't be a statement of a playbook")
})

it.each([
  `SELECT 'COPY a FROM STDIN'`,
  `SELECT E'it\\'s; COPY a FROM STDIN'`,
  'SELECT $$; COPY a TO STDOUT$$, $b$; COPY a TO STDOUT $$ $b$',
  '-- COPY a FROM STDIN\nSELECT 1',
  '/* COPY a FROM STDIN; */ SELECT 1',
  'SELECT stdin FROM copy WHERE a = 1',
  `COPY a TO '/tmp/file'`,
  'SELECT $1; SELECT $2',
])('takes %s', (sql) => {
  expect(() => refuseCopy(sql)).not.toThrow()
})
