export interface HarborContact {
  contact_id: number
  full_name: string
  email?: string | null
  phones: { kind: 'work' | 'home'; number: string }[]
  labels?: string[]
  modified: string
}

export interface HarborPage<T> {
  items: T[]
  paging?: { next?: string }
}
