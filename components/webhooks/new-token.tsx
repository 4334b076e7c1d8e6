import type { WebhookWithToken } from '@/domain/api/webhooks'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'

/** The address with its token, the one time it is shown. */
export function NewToken({ webhook, onClose }: { webhook: WebhookWithToken; onClose: () => void }) {
  const call = `curl -X POST '${webhook.url}' -H 'content-type: application/json' -d '{"hello": "world"}'`
  return (
    <div
      role="status"
      aria-label={`Address of ${webhook.name}`}
      className="mx-3 mb-4 space-y-2 rounded-md border border-accent bg-panel p-3 sm:mx-5"
    >
      <p className="font-medium">This is the address of “{webhook.name}”. It is shown this once.</p>
      <p className="rounded-md bg-sunken p-2 font-mono text-12 break-all">{webhook.url}</p>
      <p className="max-w-[72ch] text-ink-2">
        Whoever has it can start this playbook. Send an <code className="font-mono text-12">Idempotency-Key</code>{' '}
        header to have a call that is repeated start only one run.
      </p>
      <div className="flex flex-wrap gap-2">
        <CopyButton label="Copy the address" text={() => webhook.url} />
        <CopyButton label="Copy as cURL" text={() => call} />
        <Button className="ml-auto" onClick={onClose}>
          I have kept it
        </Button>
      </div>
    </div>
  )
}
