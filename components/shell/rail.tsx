'use client'
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { IconButton } from '@/components/ui/icon-button'
import { Mark } from './mark'
import { isCurrent, PLACES } from './places'
import { ShortcutSheet } from './shortcut-sheet'
import { ThemeSwitch } from './theme-switch'
import { useRailWidth } from './use-rail-width'

/** The way around, left of everything; on a phone it is the bar at the bottom. */
export function Rail() {
  const pathname = usePathname()
  const { isNarrow, toggle } = useRailWidth()
  const words = isNarrow ? 'sr-only' : ''
  return (
    <nav
      aria-label="Main"
      className={`flex shrink-0 border-line bg-paper max-sm:order-last max-sm:h-14 max-sm:items-stretch max-sm:border-t max-sm:pb-[env(safe-area-inset-bottom)] sm:flex-col sm:border-r ${isNarrow ? 'sm:w-13' : 'sm:w-48'}`}
    >
      <Link href="/" className="flex h-12 items-center gap-2.5 px-4 text-14 font-semibold tracking-tight max-sm:hidden">
        <Mark />
        <span className={words}>Pageturner</span>
      </Link>
      <ul className="flex gap-0.5 max-sm:flex-1 max-sm:justify-around sm:flex-col sm:px-2 sm:pt-1">
        {PLACES.map((place) => (
          <li key={place.href} className="max-sm:flex-1">
            <Link
              href={place.href}
              aria-current={isCurrent(place, pathname) ? 'page' : undefined}
              title={isNarrow ? place.label : undefined}
              className="flex items-center gap-2.5 rounded-md text-ink-2 transition-colors hover:bg-ink/5 hover:text-ink aria-[current]:text-ink max-sm:h-full max-sm:flex-col max-sm:justify-center max-sm:gap-0.5 max-sm:text-12 sm:h-8 sm:px-2.5 sm:aria-[current]:bg-ink/7 sm:aria-[current]:font-medium"
            >
              <place.icon aria-hidden size={16} strokeWidth={1.75} className="shrink-0" />
              <span className={isNarrow ? 'sm:sr-only' : ''}>{place.label}</span>
            </Link>
          </li>
        ))}
        <li className="flex flex-1 items-center justify-center sm:hidden">
          <ThemeSwitch />
        </li>
      </ul>
      <div
        className={`mt-auto flex gap-0.5 p-2.5 max-sm:hidden ${isNarrow ? 'flex-col items-center' : 'items-center'}`}
      >
        <ThemeSwitch />
        <ShortcutSheet />
        <IconButton
          label={isNarrow ? 'Widen the rail' : 'Narrow the rail'}
          onClick={toggle}
          className={isNarrow ? '' : 'ml-auto'}
        >
          {isNarrow ? <PanelLeftOpen size={15} /> : <PanelLeftClose size={15} />}
        </IconButton>
      </div>
    </nav>
  )
}
