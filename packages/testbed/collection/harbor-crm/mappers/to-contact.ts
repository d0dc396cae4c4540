import { PhoneBook } from '../helpers/phone-book.js'
import type { Contact } from '../models.js'
import type { HarborContact } from '../types.js'

export function toContact(raw: HarborContact): Contact {
  const phone = new PhoneBook(raw).preferred
  return {
    id: String(raw.contact_id),
    name: raw.full_name,
    email: raw.email ?? null,
    ...(phone !== undefined && { phone }),
    tags: raw.labels ?? [],
    updatedAt: raw.modified,
  }
}
