/** The playbook that is the first thing to run: two endpoints, seven pages, seventy items. */
export const DEMO_PATH = 'tests/pagination/loop_with_pagination/loop_with_pagination'
