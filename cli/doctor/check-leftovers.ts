import { listStandIns, SYSTEM_FOLDER } from '@/server/db/embedded/stand-ins'
import type { Finding } from './finding'

/** Databases of clones that are gone: as root, they lie outside of the clone, so deleting it leaves them. */
export async function checkLeftovers(dataDir: string, parent = SYSTEM_FOLDER): Promise<Finding[]> {
  const standIns = await listStandIns(parent)
  return standIns
    .filter(({ running, of }) => !running && of !== `${dataDir}/postgres`)
    .map(({ folder, of, bytes, orphaned }): Finding => {
      const size = `${Math.ceil(bytes / 1024 ** 2).toLocaleString('en-US')} MB`
      const whose = of === null ? 'a clone that is not known' : `${of}${orphaned ? ', which is gone' : ''}`
      const remedy = `${orphaned ? 'Nothing can use it any more' : 'If you need it no more'}: rm -r ${folder} ${folder}.of`
      return { what: 'leftover', state: 'note', detail: `${folder} (${size}), the database of ${whose}`, remedy }
    })
}
