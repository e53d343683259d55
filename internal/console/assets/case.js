// The case page: evidence, who else is here, and what changed meanwhile.
import { live, parse, say, words } from './page.js';

// evidence ties chips to the stretches of text that show them.
function evidence() {
  const chips = [...document.querySelectorAll('[data-for]')];
  const marks = [...document.querySelectorAll('mark[data-of]')];
  const of = (m) => m.dataset.of.split(', ');
  const show = (kinds) => {
    for (const m of marks) m.classList.toggle('lit', of(m).some((k) => kinds.includes(k)));
    for (const c of chips) c.classList.toggle('lit', kinds.includes(c.dataset.for));
    document.querySelector('.talk')?.classList.toggle('focused', kinds.length > 0);
  };
  const pressed = () => chips.filter((c) => c.getAttribute('aria-pressed') === 'true').map((c) => c.dataset.for);
  for (const c of chips) {
    c.addEventListener('pointerenter', () => show([c.dataset.for]));
    c.addEventListener('focus', () => show([c.dataset.for]));
    for (const end of ['pointerleave', 'blur']) c.addEventListener(end, () => show(pressed()));
    c.addEventListener('click', () => {
      c.setAttribute('aria-pressed', c.getAttribute('aria-pressed') !== 'true');
      show(pressed());
      marks.find((m) => of(m).includes(c.dataset.for))?.scrollIntoView({ block: 'nearest' });
    });
  }
  for (const m of marks) {
    m.addEventListener('pointerenter', () => show(of(m)));
    m.addEventListener('pointerleave', () => show(pressed()));
  }
}

function busy(state) {
  return state?.touched || document.querySelector('details.menu[open], details.picker[open]') ||
    document.activeElement?.matches('input, textarea, select');
}

export function casePage(state) {
  const page = document.getElementById('case');
  if (!page) return;
  evidence();
  document.querySelector('[data-copy]')?.addEventListener('click', (e) => {
    navigator.clipboard.writeText(document.querySelector('.sent').textContent).then(() => e.target.classList.add('copied'));
  });
  const { id } = page.dataset;
  const base = `/cases/${encodeURIComponent(id)}`;
  let version = Number(page.dataset.version);
  let told = version;

  // Nothing moves while somebody writes: they are told, and look when they like.
  async function changed(to) {
    if (to <= told) return;
    told = to;
    if (!busy(state)) { version = to; location.reload(); return; }
    let what = words.changed;
    try {
      const fresh = parse(await (await fetch(location.href, { cache: 'no-store' })).text());
      const count = (d) => d.querySelectorAll('.message:not(.ours)').length;
      if (count(fresh) > count(document)) what = words.wroteAgain;
      else if (fresh.getElementById('case')?.dataset.status !== page.dataset.status) what = `${words.changed} ${fresh.querySelector('.meta span:nth-child(3)')?.textContent ?? ''}`;
    } catch { /* what changed shows when the page is loaded again */ }
    say(what, words.show, () => location.reload());
  }

  async function here() {
    let now;
    try {
      const answer = await fetch(`${base}/here`, { method: 'POST' });
      if (!answer.ok) return;
      now = await answer.json();
    } catch { return; }
    const box = document.getElementById('presence');
    const names = now.others.length ? now.others : now.holder ? [now.holder] : [];
    if ([...box.querySelectorAll('p')].map((p) => p.dataset.name).join() !== names.join()) {
      box.replaceChildren(...names.map((name) => {
        const p = document.createElement('p');
        p.dataset.name = name;
        const face = document.createElement('span');
        face.className = 'face here';
        face.ariaHidden = 'true';
        face.textContent = [...name][0]?.toUpperCase() ?? '';
        p.append(face, ` ${name} ${words.holder}`);
        return p;
      }));
    }
    page.dataset.here = '';
    if (now.version > version) changed(now.version);
  }
  if (page.dataset.status) {
    here();
    setInterval(() => { if (!document.hidden) here(); }, 30_000);
    addEventListener('pagehide', () => navigator.sendBeacon(`${base}/leave`));
  }
  let timer = 0;
  live((n) => {
    if (n.case && n.case !== id) return;
    if (n.version > version) changed(n.version);
    else timer ||= setTimeout(() => { timer = 0; here(); }, 200);
  });
}
