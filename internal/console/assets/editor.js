// The editor keeps what is typed, on the server and until that is sure in this
// browser, and shows what the guard finds where it finds it.
import { fill, words } from './page.js';

export function editor() {
  const form = document.getElementById('editor');
  if (!form) return null;
  const page = document.getElementById('case');
  const { id, me } = page.dataset;
  const base = `/cases/${encodeURIComponent(id)}`;
  const key = `webcare-edit/${me}/${id}`;
  const status = document.getElementById('saved');
  const areas = [...form.querySelectorAll('textarea')];
  const state = { dirty: false, touched: form.dataset.saved !== '', turn: 0, busy: false };

  const body = () => new URLSearchParams(new FormData(form));
  const texts = () => Object.fromEntries(areas.map((a) => [a.name, a.value]));

  // ---- saving
  let saving = 0;
  function backup(more) {
    try {
      localStorage.setItem(key, JSON.stringify({ ...texts(), resolution: form.elements.resolution?.value ?? '', hash: form.elements.hash.value,
        version: Number(page.dataset.version), at: Date.now(), ...more }));
    } catch { /* a full or closed store: the server's copy remains */ }
  }
  async function save() {
    if (state.busy) return;
    state.busy = true;
    const turn = state.turn;
    let wait = 0;
    try {
      const answer = await fetch(`${base}/keep`, { method: 'POST', body: body() });
      if (answer.status === 401) status.textContent = words.signedOut;
      else if (!answer.ok) throw new Error(answer.status);
      else if (turn === state.turn) {
        state.dirty = false;
        localStorage.removeItem(key);
        status.textContent = `${words.saved} ${new Date().toTimeString().slice(0, 5)}`;
        status.dataset.state = 'saved';
      }
    } catch {
      status.textContent = words.unsaved;
      status.dataset.state = 'unsaved';
      wait = 2000;
    }
    state.busy = false;
    if (state.dirty) { clearTimeout(saving); saving = setTimeout(save, wait || 200); }
  }
  function typed() {
    state.dirty = state.touched = true;
    state.turn++;
    backup();
    status.dataset.state = 'typing';
    clearTimeout(saving);
    saving = setTimeout(save, 300);
  }
  function restore() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key)); } catch { /* not ours */ }
    if (!kept) return;
    const over = kept.sent && Number(page.dataset.version) > kept.version;
    if (over || kept.at <= Number(form.dataset.saved || 0)) { localStorage.removeItem(key); return; }
    for (const a of areas) if (typeof kept[a.name] === 'string') a.value = kept[a.name];
    const pick = [...form.querySelectorAll('[name=resolution]')].find((r) => r.value === kept.resolution);
    if (pick) pick.checked = true;
    form.elements.hash.value === kept.hash || (form.dataset.stale = '1');
    typed();
  }

  // ---- checking
  let checking = 0;
  let asked = 0;
  async function check() {
    const mine = ++asked;
    const sent = texts();
    let found;
    try {
      const answer = await fetch(`${base}/check`, { method: 'POST', body: body() });
      if (!answer.ok) return;
      found = await answer.json();
    } catch { return; }
    if (mine !== asked) return;
    const side = document.getElementById('side');
    const focus = side.contains(document.activeElement) ? document.activeElement.value : null;
    fill(side, found.side);
    if (focus !== null) [...side.querySelectorAll('input')].find((i) => i.value === focus)?.focus();
    fill(document.getElementById('diff'), found.diff);
    fill(document.getElementById('preview'), found.preview);
    areas.forEach((a, i) => {
      const { Used, Most } = found.room[i];
      const room = document.getElementById(`room-${a.id}`);
      room.textContent = Most ? `${Used} / ${Most}` : Used;
      room.classList.toggle('over', Most > 0 && Used > Most);
      if (sent[a.name] === a.value) paint(a, found.marks[a.name] || []);
    });
    for (const b of form.querySelectorAll('button.may')) b.hidden = !found.may;
    const propose = form.querySelector('button.propose');
    if (propose) propose.hidden = found.may;
    form.dataset.blocked = found.blocked ? '1' : '';
    form.dataset.checked = String(mine);
  }
  function paint(area, marks) {
    const mirror = area.previousElementSibling;
    const text = area.value;
    const edges = [...new Set([0, text.length, ...marks.flatMap((m) => [m.start, m.end])])].sort((a, b) => a - b);
    const out = [];
    for (let i = 1; i < edges.length; i++) {
      const part = text.slice(edges[i - 1], edges[i]);
      const over = marks.filter((m) => m.start < edges[i] && m.end > edges[i - 1]);
      if (!over.length) { out.push(part); continue; }
      const mark = document.createElement('mark');
      mark.className = over.some((m) => m.severity === 'blocking') ? 'blocking' : 'warning';
      mark.textContent = part;
      out.push(mark);
    }
    mirror.replaceChildren(...out, '\n');
  }
  function grow(area) {
    if (CSS.supports('field-sizing', 'content')) return;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight + 2}px`;
  }
  const look = (wait) => { clearTimeout(checking); checking = setTimeout(check, wait); };

  // ---- wiring
  for (const a of areas) {
    a.addEventListener('input', () => { paint(a, []); grow(a); typed(); look(250); });
    a.addEventListener('scroll', () => { a.previousElementSibling.scrollTop = a.scrollTop; });
    grow(a);
  }
  form.addEventListener('change', (e) => {
    if (e.target.name === 'resolution') {
      document.getElementById('picked').textContent = e.target.closest('label').querySelector('b').textContent.trim();
      typed();
      look(0);
    }
    if (e.target.name === 'ticked') typed();
  });
  // A finding's words lead to their place in the text.
  document.getElementById('side').addEventListener('click', (e) => {
    const quote = e.target.closest('q');
    if (!quote) return;
    for (const a of areas) {
      const at = a.value.indexOf(quote.textContent);
      if (at < 0) continue;
      a.focus();
      a.setSelectionRange(at, at + quote.textContent.length);
      return;
    }
  });
  form.addEventListener('submit', (e) => {
    const drop = e.submitter?.formAction.endsWith('/discard');
    clearTimeout(saving);
    if (drop) localStorage.removeItem(key); else if (state.touched) backup({ sent: true });
    state.dirty = false;
  });
  addEventListener('pagehide', () => { if (state.dirty) navigator.sendBeacon(`${base}/keep`, body()); });
  restore();
  look(50);
  return state;
}
