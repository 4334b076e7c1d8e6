import { z } from 'zod'
import type { Json, JsonObject } from '../json'
import { isObject } from '../pagination/item-path'
import { restoreMemory } from '../pagination/loop-guard'
import type { RequestPatch } from '../pagination/request-draft'
import { STOP_REASONS, WARNING_KINDS } from '../pagination/stop-reason'
import { isSecretText, joinText, secretText } from '../playbook/template/secret-text'
import type { AutoProgress } from './auto-progress'
import type { ElementState, OpenPage, RunningState } from './element-state'
import { errorFactsSchema } from './events'

const openPageSchema = z.object({
  page: z.number(),
  attempt: z.number(),
  failures: z.number(),
  token: z.union([z.number(), z.string(), z.null()]),
  patch: z.unknown(),
  room: z.number().nullable().default(null),
  retryAt: z.string().nullable(),
  waitedMs: z.number().nullable().default(null),
  afterSkip: z.boolean(),
})

const checkpointSchema = z.object({
  status: z.enum(['running', 'completed', 'failed']),
  progress: z.object({
    pages: z.number(),
    items: z.number(),
    received: z.number(),
    duplicates: z.number(),
    retries: z.number(),
    bytes: z.number(),
    total: z.number().nullable(),
    totalPages: z.number().nullable().default(null),
    hasMore: z.boolean().nullable().default(null),
    firstPageItems: z.number().nullable(),
    lastPage: z.object({ page: z.number(), items: z.number() }).nullable().default(null),
    emptyInARow: z.number().default(0),
    staleInARow: z.number().default(0),
    guessedPath: z.array(z.string()).nullable(),
    warnings: z.array(
      z.object({ kind: z.enum(WARNING_KINDS), message: z.string(), page: z.number(), count: z.number() }),
    ),
  }),
  open: z.array(openPageSchema).default([]),
  ahead: z
    .object({
      next: z.number(),
      last: z.number(),
      pageSize: z.number(),
      gaps: z.array(z.object({ token: z.number(), room: z.number() })).default([]),
      filled: z.number().default(0),
      end: z
        .object({
          token: z.number(),
          hasMore: z.boolean().nullable(),
          isEmpty: z.boolean(),
          items: z.number().nullable().default(null),
        })
        .nullable()
        .default(null),
      longest: z.number().default(0),
      stopReason: z.enum(STOP_REASONS).exactOptional(),
    })
    .nullable()
    .default(null),
  auto: z.unknown().default(null),
  stopReason: z.enum(STOP_REASONS).optional(),
  error: errorFactsSchema.optional(),
})

/** What is stored after each page: its size doesn't grow with the pages, and it holds names of secrets, never values. */
export function toCheckpoint(state: ElementState): JsonObject {
  const progress: JsonObject = {
    ...state.progress,
    guessedPath: state.progress.guessedPath === null ? null : [...state.progress.guessedPath],
    lastPage: state.progress.lastPage && { ...state.progress.lastPage },
    warnings: state.progress.warnings.map((warning) => ({ ...warning })),
  }
  switch (state.status) {
    case 'running':
      return {
        status: state.status,
        progress,
        open: state.open.map(writeOpenPage),
        ahead: writeAhead(state.ahead),
        auto: pack(state.auto),
      }
    case 'completed':
      return { status: state.status, progress, stopReason: state.stopReason }
    case 'failed':
      return {
        status: state.status,
        progress,
        open: state.open.map(writeOpenPage),
        ahead: writeAhead(state.ahead),
        auto: pack(state.auto),
        error: pack(state.error),
      }
  }
}

/** The state a checkpoint was made of; `fingerprints` are those of all saved pages. Throws ZodError for what isn't a checkpoint. */
export function fromCheckpoint(checkpoint: JsonObject, fingerprints: readonly string[]): ElementState {
  const { status, progress, open, ahead, stopReason, error, auto: stored } = checkpointSchema.parse(checkpoint)
  const auto = unpack(stored) as AutoProgress | null
  const common = { progress, seen: restoreMemory(fingerprints) }
  if (status === 'completed' && stopReason !== undefined) return { status, ...common, stopReason }
  if (status === 'failed' && error !== undefined)
    return { status, ...common, open: open.map(readOpenPage), ahead, auto, error }
  return { status: 'running', ...common, open: open.map(readOpenPage), ahead, auto }
}

const writeAhead = (ahead: RunningState['ahead']): JsonObject | null =>
  ahead && { ...ahead, end: ahead.end && { ...ahead.end }, gaps: ahead.gaps.map((gap) => ({ ...gap })) }

const writeOpenPage = (open: OpenPage): JsonObject => ({
  page: open.page,
  attempt: open.attempt,
  failures: open.failures,
  token: open.token,
  patch: pack(open.patch),
  room: open.room,
  retryAt: open.retryAt === null ? null : open.retryAt.toISOString(),
  waitedMs: open.waitedMs,
  afterSkip: open.afterSkip,
})

const readOpenPage = (stored: z.infer<typeof openPageSchema>): OpenPage => ({
  ...stored,
  // The checkpoint is our own writing, and pack and unpack undo each other.
  patch: unpack(stored.patch) as RequestPatch,
  retryAt: stored.retryAt === null ? null : new Date(stored.retryAt),
})

/** NUL, and half a surrogate pair. */
const REFUSED = /\0|\p{Surrogate}/u

/** Secrets, big integers and texts that jsonb would refuse as tagged objects; an object that looks like one of the tags is tagged itself. */
function pack(value: unknown): Json {
  if (typeof value === 'bigint') return { $big: String(value) }
  if (isSecretText(value))
    return { $secret: value.parts.map((part) => (typeof part === 'string' ? part : { name: part.secret })) }
  if (Array.isArray(value)) return value.map(pack)
  if (typeof value === 'string') return REFUSED.test(value) ? { $text: JSON.stringify(value) } : value
  if (!isObject(value)) return typeof value === 'number' || typeof value === 'boolean' ? value : null
  const packed = Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === undefined ? [] : [[key, pack(member)]])),
  )
  return Object.keys(value).some((key) => key.startsWith('$')) ? { $object: packed } : packed
}

function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack)
  if (!isObject(value)) return value
  if (typeof value['$big'] === 'string') return BigInt(value['$big'])
  if (typeof value['$text'] === 'string') return JSON.parse(value['$text'])
  if (Array.isArray(value['$secret'])) return joinText(value['$secret'].map(unpackPart))
  const members = isObject(value['$object']) ? value['$object'] : value
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, unpack(member)]))
}

const unpackPart = (part: unknown): ReturnType<typeof joinText> =>
  isObject(part) ? secretText(String(part['name'])) : String(part)
