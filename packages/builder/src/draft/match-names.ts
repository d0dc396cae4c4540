import { stem } from '../description/words.js'
import { plainName } from './names.js'

const synonyms = [
  'title summary name subject heading displayname label',
  'body text content description message note notes details',
  'text message body',
  'url htmlurl weburl htmllink link permalink weblink webviewlink',
  'id key uuid gid guid ts sha',
  'createdat created datecreated createtime creationdate dateadded createdtime',
  'updatedat updated dateupdated updatetime modifiedat modified lastmodified modifiedtime',
  'start starttime startdate startsat startdatetime startat from begin',
  'end endtime enddate endsat enddatetime endat until to',
  'to recipient recipients toemail',
  'attendees guests participants invitees members',
  'user userid username login assignee',
  'assignee assignees',
  'reaction name emoji',
  'repo repository reponame',
  'channel channelid conversation conversationid',
  'limit perpage pagesize maxresults count pagelimit top size',
  'cursor pagetoken after startingafter nextcursor nextpagetoken page pagenumber',
  'query q search searchterm keyword term',
  'email emailaddress mail',
  'phone phonenumber mobile',
  'state status',
  'time timestamp ts date',
  'author user creator owner sender from createdby',
].map((group) => group.split(' '))

/** How well one name stands for another, 0 to 10; 0 when it does not. */
export function nameSimilarity(asked: string, offered: string): number {
  const a = plainName(asked)
  const b = plainName(offered)
  if (a === b) return 10
  const [x, y] = [stem(a), stem(b)]
  if (x === y) return 9
  if (isNamed(a, b)) return 8
  if (synonyms.some((words) => words.includes(a) && words.includes(b))) return 6
  return containment(x, y)
}

/** `calendar` and `calendarId`, `issue` and `issueNumber`. */
function isNamed(a: string, b: string): boolean {
  return b === `${a}id` || a === `${b}id` || b === `${a}number` || b === `${a}name`
}

function containment(a: string, b: string): number {
  const [longer, shorter] = a.length > b.length ? [a, b] : [b, a]
  if (shorter.length < 2 || !(longer.endsWith(shorter) || longer.startsWith(shorter))) return 0
  return shorter.length >= 4 || shorter === 'id' ? 4 : 2
}

/** Pairs asked names with offered ones, the best pairs first, each offered one at most once. */
export function matchNames<T>(
  asked: readonly string[],
  offered: readonly T[],
  nameOf: (item: T) => string,
): Map<string, T> {
  const pairs = asked.flatMap((name) =>
    offered.map((item, order) => ({
      name,
      item,
      order,
      score: nameSimilarity(name, nameOf(item)),
    })),
  )
  const sorted = pairs
    .filter(({ score }) => score >= 4)
    .sort((a, b) => b.score - a.score || a.order - b.order)
  const found = new Map<string, T>()
  const taken = new Set<T>()
  for (const { name, item } of sorted) {
    if (found.has(name) || taken.has(item)) continue
    found.set(name, item)
    taken.add(item)
  }
  return found
}
