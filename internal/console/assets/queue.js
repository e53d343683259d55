// The queue keeps itself up to date without moving what one reads: rows change
// where they stand, those that are gone fade, new ones wait until asked for.
import { parse, live } from './page.js';

const list = (root) => root.querySelector('#queue:not([data-empty])');

function shape(row) {
  const copy = row.cloneNode(true);
  copy.classList.remove('gone');
  for (const t of copy.querySelectorAll('time, .left')) t.textContent = '';
  for (const c of copy.querySelectorAll('.used')) c.removeAttribute('stroke-dasharray');
  return copy.outerHTML;
}

function replace(old, fresh) {
  const box = old.querySelector('[name=case]');
  const focused = old.contains(document.activeElement) && (document.activeElement === box ? '[name=case]' : '.case');
  fresh.querySelector('[name=case]').checked = box.checked;
  old.replaceWith(fresh);
  if (focused) fresh.querySelector(focused).focus({ preventScroll: true });
}

// tick takes over what only time changed.
function tick(old, fresh) {
  const [a, b] = [old.querySelector('.clock'), fresh.querySelector('.clock')];
  if (a && b && a.outerHTML !== b.outerHTML) a.replaceWith(b);
  const [s, t] = [old.querySelector('time'), fresh.querySelector('time')];
  if (s && t) s.textContent = t.textContent;
}

function reconcile(page) {
  const now = new Map([...list(page)?.children ?? []].map((r) => [r.id, r]));
  const have = new Set();
  for (const row of [...list(document).children]) {
    have.add(row.id);
    const fresh = now.get(row.id);
    row.classList.toggle('gone', !fresh);
    if (!fresh) continue;
    if (shape(row) !== shape(fresh)) replace(row, document.importNode(fresh, true)); else tick(row, fresh);
  }
  return [...now.keys()].filter((id) => !have.has(id)).length;
}

// whole shows the queue as it is now, keeping what was chosen.
function whole(page) {
  const chosen = new Set([...document.querySelectorAll('[name=case]:checked')].map((b) => b.value));
  const focus = document.activeElement?.closest('.row')?.id;
  const to = page.querySelector('.queue-page');
  for (const b of to.querySelectorAll('[name=case]')) b.checked = chosen.has(b.value);
  document.querySelector('.queue-page').replaceWith(document.importNode(to, true));
  arm();
  if (focus) document.getElementById(focus)?.querySelector('.case').focus({ preventScroll: true });
  count();
}

async function refresh() {
  let page;
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' });
    if (!answer.ok || answer.redirected) return;
    page = parse(await answer.text());
  } catch {
    return; // the server is away; the stream tells when it is back
  }
  const tabs = document.getElementById('tabs');
  if (!tabs.contains(document.activeElement)) {
    tabs.replaceWith(document.importNode(page.getElementById('tabs'), true));
  }
  if (!list(document)) {
    if (list(page) && !document.querySelector('.queue-page details[open]')) whole(page);
    return;
  }
  const fresh = reconcile(page);
  const button = document.getElementById('fresh');
  button.hidden = fresh === 0;
  button.firstElementChild.textContent = fresh;
}

function count() {
  const out = document.getElementById('chosen');
  if (out) out.textContent = document.querySelectorAll('[name=case]:checked').length;
}

let timer = 0;
const soon = () => { timer ||= setTimeout(() => { timer = 0; refresh(); }, 250); };

function arm() {
  document.getElementById('fresh')?.addEventListener('click', async () => {
    const answer = await fetch(location.href, { cache: 'no-store' });
    if (answer.ok) whole(parse(await answer.text()));
    document.querySelector('.queue .case')?.focus();
  });
}

export function queue() {
  if (!document.querySelector('.queue-page')) return;
  arm();
  document.addEventListener('change', (e) => { if (e.target.name === 'case') count(); });
  count();
  live(soon);
}
