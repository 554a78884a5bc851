import { visibleJson } from '../escape.ts';
import type { Ending } from '../exit-code.ts';
import { PROGRAM_VERSION } from '../program-version.ts';
import type { Session } from '../session.ts';

export async function version({ options, print }: Session): Promise<Ending> {
  const { json } = options;
  print.result(json ? visibleJson({ type: 'version', v: 1, version: PROGRAM_VERSION }) : `pimsync ${PROGRAM_VERSION}`);
  return 'done';
}
