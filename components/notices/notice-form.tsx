'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { noticeSchema, type NoticeEvent } from '@/domain/api/notices'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'
import { Button } from '@/components/ui/button'
import { controlClass, Field } from '@/components/ui/field'
import { ProblemNote } from '@/components/ui/problem-note'

const EVENTS: readonly NoticeEvent[] = ['completed', 'failed', 'cancelled']

/** Makes a notice. */
export function NoticeForm({ path, onClose }: { path: string; onClose: () => void }) {
  const queries = useQueryClient()
  const [url, setUrl] = useState('')
  const [on, setOn] = useState<readonly NoticeEvent[]>(EVENTS)
  const [secret, setSecret] = useState('')
  const create = useMutation({
    mutationFn: () => {
      const body = { path, url: url.trim(), on, secret: secret === '' ? null : secret }
      return requestJson('/api/notices', noticeSchema, { method: 'POST', body })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['notices'] })
      onClose()
    },
  })
  const problem = create.error === null ? null : problemOf(create.error)
  const errorOf = (field: string) => problem?.errors.find((place) => place.path === field)?.message ?? null
  const toggle = (event: NoticeEvent, isOn: boolean) =>
    setOn(EVENTS.filter((each) => (each === event ? isOn : on.includes(each))))
  return (
    <form
      aria-label="New notice"
      className="mx-3 mb-4 max-w-[460px] space-y-3 rounded-md border border-line bg-panel p-3 sm:mx-5"
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate()
      }}
    >
      {problem === null || problem.errors.length > 0 ? null : <ProblemNote problem={problem} />}
      <Field
        id="notice-url"
        label="Address"
        error={errorOf('url')}
        hint="http or https. Write {{ secret.NAME }} for what nobody should read here."
      >
        <input
          id="notice-url"
          value={url}
          spellCheck={false}
          autoComplete="off"
          placeholder="https://"
          aria-invalid={errorOf('url') !== null}
          onChange={(event) => setUrl(event.target.value)}
          className={`${controlClass(errorOf('url') !== null)} font-mono`}
        />
      </Field>
      <fieldset>
        <legend className="pb-1 text-12 text-ink-2">When a run has</legend>
        <div className="flex flex-wrap gap-4">
          {EVENTS.map((event) => (
            <label key={event} className="inline-flex items-center gap-1.5">
              <input
                type="checkbox"
                checked={on.includes(event)}
                onChange={(change) => toggle(event, change.target.checked)}
                className="size-4 accent-accent"
              />
              {event === 'cancelled' ? 'been cancelled' : event}
            </label>
          ))}
        </div>
      </fieldset>
      <Field
        id="notice-secret"
        label="Signing secret, if the receiver checks one"
        error={errorOf('secret')}
        hint="At least 8 characters. Signs each notice with HMAC-SHA256; it is stored encrypted and never shown."
      >
        <input
          id="notice-secret"
          type="password"
          value={secret}
          autoComplete="new-password"
          onChange={(event) => setSecret(event.target.value)}
          className={controlClass(errorOf('secret') !== null)}
        />
      </Field>
      <div className="flex gap-2">
        <Button kind="primary" type="submit" disabled={url.trim() === '' || on.length === 0 || create.isPending}>
          Save the notice
        </Button>
        <Button onClick={onClose}>Not now</Button>
      </div>
    </form>
  )
}
