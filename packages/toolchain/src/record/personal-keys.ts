/** What the name of a field says about its value. `text` says nothing. */
export type FieldKind =
  | 'name'
  | 'handle'
  | 'phone'
  | 'address'
  | 'postcode'
  | 'birth-date'
  | 'avatar'
  | 'secret'
  | 'number'
  | 'id'
  | 'enum'
  | 'company'
  | 'text'

export type Field = {
  readonly key: string
  /** The nearest named field around it, list or object; the last word of an endpoint at the top. */
  readonly parent: string
  /** Names of the fields beside it. */
  readonly siblings: readonly string[]
}

const listed = (words: string) => new Set(words.split(/\s+/))

const certainNames = listed(`firstname lastname givenname familyname middlename surname forename
  fullname realname legalname maidenname preferredname nickname nick fname lname mname
  cardholder cardholdername accountholder holdername emergencycontact fathername mothername
  firstnamelastname contactname authorname ownername sendername recipientname customername
  employeename assigneename reportername creatorname managername signername guestname
  patientname studentname candidatename billingname shippingname personname membername attendeename
  requestername approvername leadname agentname drivername passengername buyername sellername`)
const handles = listed(
  'login username handle screenname userlogin accountname loginname twitterhandle',
)
const phones =
  listed(`phone phonenumber phones mobile mobilephone mobilenumber tel telephone fax faxnumber cell
  cellphone msisdn whatsapp homephone workphone officephone businessphone contactphone phone1 phone2 smsnumber
  callerid callernumber fromnumber tonumber directdial`)
const addresses =
  listed(`street street1 street2 streetaddress streetline1 streetline2 address address1 address2
  addressline addressline1 addressline2 line1 line2 formattedaddress fulladdress homeaddress mailingaddress
  billingaddress shippingaddress streetname housenumber postaladdress`)
const postcodes = listed('zip zipcode postcode postalcode plz')
const births = listed('dob birthdate birthday dateofbirth birth birthyear bornon')
const avatars =
  listed(`avatar avatarurl avatarurls picture pictureurl profilepicture profileimage profileimageurl photo
  photourl photos headshot gravatar gravatarid profilephoto userimage imageoriginal image24 image32 image48 image72
  image192 image512 image1024 avatarhash thumbnailphotourl`)
const numbers =
  listed(`ssn socialsecuritynumber nationalid nationalidnumber passport passportnumber taxid driverlicense
  driverslicense cardnumber creditcard creditcardnumber pan iban accountnumber bankaccount bankaccountnumber
  routingnumber cvv cvc nino sin vatnumber socialinsurancenumber`)
const secrets =
  listed(`accesstoken refreshtoken idtoken apikey apisecret secret clientsecret password passwd authtoken
  sessiontoken privatekey signingsecret webhooksecret bearertoken sharedsecret authenticitytoken`)
const ids =
  /^(.*(id|ids|uuid|guid|gid|sku|sha|hash|etag|cursor|slug|ref|checksum|digest|oid|urn|ari|arn)|key|node|pagetoken|nextpagetoken|next|token)$/
const enums =
  listed(`status state type kind role roles category priority severity currency locale language lang timezone tz
  event action object resource scope scopes method format gender country countrycode plan tier color colour mimetype
  contenttype encoding visibility permission permissions mode level stage reason code unit resourcetype objecttype
  subtype version apiversion model provider platform protocol channeltype usertype accounttype recordtype createdat
  updatedat timestamp date time`)
const companies =
  listed(`company companyname organization organisation organizationname org employer brand vendor
  merchant product repository repo project team workspace channel department division app application bank bankname
  business businessname agency institution school university supplier deal pipeline board list folder file files
  issue milestone labels tag tags group groups site calendar campaign form queue`)
const people =
  listed(`user users owner owners author authors assignee assignees contact contacts customer customers lead
  leads person persons people member members employee employees creator reporter sender recipient recipients
  attendee attendees participant participants candidate candidates patient patients student students guest guests
  host organizer manager profile profiles me createdby updatedby modifiedby lastmodifiedby requestedby approvedby
  invitee invitees collaborator collaborators subscriber subscribers client clients teacher teachers applicant
  applicants agent agents requester requesters submitter commenter from to cc bcc actor driver passenger
  beneficiary holder individual individuals worker workers human assignedto completedby caller interviewer
  accountmanager supervisor friend friends spouse child parent signer signers watcher watchers reviewer reviewers
  committer voter respondent`)
const besidePersons =
  listed(`email emails emailaddress mail firstname lastname givenname familyname phone phonenumber mobile
  login username birthdate dateofbirth avatarurl jobtitle realname displayname initials`)

/** Judges a field by its name, what stands around it and beside it. */
export function fieldKind(field: Field): FieldKind {
  const key = squeeze(field.key)
  const exact = tables.find(([names]) => names.has(key))
  if (exact) return exact[1]
  if (key === 'name' || key === 'displayname') return openName(field)
  if (people.has(key)) return 'name'
  if (ids.test(key)) return 'id'
  if (enums.has(key)) return 'enum'
  return companies.has(key) ? 'company' : endingKind(key)
}

const tables: readonly (readonly [ReadonlySet<string>, FieldKind])[] = [
  [certainNames, 'name'],
  [handles, 'handle'],
  [phones, 'phone'],
  [addresses, 'address'],
  [postcodes, 'postcode'],
  [births, 'birth-date'],
  [avatars, 'avatar'],
  [secrets, 'secret'],
  [numbers, 'number'],
]

/** `name` alone may be anybody's or anything's. */
function openName({ key, parent, siblings }: Field): FieldKind {
  const around = squeeze(parent)
  if (people.has(around) || [...people].some((word) => word.length > 4 && around.endsWith(word)))
    return 'name'
  const beside = siblings.map(squeeze)
  if (beside.some((name) => besidePersons.has(name) && name !== squeeze(key))) return 'name'
  if (companies.has(around)) return 'company'
  return squeeze(key) === 'displayname' ? 'name' : 'text'
}

function endingKind(key: string): FieldKind {
  if (/(first|last|given|family|middle|full|real|display)name$/.test(key)) return 'name'
  if (/(phone|mobile|phonenumber|telephone)$/.test(key)) return 'phone'
  if (/(password|apikey|accesstoken|clientsecret)$/.test(key)) return 'secret'
  if (/(birthdate|dateofbirth|birthday)$/.test(key)) return 'birth-date'
  if (/(avatar|avatarurl|photourl|profileimage|profilepicture|pictureurl)$/.test(key))
    return 'avatar'
  if (/(streetaddress|addressline\d?|street\d?)$/.test(key)) return 'address'
  if (/(zipcode|postalcode|postcode)$/.test(key)) return 'postcode'
  if (/(status|type|state)$/.test(key)) return 'enum'
  return 'text'
}

function squeeze(key: string): string {
  return key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}
