import type { HarborContact } from '../types.js'

/** Chooses the number to show: the work number first. */
export class PhoneBook {
  readonly #numbers: readonly HarborContact['phones'][number][]

  constructor(contact: Pick<HarborContact, 'phones'>) {
    this.#numbers = contact.phones
  }

  get preferred(): string | undefined {
    const work = this.#numbers.find((one) => one.kind === 'work')
    return (work ?? this.#numbers[0])?.number
  }
}
