const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** What the usual expressions say, or null for the others: they speak for themselves. */
export function cronWords(cron: string): string | null {
  const [minute = '', hour = '', day, month, weekday = ''] = cron.split(' ')
  if (month !== '*') return null
  const step = /^\*\/(\d+)$/.exec(minute)?.[1]
  if (hour === '*' && day === '*' && weekday === '*') {
    if (minute === '*') return 'every minute'
    if (step !== undefined) return `every ${step} minutes`
    return isNumber(minute) ? `every hour at :${two(minute)}` : null
  }
  if (!isNumber(minute) || !isNumber(hour)) return null
  const time = `at ${two(hour)}:${two(minute)}`
  if (day === '*' && weekday === '*') return `every day ${time}`
  if (day === '*' && (weekday === '1-5' || weekday.toUpperCase() === 'MON-FRI')) return `Monday to Friday ${time}`
  if (day === '*' && /^[0-7]$/.test(weekday)) return `every ${DAYS[Number(weekday)]} ${time}`
  return isNumber(day ?? '') && weekday === '*' ? `on day ${day} of every month ${time}` : null
}

const isNumber = (text: string): boolean => /^\d+$/.test(text)
const two = (text: string): string => text.padStart(2, '0')
