import { CodeView } from '@/components/editor/code-view'
import { FactTable } from './fact-table'
import { changedParams, type SentRequest } from './sent-request'

type Props = { request: SentRequest; before: SentRequest | null; page: number }

/** What was sent, and in what it differs from the page before. */
export function RequestTab({ request, before, page }: Props) {
  const changes = before === null ? [] : changedParams(before.url, request.url)
  return (
    <div className="flex h-full flex-col">
      <FactTable label="Address" facts={addressFacts(request)} />
      {before === null ? null : (
        <FactTable
          label={`Changed since page ${page - 1}`}
          facts={changes.map(({ name, before: old, after }): [string, string] => [
            name,
            `${old ?? '(not sent)'} → ${after ?? '(not sent)'}`,
          ])}
        />
      )}
      <FactTable label="Headers sent" facts={Object.entries(request.headers)} />
      {request.body === null ? null : (
        <div className="min-h-40 flex-1 border-t border-line">
          <CodeView label="Request body" language="json" text={request.body} />
        </div>
      )}
    </div>
  )
}

function addressFacts({ method, url }: SentRequest): [string, string][] {
  const [address = url, query = ''] = url.split('?', 2)
  return [['method', method], ['url', address], ...new URLSearchParams(query)]
}
