'use client'
import { Keyboard } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Dialog } from 'radix-ui'
import { useRef, useState } from 'react'
import { DialogPanel } from '@/components/ui/dialog-panel'
import { IconButton } from '@/components/ui/icon-button'
import { useKeys } from '@/components/ui/use-keys'
import { PLACES } from './places'

const SHORTCUTS: readonly [group: string, rows: readonly [keys: string, does: string][]][] = [
  [
    'Everywhere',
    [
      ['g h', 'go home'],
      ['g p', 'go to playbooks'],
      ['g r', 'go to runs'],
      ['/', 'filter what is listed'],
      ['?', 'this sheet'],
    ],
  ],
  [
    'A run',
    [
      ['j  k', 'next, previous element'],
      ['h  l', 'previous, next page'],
      ['[  ]', 'previous, next failed element'],
      ['enter', 'inspect the page'],
      ['esc', 'close the inspector'],
    ],
  ],
  [
    'The editor',
    [
      ['⌘ enter', 'run exactly what is shown'],
      ['⌘ s', 'save a version'],
    ],
  ],
]

/** The list of shortcuts, behind "?"; and the ones that work everywhere. */
export function ShortcutSheet() {
  const [isOpen, setOpen] = useState(false)
  const router = useRouter()
  const leader = useRef(-Infinity)
  const goTo = (key: string) => (event: KeyboardEvent) => {
    if (event.timeStamp - leader.current > 1200) return false
    const place = PLACES.find((candidate) => candidate.key === key)
    leader.current = -Infinity
    if (place !== undefined) router.push(place.href)
    return
  }
  useKeys({
    '?': () => setOpen(true),
    '/': () => document.querySelector<HTMLInputElement>('[data-find]')?.focus(),
    g: (event) => {
      leader.current = event.timeStamp
    },
    h: goTo('h'),
    p: goTo('p'),
    r: goTo('r'),
  })
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <IconButton label="Keyboard shortcuts">
          <Keyboard size={15} />
        </IconButton>
      </Dialog.Trigger>
      <DialogPanel>
        <Dialog.Title className="pb-3 text-16 font-semibold">Keyboard shortcuts</Dialog.Title>
        {SHORTCUTS.map(([group, rows]) => (
          <section key={group} className="pb-3">
            <h3 className="pb-1 text-12 text-ink-3">{group}</h3>
            <dl className="grid grid-cols-[92px_1fr] gap-y-1">
              {rows.map(([keys, does]) => (
                <div key={keys} className="contents">
                  <dt>
                    <kbd className="rounded-sm border border-line bg-sunken px-1.5 py-px font-mono text-12">{keys}</kbd>
                  </dt>
                  <dd className="text-ink-2">{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </DialogPanel>
    </Dialog.Root>
  )
}
