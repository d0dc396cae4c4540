import * as z from 'zod'

export const Contact = z.object({
  id: z.string(),
  email: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  phone: z.string().nullable(),
  company: z.string().nullable(),
  updatedAt: z.string(),
})

const text = z.string().nullish()

/** A contact as the API shows it, with the properties that are asked for. */
export const ListedContact = z.object({
  id: z.string(),
  properties: z.object({
    email: text,
    firstname: text,
    lastname: text,
    phone: text,
    company: text,
    createdate: z.string(),
    lastmodifieddate: z.string(),
  }),
})

export const properties = ['email', 'firstname', 'lastname', 'phone', 'company']

export function contactOf(listed: z.infer<typeof ListedContact>): z.infer<typeof Contact> {
  const { email, firstname, lastname, phone, company, lastmodifieddate } = listed.properties
  return {
    id: listed.id,
    email: email ?? null,
    firstName: firstname ?? null,
    lastName: lastname ?? null,
    phone: phone ?? null,
    company: company ?? null,
    updatedAt: lastmodifieddate,
  }
}
