import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../prepare/root.mjs'
import { renderReference } from './render-reference'

/** `npm run reference`: the page is committed, and a test tells when it is out of date. */
writeFileSync(path.join(ROOT, 'docs/playbook-reference.md'), renderReference())
