'use client'
import { isSettled, type ExecutionView } from '@/domain/execution/view'
import { ResultsTable } from '../results/results-table'
import { EventList } from './events/event-list'
import type { LiveExecution } from './live-execution'
import { RanPlaybook } from './ran-playbook'
import { ElementRows } from './rows/element-rows'
import type { RunAddress, SetRunAddress } from './run-address'
import { Expectations } from './side/expectations'
import { Lanes } from './timeline/lanes'

type Props = {
  live: LiveExecution & { view: ExecutionView }
  now: number
  asRows: boolean
  address: RunAddress
  setAddress: SetRunAddress
}

/** The open lens on a run. */
export function RunLens({ live, now, asRows, address, setAddress }: Props) {
  const { view, snapshotSeq, recent } = live
  const events = (
    <EventList view={view} snapshotSeq={snapshotSeq} recent={recent} address={address} setAddress={setAddress} />
  )
  switch (address.lens) {
    case 'timeline':
      return asRows ? (
        <ElementRows view={view} now={now} address={address} setAddress={setAddress} />
      ) : (
        <div className="flex min-h-0 flex-1 flex-col max-sm:overflow-y-auto">
          <div className="max-h-[55%] shrink-0 overflow-y-auto border-b border-line pb-2 max-sm:max-h-none">
            <Lanes view={view} now={now} address={address} setAddress={setAddress} />
          </div>
          <div className="flex min-h-0 flex-1 max-sm:flex-none max-sm:flex-col-reverse">
            <div className="flex min-h-0 min-w-0 flex-1 flex-col max-sm:h-96 max-sm:flex-none">{events}</div>
            {view.expectations.length === 0 ? null : (
              <div className="w-[260px] shrink-0 overflow-y-auto border-l border-line px-5 py-2.5 max-sm:w-auto max-sm:border-b max-sm:border-l-0 max-sm:px-3 sm:@max-[840px]:hidden">
                <Expectations expectations={view.expectations} />
              </div>
            )}
          </div>
        </div>
      )
    case 'events':
      return events
    case 'results':
      return (
        <ResultsTable
          execution={view.executionId}
          items={view.stats.items}
          isSettled={isSettled(view.status)}
          seq={view.seq}
          address={address}
          setAddress={setAddress}
        />
      )
    case 'playbook':
      return <RanPlaybook id={view.executionId} />
  }
}
