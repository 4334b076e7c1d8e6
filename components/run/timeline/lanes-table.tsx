import { savedPages, type ExecutionView } from '@/domain/execution/view'
import { lookOf } from '@/components/ui/status'
import { timelineRows, type ElementRow } from './timeline-rows'

/** The same facts as the lanes, as a table for those who cannot see them. */
export function LanesTable({ view }: { view: ExecutionView }) {
  const rows = timelineRows(view).filter((row): row is ElementRow => row.kind === 'element')
  return (
    <div className="sr-only">
      <table>
        <caption>Elements of this run</caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Element</th>
            <th scope="col">State</th>
            <th scope="col">Pages</th>
            <th scope="col">Items</th>
            <th scope="col">Retries</th>
            <th scope="col">Stopped because</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ step, element }) => (
            <tr key={`${step.name}:${element.index}`}>
              <td>{step.name}</td>
              <th scope="row">{element.label}</th>
              <td>{lookOf(element.status).word}</td>
              <td>{savedPages(element)}</td>
              <td>{element.items}</td>
              <td>{element.retries}</td>
              <td>{element.error?.message ?? element.stopReason ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
