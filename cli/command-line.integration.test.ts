import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type App, type AppPlace, makeAppPlace, removeAppPlace, startApp } from './checks/start-app'
import { ROOT } from './prepare/root.mjs'
import { type Ended, ended, start } from './testing/command'

const PLAYBOOK = 'pagination/basic'
const FILE = path.join('playbooks', `${PLAYBOOK}.yaml`)
/** A server that is none of ours: it answers everything with a page. */
let stranger: Server
let place: AppPlace
let app: App
let folder = ''

beforeAll(async () => {
  place = await makeAppPlace()
  app = await startApp(place)
  folder = path.join(place.dataDir, 'files')
  mkdirSync(folder)
  stranger = createServer((_request, response) => void response.end('<!doctype html><p>Hello'))
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
}, 300_000)

afterAll(async () => {
  stranger?.close()
  await app?.stop()
  removeAppPlace(place)
}, 60_000)

describe('a playbook', () => {
  it('runs from its file and from its path, saves its items, and ends with 0 only when every expectation held', async () => {
    const file = path.join(folder, 'items.csv')
    const ran = await cli('run', FILE, '--out', file)
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('COMPLETED in') })
    expect(ran.err).toContain(`35 items saved in ${file}`)
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(36)
    const asJson = await cli('run', PLAYBOOK, '--json', '--set', 'page_size=5')
    expect(asJson.code).toBe(1)
    expect(JSON.parse(asJson.out)).toMatchObject({
      status: 'COMPLETED',
      stats: { items: 35, pages: 7 },
      expectations: [{ passed: true }, { name: '4 pages', passed: false, actual: 7 }],
    })
    expect(`${ran.out}${ran.err}${asJson.err}`).not.toContain('\u001b')
  })

  it('is pushed, listed and pulled as it is', async () => {
    expect(await cli('push', FILE)).toMatchObject({ code: 0, out: `${PLAYBOOK} version 1 (unchanged)\n` })
    expect((await cli('list')).out).toContain(`${PLAYBOOK}  version 1`)
    const file = path.join(folder, 'new', 'basic.yaml')
    expect((await cli('pull', PLAYBOOK, '--out', file)).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(path.join(ROOT, FILE), 'utf8'))
  })

  it('that is wrong is refused once for each thing that is wrong, with its file', async () => {
    const file = path.join(folder, 'wrong.yaml')
    writeFileSync(file, 'a: [')
    const { code, err } = await cli('push', FILE, file)
    expect(code).toBe(1)
    expect(err).toContain(`${file}:1:5: Flow sequence`)
    expect(err.match(/Flow sequence/g)).toHaveLength(1)
  })
})

describe('an execution', () => {
  it('prints its events and its items, however early the reader stops', async () => {
    const id = await idOfRun()
    const events = await cli('events', id, '--follow')
    expect(events.code).toBe(0)
    expect(linesOf(events.out).map((line) => JSON.parse(line).seq)).toEqual(linesOf(events.out).map((_, at) => at + 1))
    expect(linesOf((await cli('results', id)).out)).toHaveLength(35)
    for (const command of [`events ${id}`, `results ${id}`, `events ${id} --follow`, 'list']) {
      const { code, err } = await shell(`${command} | true`)
      expect([command, code, err]).toEqual([command, 0, ''])
    }
  })

  it('tells what a retry of it would send, and that other inputs may change that', async () => {
    const id = await idOfRun()
    const sends = `A retry of execution ${id} would be: 1 element, at least 1 request, 0 pages kept.\n`
    expect(await cli('retry', id, '--all', '--preview')).toEqual({ code: 0, out: sends, err: '' })
    const edited = await cli('retry', id, '--all', '--set', 'page_size=5', '--preview')
    expect(edited.out).toBe(`The counts are those of the run before; with other inputs they may differ.\n${sends}`)
    expect((await cli('retry', id)).err).toBe(`Nothing failed in execution ${id}, so there is nothing to retry.\n`)
  })

  it('that does not begin is told of with what keeps it', async () => {
    const { worker } = JSON.parse(readFileSync(path.join(app.dataDir, 'processes.json'), 'utf8'))
    process.kill(worker.pid, 'SIGSTOP')
    const child = start(process.execPath, ['cli/bootstrap.mjs', 'run', PLAYBOOK, '--server', app.url])
    child.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Nothing happens yet.')) process.kill(worker.pid, 'SIGCONT')
    })
    const { code, err } = await ended(child)
    expect(err).toMatch(/Nothing happens yet\. .*worker on .* was last seen/)
    expect(code).toBe(0)
  })

  it('goes on when the command that shows it is interrupted, and says how to see and to end it', async () => {
    const { code, err } = await interrupted('run', PLAYBOOK, '--set', 'page_size=1')
    const id = /Execution (\d+)/.exec(err)?.[1] ?? ''
    expect(code).toBe(130)
    expect(err).toContain(`npx pageturner events ${id} --follow`)
    expect(err).toContain(`npx pageturner cancel ${id}`)
    expect(await cli('pause', id)).toMatchObject({ code: 0, out: expect.stringContaining('is paused') })
    expect(await cli('pause', id)).toMatchObject({ code: 1, err: `Execution ${id} is paused already.\n` })
    expect(await cli('resume', id)).toMatchObject({ code: 0, out: `Execution ${id} goes on.\n` })
    expect(await cli('cancel', id)).toMatchObject({ code: 0 })
    expect(await cli('cancel', id)).toMatchObject({ code: 1, err: expect.stringContaining('has ended already') })
    expect((await cli('retry', id, '--preview')).out).toMatch(/1 element, at least 1 request, \d+ pages? kept/)
  }, 120_000)
})

it.each([
  [['validate', 'nowhere.yaml'], 'There is no file nowhere.yaml.'],
  [['validate', 'playbooks'], 'playbooks is a folder.'],
  [['push', 'nowhere.yaml'], 'There is no file nowhere.yaml.'],
  [['push', 'playbooks'], 'playbooks is a folder.'],
  [['run', 'nowhere.yaml'], 'There is no file nowhere.yaml.'],
  [['run', 'playbooks'], 'No playbook "playbooks" is registered.'],
  [['run', 'playbooks/'], '"playbooks/" is no path of a playbook'],
  [['detect', 'nowhere.yaml', 'fetch'], 'There is no file nowhere.yaml.'],
  [['detect', FILE, 'fetch_assessments', '--element', 'x'], '"x" is not the index of an element.'],
  [['pull', PLAYBOOK, '--playbook-version', 'x'], '"x" is not the number of a version.'],
  [['pull', PLAYBOOK, '--out', 'playbooks'], 'playbooks is a folder.'],
  [['schedules', 'add', PLAYBOOK, '@daily', '--playbook-version', 'x'], '"x" is not the number of a version.'],
  [['events', '1?x=1'], '"1?x=1" is no id'],
  [['events', '..', '--follow'], '".." is no id'],
  [['results', '1#x'], '"1#x" is no id'],
  [['cancel', '../1'], '"../1" is no id'],
  [['retry', '%'], '"%" is no id'],
  [['schedules', 'run', 'a/b'], '"a/b" is no id'],
  [['webhooks', 'remove', 'x'], '"x" is no id'],
  [['pull', '../executions'], '"../executions" is no path of a playbook'],
  [['pull', `${PLAYBOOK}?version=1`], 'is no path of a playbook'],
  [['retention', 'a#b'], '"a#b" is no path of a playbook'],
  [['run', 'a b'], '"a b" is no path of a playbook'],
  [['retry', '1', '--now', '--preview'], '--now ends waits'],
  [['results', '1', '--out', 'nowhere/x.csv'], 'There is no folder nowhere'],
  [['results', '999999', '--out', 'x.csv'], 'There is no execution 999999.'],
])('%j is refused with a sentence', async (args, sentence) => {
  const { code, out, err } = await cli(...args)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toContain(sentence)
  expect(err).not.toMatch(/^\s+at /m)
  expect(linesOf(err).length).toBeLessThan(4)
})

it('refuses a file that it could not save before the run starts', async () => {
  const before = await newestExecution()
  for (const [file, sentence] of [
    ['nowhere/x.csv', 'There is no folder nowhere'],
    [path.join(FILE, 'x.csv'), 'is no folder'],
    [mkdirOf('x.csv'), 'is a folder'],
  ] as const) {
    const { code, out, err } = await cli('run', PLAYBOOK, '--out', file)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(sentence)
  }
  expect(await newestExecution()).toBe(before)
})

it.each([
  ['localhost:8420', 'Write it with http:// or https://'],
  ['nonsense', 'Write it with http:// or https://'],
  ['ftp://localhost', 'Write it with http:// or https://'],
  ['http://localhost:8420/runs', 'without a path'],
  ['http://me:secret@localhost', 'without a name and a password'],
  ['http://127.0.0.1:1', 'No Pageturner answers at http://127.0.0.1:1'],
])('says what is wrong with --server %s', async (server, sentence) => {
  for (const command of ['list', 'schedules list', `run ${PLAYBOOK}`, 'events 1 --follow']) {
    const { code, err } = await cliAt(server, ...command.split(' '))
    expect(code).toBe(1)
    expect(err).toContain(sentence)
    expect(err).not.toMatch(/^\s+at |secret/m)
  }
})

it('says that another server is none of ours', async () => {
  const { port } = stranger.address() as AddressInfo
  for (const command of ['list', 'events 1']) {
    const { code, err } = await cliAt(`http://127.0.0.1:${port}`, ...command.split(' '))
    expect([code, linesOf(err).length]).toEqual([1, 2])
    expect(err).toContain('an answer that this command does not understand')
  }
})

it('says so on standard error where a list is empty', async () => {
  expect(await cli('webhooks', 'list')).toEqual({ code: 0, out: '', err: 'There is no webhook.\n' })
  expect(await cli('schedules', 'list', PLAYBOOK)).toEqual({
    code: 0,
    out: '',
    err: `There is no schedule of ${PLAYBOOK}.\n`,
  })
})

it('tells of secrets without a value where a server answers, and checks the text alone where none does', async () => {
  const file = path.join(folder, 'secrets.yaml')
  const text = readFileSync(path.join(ROOT, FILE), 'utf8')
  writeFileSync(file, text.replace('secret.PAGINATED_API_URL', 'secret.PAGINATED_API_URI'))
  const asked = await cli('validate', file)
  expect(asked).toMatchObject({
    code: 0,
    out: expect.stringMatching(/:\d+:\d+: warning: `secret` has no `PAGINATED_API_URI` \(Did you mean/),
    err: '1 valid\n',
  })
  const alone = await ended(start(process.execPath, ['cli/bootstrap.mjs', 'validate', file]))
  expect({ code: alone.code, err: alone.err }).toEqual({ code: 0, err: '1 valid\n' })
  expect(await cliAt('http://127.0.0.1:1', 'validate', file)).toMatchObject({ code: 1, out: '' })
})

it('changes a schedule as the screen does: what is named, and nothing else', async () => {
  const added = await cli('schedules', 'add', PLAYBOOK, '@daily', '--zone', 'Europe/Berlin', '--set', 'page_size=5')
  expect(added).toMatchObject({
    code: 0,
    out: expect.stringMatching(/newest version · missed times are left out · no overlap · 1 input set\n$/),
  })
  const [id = ''] = added.out.split(' ')
  const change = async (...args: string[]) => cli('schedules', 'change', id, ...args)
  const changed = await change('--overlap', 'allow', '--missed', 'run_once', '--playbook-version', '1', '--set', 'a=1')
  expect(changed).toMatchObject({
    code: 0,
    out: expect.stringMatching(
      / {2}0 0 \* \* \* {2}Europe\/Berlin .*version 1 · one run for missed times · runs may overlap · 2 inputs set\n$/,
    ),
  })
  expect((await change('--newest', '--cron', '30 2 * * *', '--zone', 'UTC')).out).toMatch(
    / {2}30 2 \* \* \* {2}UTC {2}next .* 02:30 .*newest version · one run for missed times · runs may overlap · 2 inputs/,
  )
  expect(await change('--cron', '* *')).toMatchObject({ code: 1, out: '' })
  expect(await change()).toMatchObject({ code: 1, err: expect.stringContaining('Say what to change') })
  expect((await cli('schedules', 'remove', id)).code).toBe(0)
})

it('is told by the server that an address can not be read', async () => {
  for (const address of ['/api/executions/%/events', '/runs/%ff']) {
    const answer = await fetch(`${app.url}${address}`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
    expect(await answer.json()).toMatchObject({ code: 'bad_request', detail: expect.stringContaining('%25') })
  }
  expect((await fetch(`${app.url}/api/executions?path=%`)).status).toBe(422)
})

it('leaves no part of a file behind when the answer breaks off', async () => {
  const broken = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('half')
    setTimeout(() => response.destroy(), 50)
  })
  await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve))
  const { port } = broken.address() as AddressInfo
  const { code, err } = await cliAt(`http://127.0.0.1:${port}`, 'results', '1', '--out', path.join(folder, 'half.csv'))
  broken.close()
  expect(code).toBe(1)
  expect(err).toContain('broke off')
  expect(readdirSync(folder).filter((name) => name.startsWith('half'))).toEqual([])
})

const cli = (...args: string[]): Promise<Ended> => cliAt(app.url, ...args)

const cliAt = (server: string, ...args: string[]): Promise<Ended> =>
  ended(start(process.execPath, ['cli/bootstrap.mjs', ...args, '--server', server]))

/** `command` is a command of ours, which a pipe may follow. */
const shell = (command: string): Promise<Ended> => {
  const [ours = '', ...piped] = command.split(' |')
  const line = [`"${process.execPath}" cli/bootstrap.mjs ${ours} --server ${app.url}`, ...piped].join(' |')
  return ended(start('sh', ['-c', line]))
}

/** Ctrl-C, once the run has begun. */
function interrupted(...args: string[]): Promise<Ended> {
  const child = start(process.execPath, ['cli/bootstrap.mjs', ...args, '--server', app.url])
  child.stderr?.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('Execution')) child.kill('SIGINT')
  })
  return ended(child)
}

async function idOfRun(): Promise<string> {
  return JSON.parse((await cli('run', PLAYBOOK, '--json')).out).execution_id
}

async function newestExecution(): Promise<string> {
  const answer = await fetch(`${app.url}/api/executions?limit=1`)
  return (await answer.json()).items[0]?.execution_id
}

function mkdirOf(name: string): string {
  const made = path.join(folder, name)
  if (!existsSync(made)) mkdirSync(made)
  return made
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')
