'use client'
import { Moon, Sun } from 'lucide-react'
import { useTheme } from 'next-themes'
import { IconButton } from '@/components/ui/icon-button'

/** Dark or light; until somebody chooses it follows the system. Both icons are there, so the server needs no theme. */
export function ThemeSwitch() {
  const { resolvedTheme, setTheme } = useTheme()
  return (
    <IconButton
      label="Switch between light and dark"
      onClick={() => setTheme(resolvedTheme === 'dark' ? 'light' : 'dark')}
    >
      <Sun size={15} className="hidden in-data-[theme=dark]:block" />
      <Moon size={15} className="in-data-[theme=dark]:hidden" />
    </IconButton>
  )
}
