'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { webhookWithTokenSchema, type WebhookWithToken } from '@/domain/api/webhooks'
import { problemOf } from '@/components/api/problem-of'
import { requestJson } from '@/components/api/request-json'
import { Button } from '@/components/ui/button'
import { controlClass, Field } from '@/components/ui/field'
import { ProblemNote } from '@/components/ui/problem-note'

type Props = { path: string; onMade: (webhook: WebhookWithToken) => void; onClose: () => void }

/** Makes a webhook. */
export function WebhookForm({ path, onMade, onClose }: Props) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [inputs, setInputs] = useState('')
  const create = useMutation({
    mutationFn: () =>
      requestJson('/api/webhooks', webhookWithTokenSchema, {
        method: 'POST',
        body: { path, name, inputs: inputs.split(/[\s,]+/).filter(Boolean) },
      }),
    onSuccess: async (webhook) => {
      await queries.invalidateQueries({ queryKey: ['webhooks'] })
      onMade(webhook)
    },
  })
  return (
    <form
      aria-label="New webhook"
      className="mx-3 mb-4 max-w-[460px] space-y-3 rounded-md border border-line bg-panel p-3 sm:mx-5"
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate()
      }}
    >
      {create.error === null ? null : <ProblemNote problem={problemOf(create.error)} />}
      <Field id="webhook-name" label="Name" hint="Who will call it.">
        <input
          id="webhook-name"
          value={name}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
          className={controlClass()}
        />
      </Field>
      <Field
        id="webhook-inputs"
        label="Inputs that the call may set"
        hint="Names of workload keys, separated by commas. A member of the JSON with that name sets that input."
      >
        <input
          id="webhook-inputs"
          value={inputs}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setInputs(event.target.value)}
          className={`${controlClass()} font-mono`}
        />
      </Field>
      <div className="flex gap-2">
        <Button kind="primary" type="submit" disabled={name.trim() === '' || create.isPending}>
          Make the webhook
        </Button>
        <Button onClick={onClose}>Not now</Button>
      </div>
    </form>
  )
}
