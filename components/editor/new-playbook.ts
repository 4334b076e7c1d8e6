/** What a new playbook starts with: one endpoint of the sample API, all its pages. */
export const NEW_PLAYBOOK = `apiVersion: noetl.io/v1
kind: Playbook
metadata:
  name: my_playbook
  path: my/playbook
  description: every page of one endpoint
workload:
  server_url: "{{ secret.PAGINATED_API_URL }}"
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    method: GET
    url: "{{ workload.server_url }}/api/v1/assessments"
    params: { page: 1, pageSize: 10 }
    paginate:
      type: page
      items: data
      stop: { has_more_path: paging.hasMore }
    next: [{ step: end }]
  - step: end
expect:
  - { name: all 35 items, that: "{{ fetch.stats.items == 35 }}" }
`
